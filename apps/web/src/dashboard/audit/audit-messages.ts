import type { AuditProgress, AuditReport } from '@reckon/client/audit/audit-report';
import type { RecomputeReport } from '@reckon/client/audit/recompute';
import type { WireError } from '@reckon/protocol/base/errors';

/** Page → the audit's worker. */
export type ToAuditor =
  | {
      type: 'audit';
      relayUrl: string;
      /** The signed checkpoint another auditor was shown. */
      compare?: string;
    }
  /** Computes the units again that the audit drew. */
  | { type: 'recompute' };

/** The audit's worker → page. */
export type FromAuditor =
  | { type: 'progress'; progress: AuditProgress }
  | { type: 'report'; report: AuditReport; inputBytes: number }
  | { type: 'recomputed'; recomputed: RecomputeReport }
  | { type: 'failed'; error: WireError };
