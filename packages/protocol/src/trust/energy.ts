import type { Millis } from '../base/units.ts';
import type { Power } from '../wire/power.ts';

/** World average of electricity, g CO₂/kWh (IEA, Global Energy & CO2 Status Report 2018). */
export const WORLD_AVERAGE_G_PER_KWH = 475;
/** Life-cycle emissions of solar electricity, g CO₂e/kWh, rounded up (IPCC AR5 WG III annex III: median 41 to 48). */
export const GREEN_G_PER_KWH = 50;

const HOUR_MS = 60 * 60 * 1000;

/** Grams of CO₂ per kWh at a time: the declared figure, else 50 in the declared green hours, else the world average. */
export function intensityAt(power: Power | undefined, at: Millis): number {
  if (power?.gramsCo2PerKwh !== undefined) return power.gramsCo2PerKwh;
  return power?.greenHours !== undefined && isWithin(power.greenHours, at) ? GREEN_G_PER_KWH : WORLD_AVERAGE_G_PER_KWH;
}

function isWithin([from, to]: readonly [number, number], at: Millis): boolean {
  const hour = Math.floor(at / HOUR_MS) % 24;
  return from <= to ? from <= hour && hour < to : hour >= from || hour < to;
}

/** A device on its battery is left alone. One that tells nothing may compute: not every browser has a battery to report. */
export const mayComputeOn = (power: Power | undefined): boolean => power?.battery !== true;
