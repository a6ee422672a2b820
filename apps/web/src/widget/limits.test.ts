import fc from 'fast-check';
import { expect, test } from 'vitest';
import { widgetSettings } from './limits.ts';

test('a quarter of eight cores is two workers at full duty', () => {
  expect(widgetSettings(25, false, 8)).toMatchObject({ workers: 2, dutyPercent: 100 });
});

test('a quarter of two cores is one worker that computes half the time', () => {
  expect(widgetSettings(25, false, 2)).toMatchObject({ workers: 1, dutyPercent: 50 });
});

test('a widget never computes more than the site allows, but for the least share of five percent of a core', () => {
  fc.assert(
    fc.property(fc.integer({ min: 5, max: 50 }), fc.integer({ min: 1, max: 64 }), (maxCpu, cores) => {
      const { workers, dutyPercent } = widgetSettings(maxCpu, false, cores);
      expect((workers * dutyPercent) / 100).toBeLessThanOrEqual(Math.max(0.05, (cores * maxCpu) / 100) + 0.005);
    }),
  );
});
