import type { NodeSettings } from '@reckon/node/settings';

/** A widget keeps little and rests when nobody looks. */
const CACHE_BYTES = 64 * 1024 ** 2;

/**
 * The site's ceiling as a node's settings: as many whole workers as fit, or one that rests in between.
 * @param maxCpu percent of the whole processor, 5 to 50.
 */
export function widgetSettings(maxCpu: number, gpu: boolean, cores: number): NodeSettings {
  const share = (Math.max(1, cores) * maxCpu) / 100;
  const workers = Math.max(1, Math.floor(share));
  const dutyPercent = Math.max(5, Math.min(100, Math.round((share / workers) * 100)));
  return {
    workers,
    dutyPercent: share < 1 ? dutyPercent : 100,
    gpu,
    onBattery: false,
    whenHidden: false,
    cacheBytes: CACHE_BYTES,
  };
}
