import { expect, test } from 'vitest';
import { normalTable as makeNormalTable, powerTable as makePowerTable } from '../../../scripts/monte-carlo-tables.ts';
import { clampLog, growth, NORMAL_ERROR, NORMAL_MAX, normalSize, POWER_ERROR, power } from './fixed-point.ts';
import { normalBelow } from './real.ts';
import { normalTable, powerTable } from './tables.ts';

const NORMAL_UNIT = 2 ** -29;
const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** The normal distribution above x: by its continued fraction far out, where one minus the part below is too coarse. */
function above(x: number): number {
  if (x < 2) return 1 - normalBelow(x);
  let fraction = x;
  for (let k = 400; k >= 1; k--) fraction = x + k / fraction;
  return density(x) / fraction;
}

test('the committed tables are what the script makes', () => {
  expect(normalTable).toEqual(makeNormalTable());
  expect(powerTable).toEqual(makePowerTable());
});

test('the stated error of a normal number covers the cubics and the rounding', () => {
  let worst = 0;
  let x = 0;
  for (let octave = 0; octave < 32; octave++) {
    for (let segment = 7; segment >= 0; segment--) {
      // The fourth derivative of the quantile, (7x + 6x³) / φ⁴ in p, grows outwards: largest at the segment's smaller p.
      const p = (1 + segment / 8) * 2 ** (-2 - octave);
      for (let i = 0; i < 30; i++) x += (above(x) - p) / density(x);
      const width = 2 ** (-5 - octave) / density(x);
      worst = Math.max(worst, ((7 * x + 6 * x ** 3) * width ** 4) / (24 * 128));
    }
  }
  expect(worst).toBeGreaterThan(NORMAL_ERROR / 10);
  // Four coefficients rounded by half a unit at most, three products cut by less than one.
  expect(worst + (4 / 2 + 3) * NORMAL_UNIT).toBeLessThan(NORMAL_ERROR);
});

test('normal numbers are within the stated error everywhere', () => {
  let worst = 0;
  // Both ends of every segment, and what lies between.
  for (let octave = 0; octave < 32; octave++) {
    const [low, high] = [2 ** (31 - octave), 2 ** (32 - octave) - 1];
    for (let i = 0; i <= 400; i++) {
      const v = Math.min(2 ** 32 - 1, Math.floor(low + ((high - low) * i) / 400) | 1) >>> 0;
      const x = normalSize(v >>> 1) * NORMAL_UNIT;
      // p(x) − p over the slope is how far x is off.
      worst = Math.max(worst, Math.abs((above(x) - v / 2 ** 33) / density(x)));
    }
  }
  expect(worst).toBeLessThan(NORMAL_ERROR);
  expect(worst).toBeGreaterThan(NORMAL_ERROR / 100);
});

test('the rarest word gives the largest number, the commonest almost zero, never less', () => {
  expect(normalSize(0) * NORMAL_UNIT).toBeLessThan(NORMAL_MAX);
  expect(normalSize(0) * NORMAL_UNIT).toBeGreaterThan(NORMAL_MAX - 0.01);
  for (let word = 0x7fffff00; word <= 0x7fffffff; word++) expect(normalSize(word) * NORMAL_UNIT).toBeLessThan(1e-6);
});

test('opposite words give opposite growth about the drift', () => {
  for (const word of [0, 1, 12_345, 0x7fffffff]) {
    const up = growth(word, 1000, 2 ** 30) - 1000;
    expect(growth(word + 2 ** 31, 1000, 2 ** 30)).toBe(1000 - up);
  }
});

test('powers of two are within the stated error and half a unit, from 2⁻⁸ to 2⁸', () => {
  let worst = 0;
  for (let log = -(2 ** 30); log < 2 ** 30; log += 77_777) {
    const exact = 2 ** (log / 2 ** 27 + 22);
    worst = Math.max(worst, (Math.abs(power(log) - exact) - 0.5) / exact);
  }
  expect(worst).toBeLessThan(POWER_ERROR);
  expect(power(0)).toBe(2 ** 22);
  expect(power(2 ** 30 - 1)).toBeLessThanOrEqual(2 ** 30);
});

test('the stated error of a power covers the cubics and the rounding', () => {
  const cubic = ((Math.LN2 / 16) ** 4 * 2) / (24 * 128);
  expect(cubic + (4 / 2 + 3) * 2 ** -30).toBeLessThan(POWER_ERROR);
});

test('log growth stays within what a power can show', () => {
  expect(clampLog(2 ** 31)).toBe(2 ** 30 - 1);
  expect(clampLog(-(2 ** 31))).toBe(-(2 ** 30));
  expect(clampLog(-5)).toBe(-5);
});
