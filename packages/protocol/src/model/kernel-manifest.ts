import * as v from 'valibot';
import { KernelDigest } from '../base/ids.ts';

/** `id@version`, as a job file names a kernel. */
export const KernelName = v.pipe(v.string(), v.maxLength(64), v.regex(/^[a-z][a-z0-9-]*@\d+\.\d+\.\d+$/, 'id@x.y.z'));

export const KernelRef = v.strictObject({ name: KernelName, digest: KernelDigest });
/** A kernel, pinned: its name and the digest of its manifest and code. */
export type KernelRef = v.InferOutput<typeof KernelRef>;

/** One word for a pinned kernel, to look it up by. */
export const kernelKey = (kernel: KernelRef): string => `${kernel.name} ${kernel.digest}`;

export const Backend = v.picklist(['webgpu', 'wasm']);
export type Backend = v.InferOutput<typeof Backend>;

/** How two results of one unit are compared: by digest, or element by element, |a − b| ≤ absolute + relative · max(|a|, |b|). */
export type Agreement = { kind: 'exact' } | { kind: 'within'; absolute: number; relative: number };

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
  agreement: Agreement;
  policies: readonly 'quorum'[];
  inputs: readonly KernelInput[];
  params: readonly KernelParam[];
  limits: { maxResultBytes: number; maxMemoryBytes: number; maxMs: number };
}

export const kernelName = (manifest: Pick<KernelManifest, 'id' | 'version'>): string =>
  `${manifest.id}@${manifest.version}`;
