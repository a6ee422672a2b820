import * as v from 'valibot';
import { KernelDigest } from '../base/ids.ts';

/** `id@version`, as a job file names a kernel. */
export const KernelName = v.pipe(
  v.string(),
  v.maxLength(64),
  v.regex(/^[a-z][a-z0-9-]*@\d+\.\d+\.\d+$/, 'id@version, as custom-wasm@1.0.0'),
);

export const KernelRef = v.strictObject({ name: KernelName, digest: KernelDigest });
/** A kernel, pinned: its name and the digest of its manifest and code. */
export type KernelRef = v.InferOutput<typeof KernelRef>;

/** One word for a pinned kernel, to look it up by. */
export const kernelKey = (kernel: KernelRef): string => `${kernel.name} ${kernel.digest}`;

export const Backend = v.picklist(['webgpu', 'wasm']);
export type Backend = v.InferOutput<typeof Backend>;

/** The verification policies there are; `proof` (a zk-SNARK) is named in docs/verification.md and not built. */
export const PolicyKind = v.picklist(['quorum', 'sample', 'certificate', 'audit']);
export type PolicyKind = v.InferOutput<typeof PolicyKind>;

/** How a kernel's results are cut for sampling: exact kernels only, at most `MAX_CHUNKS` equal shares of the work. */
export interface KernelChunking {
  /** What one chunk is, in words: "one row of the tile". */
  chunk: string;
  /** Least share of a result's chunks that a forger must change before the result is of no use to the requester. */
  leastHarmfulShare: number;
}
export const MAX_CHUNKS = 1024;

/** How a result can be checked for less than computing it. */
export interface KernelCertificate {
  /** In words: "Freivalds' check over whole numbers". */
  method: string;
  /** log2 of the chance that a wrong result passes. */
  errorLog2: number;
  /** Time of a check over the time of a run, as measured; for the price shown to a requester. */
  costShare: number;
  /** Bytes that travel for it, for each byte of the result; 0 or absent where the result is its own certificate. */
  bytesShare?: number;
}

/**
 * How two results of one unit are compared: by digest, or element by element, |a − b| ≤ absolute + relative · max(|a|, |b|).
 * `words`, where the two figures do not say it all: how far, to go behind "Agreeing means ".
 */
export type Agreement = { kind: 'exact' } | { kind: 'within'; absolute: number; relative: number; words?: string };

/** One input a job must bring. `file` inputs are shared by all units; `tensor` inputs are cut into units by rows. */
export interface KernelInput {
  name: string;
  kind: 'file' | 'tensor';
  /** What to give, in one sentence for the requester. */
  description: string;
  /** File name endings accepted, with the dot. */
  accept: readonly string[];
  optional?: boolean;
}

/** One parameter, in words and bounds: enough to draw a form. The kernel's own schema decides. */
export interface KernelParam {
  name: string;
  kind: 'integer' | 'number' | 'text' | 'choice';
  description: string;
  default: number | string;
  min?: number;
  max?: number;
  choices?: readonly string[];
}

/** What a kernel declares; data only, so relay and dashboard may read it. */
export interface KernelManifest {
  /** Lower-case, hyphens; never re-used for another meaning. */
  id: string;
  version: string;
  /** SHA-256 over the manifest's other fields and the kernel's code (`npm run build:wasm` prints it). */
  digest: KernelDigest;
  title: string;
  /** One sentence for volunteers: what is being computed. */
  summary: string;
  backends: readonly Backend[];
  /** Runs a program that the requester brings: in a worker without network or storage. */
  guest?: boolean;
  agreement: Agreement;
  /** Policies a stage of this kernel may name. */
  policies: readonly PolicyKind[];
  chunking?: KernelChunking;
  certificate?: KernelCertificate;
  inputs: readonly KernelInput[];
  params: readonly KernelParam[];
  limits: { maxResultBytes: number; maxMemoryBytes: number; maxMs: number };
}

/** What the machine must know of a kernel; entered with a job and checkable against the manifest by anyone. */
export const KernelFacts = v.strictObject({
  exact: v.boolean(),
  chunked: v.boolean(),
  certified: v.boolean(),
  /** Time of a certificate's check over the time of a run. */
  costShare: v.pipe(v.number(), v.minValue(0), v.maxValue(10)),
  /** Bytes of a certificate for each byte of the result, which travel besides it. */
  certificateShare: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1e6))),
  leastHarmfulShare: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  /** It runs a program of the requester's, whose faults are not the node's. */
  guest: v.optional(v.literal(true)),
  memoryMb: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1 << 20)),
});
export type KernelFacts = v.InferOutput<typeof KernelFacts>;

export const kernelFacts = (manifest: KernelManifest): KernelFacts => ({
  exact: manifest.agreement.kind === 'exact',
  chunked: manifest.chunking !== undefined,
  certified: manifest.certificate !== undefined,
  costShare: manifest.certificate?.costShare ?? 1,
  certificateShare: manifest.certificate?.bytesShare ?? 0,
  leastHarmfulShare: manifest.chunking?.leastHarmfulShare ?? 1,
  ...(manifest.guest === true && { guest: manifest.guest }),
  memoryMb: Math.ceil(manifest.limits.maxMemoryBytes / 2 ** 20),
});

export const kernelName = (manifest: Pick<KernelManifest, 'id' | 'version'>): string =>
  `${manifest.id}@${manifest.version}`;
