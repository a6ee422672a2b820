import type { Backend } from '@reckon/protocol/model/kernel-manifest';
import type { CheckOutcome } from '../src/kernel.ts';
import type { Capabilities } from '../src/engine/capabilities.ts';

/** What the test calls in the tab, as `window.kernels`; bytes travel as base64. */
export interface PageApi {
  probe(): Promise<Capabilities>;
  run(unit: PageUnit): Promise<PageOutput>;
  /** The kernel's check of a result, in the page itself and with its own random numbers. */
  check(unit: PageCheck): Promise<CheckOutcome | 'none'>;
  /** `countBuffers` of `gpu-buffers.ts`. */
  countBuffers(unit: PageInput, runs: number): Promise<[counts: number[], device: string]>;
  /** Every plan's f32 products at its edges: the largest error as a share of its bound, by the plan's name. */
  compareProducts(): Promise<[plan: string, worstOfBound: number][]>;
  gpuLosses(): Promise<string[]>;
}

export interface PageUnit {
  /** `pair`: two of the product's. */
  worker: 'product' | 'pair' | 'losing-gpu' | 'losing-gpu-once-a' | 'losing-gpu-once-b' | 'hostile';
  kernel: string;
  params: string;
  blobs: Record<string, string>;
  backends: Backend[];
  maxMs?: number;
  chunks?: number[];
}

export type PageInput = Pick<PageUnit, 'kernel' | 'params' | 'blobs'>;

export interface PageCheck extends PageInput {
  result: string;
}

export type PageOutput =
  | { ok: true; base64: string; device: string; fellBack?: string }
  | { ok: false; code: string; message: string };
