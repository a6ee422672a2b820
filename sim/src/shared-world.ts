import type { NodeId, WorkUnitId } from '@reckon/protocol/base/ids';
import type { Millis } from '@reckon/protocol/base/units';
import type { SeededRandom } from '@reckon/protocol/testing/seeded-random';
import type { Driver } from '@reckon/protocol/testing/shard-driver';
import type { RelayMessage } from '@reckon/protocol/wire/messages';
import type { Gang } from './gang.ts';
import type { Measures } from './measures.ts';
import type { Strategy } from './strategy.ts';
import type { Timeline } from './timeline.ts';
import type { WorldOptions } from './world-options.ts';

/** Who a stranger is: drawn once. */
export interface Person {
  readonly nodeId: NodeId;
  readonly speed: number;
  readonly latencyMs: Millis;
  /** Undefined for an honest one. */
  readonly strategy: Strategy | undefined;
  readonly gang: Gang;
  /** Leaves after so many units; vanishes in the middle of this one. */
  readonly unitsEach: number;
  readonly killedIn: number | undefined;
}

export interface Volunteer {
  readonly person: Person;
  receive(message: RelayMessage): void;
  /** Asks for work if it can hold more; false when there is none for it. */
  ask(): boolean;
}

/** What volunteers share: time, chance, the relay, and what is counted. */
export interface World {
  readonly options: WorldOptions;
  readonly timeline: Timeline;
  readonly random: SeededRandom;
  readonly driver: Driver;
  readonly measures: Measures;
  readonly chunks: number;
  readonly revealed: Set<WorkUnitId>;
  isOpen(workUnitId: WorkUnitId): boolean;
  /** A volunteer can hold more: it is asked, and waits for the next offer when there is nothing for it. */
  wantWork(volunteer: Volunteer): boolean;
  left(volunteer: Volunteer): void;
  /** A stranger comes; one of this strategy, or as chance has it. */
  arrive(strategy?: Strategy): void;
}
