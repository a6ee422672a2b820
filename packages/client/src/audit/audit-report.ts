import type { Difference } from '@reckon/protocol/audit/difference';
import type { ReplayResult } from '@reckon/protocol/audit/replay';
import type { AuditedUnit } from './audited-unit.ts';
import type { ChainReport } from './compare-chain.ts';

/** What an auditor is doing, in the order it does it. */
export type AuditPhase = 'log' | 'replay' | 'chain' | 'recompute';

export interface AuditProgress {
  readonly phase: AuditPhase;
  /** Entries, epochs or units, of all. */
  readonly done: number;
  readonly total: number;
}

/** What an audit found. Plain data: it crosses workers, and `toJson` writes it. */
export interface AuditReport {
  readonly relay: string;
  readonly origin: string;
  readonly checkpoint: { readonly size: number; readonly root: string };
  /** The signed note: to be compared with another auditor's, and kept as evidence. */
  readonly note: string;
  /** Size of the checkpoint this auditor saw last, and of the other auditor's; null where there was none. */
  readonly extended: { readonly own: number | null; readonly other: number | null };
  readonly replay: ReplayResult;
  readonly signatures: { readonly checked: number; readonly skipped: number; readonly contractWallets: number };
  /** Null when the log itself did not pass. */
  readonly chain: ChainReport | null;
  /** Units accepted in all, and those drawn to be computed again. */
  readonly accepted: number;
  readonly sample: readonly AuditedUnit[];
  /** The first entry that is not what it should be. */
  readonly difference: Difference | null;
  /** That entry as the relay serves it. */
  readonly entry: string | null;
}
