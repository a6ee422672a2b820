import type { InputFile, KernelRules, UnitInput } from '../kernel.ts';

/** One small unit whose right result is known before anybody runs it. */
export interface ConformanceCase {
  /** Unique within its kernel, in words for people: `17 × 31 × 13`. */
  name: string;
  /** Parameters of a job; the case is the first unit that the kernel cuts from it. */
  params: Record<string, unknown>;
  /** The job's input files, made anew for each call and always the same. */
  inputs?: () => Promise<ReadonlyMap<string, InputFile>> | ReadonlyMap<string, InputFile>;
}

/** A kernel's fixed cases. A case never changes for a kernel's version: reports would speak of different things. */
export interface ConformanceKernel {
  rules: KernelRules;
  cases: readonly ConformanceCase[];
  /** The unit's result by the plain TypeScript reference; a kernel with chunks has it by them. */
  reference?: (input: UnitInput) => Promise<Uint8Array> | Uint8Array;
  /** Float kernels: a well-formed result's numbers, in order. */
  numbers?: (result: Uint8Array) => Float64Array;
  /**
   * Float kernels: whether a result is as near the right one as rounding allows. Nearer than two results may lie apart;
   * where it is left out, a result must agree with the reference.
   */
  isNear?: (input: UnitInput, result: Uint8Array) => boolean;
  /**
   * The unit by the build without relaxed SIMD, for devices that have it and whose kernel therefore takes another build. Runs
   * where it is called, beside the pool.
   */
  plainWasm?: (input: UnitInput) => Promise<Uint8Array>;
  /** Float kernels whose plain build gives the same bytes on every engine: those, by plain TypeScript in its order. */
  plainReference?: (input: UnitInput) => Uint8Array;
  /** Megabytes that a visitor's browser downloads before this kernel can run; absent where it is next to nothing. */
  downloadMb?: number;
}

/** The unit of a case. @throws {ReckonError} what the kernel refuses its own cases with: a mistake of ours. */
export async function unitOf({ rules }: ConformanceKernel, { params, inputs }: ConformanceCase): Promise<UnitInput> {
  const plan = await rules.split(params, (await inputs?.()) ?? new Map());
  const unit = plan.units[0];
  if (unit === undefined) throw new RangeError('a case has no unit');
  const parts = [...plan.shared, ...unit.blobs];
  return { params: unit.params, blobs: new Map(parts.map(({ name, bytes }) => [name, bytes])) };
}
