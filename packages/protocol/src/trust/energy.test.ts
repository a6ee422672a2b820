import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tryParse } from '../base/parse.ts';
import { Power } from '../wire/power.ts';
import { intensityAt, mayComputeOn } from './energy.ts';

/** 1 January 2026, 00:00 UTC. */
const MIDNIGHT = 1_767_225_600_000;
const atHour = (hour: number) => MIDNIGHT + hour * 3_600_000;

test('green hours count, also past midnight, and not a minute longer', () => {
  const day: Power = { battery: false, greenHours: [9, 16] };
  expect([8.99, 9, 15.99, 16].map((hour) => intensityAt(day, atHour(hour)))).toEqual([475, 50, 50, 475]);
  const night: Power = { battery: false, greenHours: [22, 6] };
  expect([21, 22, 23, 24, 29, 30].map((hour) => intensityAt(night, atHour(hour)))).toEqual([475, 50, 50, 50, 50, 475]);
  const always: Power = { battery: false, greenHours: [0, 24] };
  fc.assert(fc.property(fc.nat(2 ** 45), (at) => intensityAt(always, at) === 50));
});

test('a declared figure is taken, and silence is the world average', () => {
  expect(intensityAt({ battery: false, gramsCo2PerKwh: 0, greenHours: [0, 24] }, MIDNIGHT)).toBe(0);
  expect(intensityAt({ battery: true }, MIDNIGHT)).toBe(475);
  expect(intensityAt(undefined, MIDNIGHT)).toBe(475);
});

test('nothing is computed on a battery', () => {
  expect(mayComputeOn({ battery: true })).toBe(false);
  expect(mayComputeOn({ battery: false })).toBe(true);
  expect(mayComputeOn(undefined)).toBe(true);
});

test('what a node says of its power is bounded', () => {
  const accepts = (input: unknown) => tryParse(Power, input).ok;
  expect(accepts({ battery: false, gramsCo2PerKwh: 2000, greenHours: [23, 24] })).toBe(true);
  for (const wrong of [
    {},
    { battery: 1 },
    { battery: false, gramsCo2PerKwh: -1 },
    { battery: false, gramsCo2PerKwh: 2001 },
    { battery: false, greenHours: [24, 3] },
    { battery: false, greenHours: [3, 25] },
    { battery: false, greenHours: [3.5, 7] },
    { battery: false, greenHours: [3] },
    { battery: false, watts: 5 },
  ])
    expect(accepts(wrong)).toBe(false);
});
