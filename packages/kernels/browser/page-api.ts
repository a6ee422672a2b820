import type { Backend } from '@reckon/protocol/model/kernel-manifest';
import type { CheckOutcome } from '../src/kernel.ts';
import type { Capabilities } from '../src/engine/capabilities.ts';

/** What the test calls in the tab, as `window.kernels`; bytes travel as base64. */
export interface PageApi {
  probe(): Promise<Capabilities>;
  run(unit: PageUnit): Promise<PageOutput>;
  /** The kernel's check of a result, in the page itself and with its own random numbers. */
  check(unit: PageCheck): Promise<CheckOutcome | 'none'>;
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

export interface PageCheck extends Pick<PageUnit, 'kernel' | 'params' | 'blobs'> {
  result: string;
}

export type PageOutput =
  | { ok: true; base64: string; device: string; fellBack?: string }
  | { ok: false; code: string; message: string };
