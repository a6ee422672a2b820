import { kernelRules } from '@reckon/kernels/rules';
import type { JobSpec, StageSpec } from '@reckon/protocol/model/job-spec';
import { unitBlobs } from '@reckon/protocol/model/job-spec';
import type { UnitFigures } from '@reckon/protocol/trust/policy-terms';

/** A home connection's usual uplink. */
const UPLINK_KBPS = 10_000;
/** A lease allows 20 s and 2 s for each 10⁹ operations (`packages/kernels/src/plan.ts`). */
const LEASE_BASE_MS = 20_000;
const LEASE_FACTOR = 2;

/** Of a prepared job's typical unit, its first; the time of one run is for a device that does 10⁹ operations a second. */
export function unitFigures(spec: JobSpec): UnitFigures {
  const stage = spec.stages[0] as StageSpec; // the schema asks for exactly one
  const unit = stage.units[0];
  const inputBytes = unit === undefined ? 0 : unitBlobs(stage, unit).reduce((sum, { size }) => sum + size, 0);
  const chunkCount = unit && kernelRules(stage.kernel.name).chunks?.count(unit.params);
  return {
    runMs: Math.max(50, (stage.leaseMs - LEASE_BASE_MS) / LEASE_FACTOR),
    inputBytes,
    resultBytes: resultBytes(stage),
    uplinkKbps: UPLINK_KBPS,
    ...(chunkCount !== undefined && { chunkCount }),
  };
}

/** From the unit's parameters where they tell; else as much as the unit's own input, which models mostly stay below. */
function resultBytes(stage: StageSpec): number {
  const unit = stage.units[0];
  const own = unit?.blobs.reduce((sum, { size }) => sum + size, 0) ?? 0;
  const params = readNumbers(unit?.params ?? '');
  const { width, height, rows, columns, paths, pathsPerBlock } = params;
  if (stage.kernel.name.startsWith('mandelbrot@') && width && height) return width * height * 2;
  if (stage.kernel.name.startsWith('matmul-i8@') && rows && columns) return rows * columns * 4;
  if (stage.kernel.name.startsWith('monte-carlo@') && paths && pathsPerBlock)
    return Math.ceil(paths / pathsPerBlock) * 28;
  return own;
}

function readNumbers(params: string): Readonly<Record<string, number | undefined>> {
  try {
    const value: unknown = JSON.parse(params);
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, Number(each)]));
  } catch {
    return {};
  }
}
