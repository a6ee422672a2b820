import * as v from 'valibot';

/** Hours of the UTC day [from, to); an interval whose end is before its start runs past midnight. */
const GreenHours = v.strictTuple([
  v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(23)),
  v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(24)),
]);

/** How a device is powered, as its person declares or its browser tells. Believed: it earns nothing but a place in line. */
export const Power = v.strictObject({
  /** True while it runs on its battery. */
  battery: v.boolean(),
  /** What its electricity emits, in grams of CO₂ equivalent per kWh. */
  gramsCo2PerKwh: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(2000))),
  /** When its electricity comes from sun, wind or water. */
  greenHours: v.optional(GreenHours),
});
export type Power = v.InferOutput<typeof Power>;
