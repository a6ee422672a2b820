import type { WorkUnitId } from '@reckon/protocol/base/ids';
import type { Millis } from '@reckon/protocol/base/units';
import type { SeededRandom } from '@reckon/protocol/testing/seeded-random';
import type { Gang } from './gang.ts';

/** What a node sees when it starts a leased unit: its lease, what it was told, and what its accomplices told it. */
export interface Sight {
  readonly workUnitId: WorkUnitId;
  readonly leaseMs: Millis;
  /** Results it brought, and verdicts it was sent for them. */
  readonly brought: number;
  readonly agreed: number;
  readonly gang: Gang;
  readonly random: SeededRandom;
  /** Whether the unit's result stands open in the public log. */
  readonly isOpen: boolean;
  /** Whether anybody computed it before. Who watches a job's cells can tell; only the `informed` strategies do. */
  readonly computedBefore: boolean;
}

export interface Deed {
  /** Share of the result's chunks that are forged; a right result without it. */
  readonly forge?: number;
  /** How many times as long as computing it takes. */
  readonly slow?: number;
  /** The result is sealed and never shown. */
  readonly hide?: true;
}

/** How a node that is not honest behaves. Small files in `strategies/`, by name. */
export interface Strategy {
  readonly name: string;
  /** What it does, in one line. */
  readonly about: string;
  /** Who bring the same wrong results and confirm each other's: nobody, two and two, or all. */
  readonly gang: 'alone' | 'pair' | 'all';
  /** Comes back at once under a fresh key when it is caught. */
  readonly returns?: true;
  compute(sight: Sight): Deed;
  /** As a checker: what it says of chunks. `confirm` repeats an accomplice's forgery and is honest elsewhere. */
  readonly check: 'honest' | 'confirm' | 'accuse' | 'never';
}
