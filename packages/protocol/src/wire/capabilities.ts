import * as v from 'valibot';
import { Count } from '../base/units.ts';
import { Power } from './power.ts';
import { Backend, KernelRef } from '../model/kernel-manifest.ts';

/** What a node says it can do. Believed only for scheduling: results are checked. */
export const Capabilities = v.strictObject({
  backends: v.pipe(v.array(Backend), v.minLength(1), v.maxLength(2)),
  /** The device in words, without anything that singles a person out: "WebGPU · Apple M-series", "WASM SIMD". */
  device: v.pipe(v.string(), v.maxLength(80)),
  deviceClass: v.picklist(['gpu', 'cpu']),
  workers: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64)),
  memoryMb: Count,
  /** How the device is powered, as far as its person says or the browser tells. */
  power: v.optional(Power),
  kernels: v.pipe(v.array(KernelRef), v.minLength(1), v.maxLength(64)),
});
export type Capabilities = v.InferOutput<typeof Capabilities>;
