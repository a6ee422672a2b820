import { Power } from '@reckon/protocol/wire/power';
import * as v from 'valibot';

/** What a volunteer allows. Read from a store, so parsed. */
export const NodeSettings = v.object({
  /** Kernel workers, each computing one unit. */
  workers: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64)),
  gpu: v.boolean(),
  /** Share of time a worker may compute, in percent. */
  dutyPercent: v.pipe(v.number(), v.integer(), v.minValue(5), v.maxValue(100)),
  /** Compute while on battery, as long as it holds at least half. */
  onBattery: v.boolean(),
  /** Compute while the tab cannot be seen. */
  whenHidden: v.boolean(),
  /** Most bytes of models and inputs kept between visits. */
  cacheBytes: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8 * 1024 ** 3)),
  /** What the device's electricity emits, in grams of CO₂ equivalent per kWh, where its person knows. */
  gramsCo2PerKwh: Power.entries.gramsCo2PerKwh,
  /** Hours of the UTC day in which it comes from sun, wind or water. */
  greenHours: Power.entries.greenHours,
});
export type NodeSettings = v.InferOutput<typeof NodeSettings>;

/** Polite by default: half the cores and at most four, GPU used, pauses on battery. */
export function defaultSettings(cores: number): NodeSettings {
  return {
    workers: Math.max(1, Math.min(4, Math.floor(cores / 2))),
    gpu: true,
    dutyPercent: 100,
    onBattery: false,
    whenHidden: true,
    cacheBytes: 256 * 1024 ** 2,
  };
}
