import type { Millis } from '../base/units.ts';

/** What a whole check of one result would take. */
export interface CheckCosts {
  /** Time of a certificate's check over the time of a run. */
  costShare: number;
  /** Bytes that travel for the certificate besides the result; 0 where the result is its own. */
  certificateBytes: number;
  /** Mean time of a run on the node's device. */
  runMs: Millis;
  /** Measured uplink of the node, in kbit/s. */
  uplinkKbps: number;
}

/**
 * The cheaper way to check a result whole: by its certificate, which costs its bytes and a share of a run, or by running
 * the unit on another device, which costs a run and sends nothing up but the result.
 */
export function cheaperCheck({
  costShare,
  certificateBytes,
  runMs,
  uplinkKbps,
}: CheckCosts): 'certificate' | 'execution' {
  const sendMs = certificateBytes === 0 ? 0 : (certificateBytes * 8) / Math.max(1, uplinkKbps);
  return costShare * runMs + sendMs < runMs ? 'certificate' : 'execution';
}
