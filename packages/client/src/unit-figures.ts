import type { KernelRules } from '@reckon/kernels/kernel';
import type { Millis } from '@reckon/protocol/base/units';
import { type StageSpec, type UnitSpec, unitBlobs } from '@reckon/protocol/model/job-spec';
import type { UnitFigures } from '@reckon/protocol/trust/policy-terms';

/** What is assumed of a volunteer's uplink. */
const UPLINK_KBPS = 10_000;
/** A lease allows 20 s and 2 s for each 10⁹ operations, the most a unit may have (`packages/kernels/src/plan.ts`). */
const LEASE_BASE_MS = 20_000;
const LEASE_FACTOR = 2;
const MIN_RUN_MS = 20;

/**
 * How long a unit takes on a typical device, one that does 10⁹ operations a second: credits count those that are expected.
 * One credit stands for less, too; then the lease tells.
 */
export const runMsOf = ({ creditsPerUnit, leaseMs }: Pick<StageSpec, 'creditsPerUnit' | 'leaseMs'>): Millis =>
  Math.max(MIN_RUN_MS, Math.min(creditsPerUnit * 1000, (leaseMs - LEASE_BASE_MS) / LEASE_FACTOR));

/** What the price of a check depends on, of a stage's first unit. */
export function unitFigures(stage: StageSpec, rules: Pick<KernelRules, 'chunks' | 'resultBytes'>): UnitFigures {
  const unit = stage.units[0] as UnitSpec; // the schema asks for at least one
  const { chunks } = rules;
  // A model's outputs mostly stay below its inputs.
  const ownBytes = unit.blobs.reduce((sum, { size }) => sum + size, 0);
  return {
    runMs: runMsOf(stage),
    inputBytes: unitBlobs(stage, unit).reduce((sum, { size }) => sum + size, 0),
    resultBytes: rules.resultBytes?.(unit.params) ?? ownBytes,
    uplinkKbps: UPLINK_KBPS,
    ...(chunks === undefined ? {} : { chunkCount: chunks.count(unit.params) }),
  };
}

/** Units that take less cost more in messages than in work; ones that take longer are lost when a tab is closed. */
const [SHORTEST_MS, LONGEST_MS] = [2_000, 10_000];

/** What a requester should know of units that are small or large; undefined when they are neither. */
export function unitSizeHint(runMs: Millis): string | undefined {
  if (runMs >= SHORTEST_MS && runMs <= LONGEST_MS) return undefined;
  const seconds = Number((runMs / 1000).toPrecision(1));
  return runMs < SHORTEST_MS
    ? `A unit takes a typical device about ${seconds} s. Larger units cost less in messages: 2 to 10 s are good.`
    : `A unit takes a typical device about ${seconds} s. Smaller units are lost less often when a tab is closed: 2 to 10 s are good.`;
}
