import { expect, test } from 'vitest';
import { type DeviceSignals, mayCompute, nextPressure } from './policy.ts';
import { defaultSettings, type NodeSettings } from './settings.ts';

const settings = (changes: Partial<NodeSettings> = {}): NodeSettings => ({ ...defaultSettings(8), ...changes });
const reasonFor = (signals: DeviceSignals, changes?: Partial<NodeSettings>) => {
  const permission = mayCompute(settings(changes), signals);
  return permission.may ? 'may' : permission.reason;
};

test('a device that tells nothing may compute', () => expect(reasonFor({})).toBe('may'));

test('a plugged-in device may compute whatever its charge', () =>
  expect(reasonFor({ battery: { charging: true, level: 0.1 } })).toBe('may'));

test('on battery it rests unless its person allows it', () => {
  const signals = { battery: { charging: false, level: 0.9 } };
  expect(reasonFor(signals)).toBe('on-battery');
  expect(reasonFor(signals, { onBattery: true })).toBe('may');
});

test('below half a charge it rests even where battery is allowed', () => {
  expect(reasonFor({ battery: { charging: false, level: 0.49 } }, { onBattery: true })).toBe('battery-low');
  expect(reasonFor({ battery: { charging: false, level: 0.5 } }, { onBattery: true })).toBe('may');
});

test('data saving stops it', () => expect(reasonFor({ saveData: true })).toBe('save-data'));

test('only critical pressure stops it; serious pressure makes it yield', () => {
  expect(reasonFor({ pressure: 'critical' })).toBe('pressure');
  expect(reasonFor({ pressure: 'serious' })).toBe('may');
  expect(reasonFor({ pressure: 'fair' })).toBe('may');
});

test('pressure is acted on one level at a time, up and down, so that yielding is tried before stopping', () => {
  expect(nextPressure('nominal', 'critical')).toBe('serious');
  expect(nextPressure('serious', 'critical')).toBe('critical');
  expect(nextPressure('critical', 'fair')).toBe('serious');
  expect(nextPressure('serious', 'nominal')).toBe('nominal');
  expect(nextPressure('nominal', 'fair')).toBe('nominal');
});

test('a hidden tab computes unless its person forbids it', () => {
  expect(reasonFor({ hidden: true })).toBe('may');
  expect(reasonFor({ hidden: true }, { whenHidden: false })).toBe('hidden');
});

test('a widget off screen rests', () => expect(reasonFor({ onScreen: false })).toBe('off-screen'));

test('a device offline rests', () => expect(reasonFor({ online: false })).toBe('offline'));
