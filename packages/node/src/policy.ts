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
    ['pressure', signals.pressure === 'serious' || signals.pressure === 'critical'],
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
