import type { PauseReason } from './snapshot.ts';
import type { NodeSettings } from './settings.ts';

/** What the platform says about the device and the page; `undefined` where it says nothing. */
export interface DeviceSignals {
  battery?: { charging: boolean /** 0..1 */; level: number };
  saveData?: boolean;
  pressure?: 'nominal' | 'fair' | 'serious' | 'critical';
  hidden?: boolean;
  onScreen?: boolean;
  online?: boolean;
}

/**
 * Most of its time a worker computes on a device under serious pressure. The node's own work is part of what is measured,
 * so it yields first and stops only where that was not enough.
 */
export const YIELDING_DUTY = 0.5;

const levels = ['nominal', 'serious', 'critical'] as const;
const levelOf = (pressure: NonNullable<DeviceSignals['pressure']>): number =>
  pressure === 'fair' ? 0 : levels.indexOf(pressure);

/** The pressure to act on next, one level nearer to the newest that has lasted. Pure. */
export function nextPressure(
  shown: NonNullable<DeviceSignals['pressure']>,
  newest: NonNullable<DeviceSignals['pressure']>,
): (typeof levels)[number] {
  return levels[levelOf(shown) + Math.sign(levelOf(newest) - levelOf(shown))] ?? 'nominal';
}

export type Permission = { may: true } | { may: false; reason: PauseReason };

/** Below this share of its charge a battery is left alone. */
export const BATTERY_FLOOR = 0.5;

/** May this device compute now? What it does not tell never stops it. Pure. */
export function mayCompute(settings: NodeSettings, signals: DeviceSignals): Permission {
  const rules: [PauseReason, boolean][] = [
    ['offline', signals.online === false],
    ['off-screen', signals.onScreen === false],
    ['hidden', signals.hidden === true && !settings.whenHidden],
    ['save-data', signals.saveData === true],
    ['pressure', signals.pressure === 'critical'],
    ...batteryRules(settings, signals),
  ];
  const broken = rules.find(([, applies]) => applies);
  return broken === undefined ? { may: true } : { may: false, reason: broken[0] };
}

function batteryRules(settings: NodeSettings, { battery }: DeviceSignals): [PauseReason, boolean][] {
  if (battery === undefined || battery.charging) return [];
  return [
    ['battery-low', battery.level < BATTERY_FLOOR],
    ['on-battery', !settings.onBattery],
  ];
}
