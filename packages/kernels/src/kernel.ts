import type { NamedPart } from '@reckon/protocol/base/named-parts';
import type { Random } from '@reckon/protocol/base/ports';
import type { Credits, Millis } from '@reckon/protocol/base/units';
import type { Backend, KernelManifest } from '@reckon/protocol/model/kernel-manifest';

/** What one work unit reads. */
export interface UnitInput {
  /** The unit's parameters as the literal JSON text that was hashed. */
  params: string;
  /** The stage's shared blobs and the unit's own, by name. */
  blobs: ReadonlyMap<string, Uint8Array>;
  /** Digests of blobs that the caller has verified: the same digest is the same bytes, so that nothing is hashed again. */
  digests?: ReadonlyMap<string, string>;
}

/** A small picture or a line of text that shows a person what a unit is. Pixels may be one tile of a larger picture. */
export type Preview =
  | {
      kind: 'pixels';
      width: number;
      height: number;
      /** width × height × 4 bytes, row by row. */
      rgba: Uint8ClampedArray;
      /** Where the tile lies in the whole picture; absent when it is the whole. */
      x?: number;
      y?: number;
      totalWidth?: number;
      totalHeight?: number;
      /** How to read it, in a few words; absent when there is nothing to explain. */
      caption?: string;
    }
  | { kind: 'text'; text: string };

/** What a kernel is given besides its input. */
export interface RunContext {
  /** The backend to try. A kernel that cannot use `webgpu` here runs on WASM and says so in `fellBack`. */
  backend: Backend;
  signal: AbortSignal;
  /** `fraction` in [0, 1]. */
  progress(fraction: number, preview?: Preview): void;
}

export interface RunOutput {
  /** The unit's result, kernel-defined; the same result is always the same bytes. */
  bytes: Uint8Array;
  /** Data beside the result that a check needs; no kernel of this version has any: `matmul-i8` is checked without. */
  certificate?: Uint8Array;
  /** What really ran: `WebGPU · SwiftShader`, `WASM SIMD`. */
  device: string;
  /** Why it did not run on the backend asked for. */
  fellBack?: string;
  /** What the memory of a requester's program had grown to when it ended, where that is known. */
  memoryBytes?: number;
}

/** The heavy half of a kernel, loaded lazily inside a worker. */
export interface KernelImplementation {
  manifest: KernelManifest;
  /** The light half's chunks, when the kernel has them: a checker recomputes a few of them instead of running the unit. */
  chunks?: ChunkRules;
  /** @throws {ReckonError} coded; any other error is reported as KERNEL_THREW. */
  run(input: UnitInput, context: RunContext): Promise<RunOutput>;
}

/** A stage cut into units, before blobs are hashed and anything is signed. */
export interface KernelPlan {
  units: { params: string; blobs: NamedPart[] }[];
  /** Blobs every unit reads. */
  shared: NamedPart[];
  /** What `merge` needs to know, as literal JSON text. */
  stageParams: string;
  creditsPerUnit: Credits;
  leaseMs: Millis;
}

/** An input file of a job. */
export interface InputFile {
  fileName: string;
  bytes: Uint8Array;
}

/** How results are cut into chunks that anyone can recompute alone. Exact kernels only; pure. */
export interface ChunkRules {
  /** Chunks of a unit, 1 to `MAX_CHUNKS`, all of about the same work. @throws {ReckonError} KERNEL_PARAMS_INVALID */
  count(params: string): number;
  /** The bytes of one chunk inside a well-formed result; together the chunks are the whole result, in order. */
  slice(params: string, result: Uint8Array, index: number): Uint8Array;
  /** Recomputes one chunk in plain TypeScript: exactly the bytes `slice` gives of a right result. */
  compute(input: UnitInput, index: number): Uint8Array;
}

export type CheckOutcome = { passed: true; errorLog2: number } | { passed: false; cause: string };

/** The light half of a kernel: no WASM, no GPU; runs in the relay, the client and the dashboard alike. */
export interface KernelRules {
  manifest: KernelManifest;
  /** Deterministic partition. @throws {ReckonError} coded, for every bad parameter or input, before anything is signed. */
  split(params: Record<string, unknown>, inputs: ReadonlyMap<string, InputFile>): Promise<KernelPlan> | KernelPlan;
  /** Is this a well-formed result of that unit? `undefined`, or the reason why not. Never throws. */
  inspect(params: string, result: Uint8Array): string | undefined;
  /**
   * Are the stage's shared blobs ones that this kernel runs? For kernels that run a program of the requester's: the relay
   * asks before it enters an order, and a run asks again. @throws {ReckonError} coded, naming what is wrong.
   */
  admit?(shared: ReadonlyMap<string, Uint8Array>): Promise<void> | void;
  /**
   * Do two well-formed results of the unit agree: equal bytes, or element by element within the manifest's tolerance, or
   * within the one that the unit's parameters carry where the manifest says so.
   */
  agree(a: Uint8Array, b: Uint8Array, params: string): boolean;
  chunks?: ChunkRules;
  /** About how large a unit's result is, and never more, where its parameters tell; for the price shown before an order. */
  resultBytes?(params: string): number;
  /**
   * Verifies a well-formed result for far less than computing it; a right one always passes. `random` must be unknown to
   * whoever computed the result. Never throws for bad results; throws coded errors for bad inputs.
   */
  check?(input: UnitInput, result: Uint8Array, random: Random): Promise<CheckOutcome>;
  /** Puts unit results together, in unit order (`undefined`: missing): file names and bytes to download. */
  merge(stageParams: string, results: readonly (Uint8Array | undefined)[]): NamedPart[];
  /** What a unit is, for people. */
  preview?(params: string, blobs: ReadonlyMap<string, Uint8Array>, result?: Uint8Array): Preview | undefined;
}
