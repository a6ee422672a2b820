import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cheaperCheck } from './cheaper-check.ts';

test.each([
  // 26 ms of compute and 10 MB of accumulators: 8 s on 10 Mbit/s, so it is run again; on 100 Gbit/s it is checked.
  [{ costShare: 0.15, certificateBytes: 10e6, runMs: 26, uplinkKbps: 10_000 }, 'execution'],
  [{ costShare: 0.15, certificateBytes: 10e6, runMs: 26, uplinkKbps: 100_000_000 }, 'certificate'],
  // The product travels anyway.
  [{ costShare: 0.15, certificateBytes: 0, runMs: 26, uplinkKbps: 10 }, 'certificate'],
  [{ costShare: 1, certificateBytes: 0, runMs: 26, uplinkKbps: 10_000 }, 'execution'],
] as const)('%o: %s', (costs, cheaper) => {
  expect(cheaperCheck(costs)).toBe(cheaper);
});

test('a faster uplink never makes the certificate the dearer way', () => {
  const costs = fc.record({
    costShare: fc.double({ min: 0, max: 2, noNaN: true }),
    certificateBytes: fc.nat(1e8),
    runMs: fc.integer({ min: 1, max: 1e6 }),
    uplinkKbps: fc.integer({ min: 1, max: 1e6 }),
  });
  fc.assert(
    fc.property(costs, (given) => {
      fc.pre(cheaperCheck(given) === 'certificate');
      expect(cheaperCheck({ ...given, uplinkKbps: given.uplinkKbps * 2 })).toBe('certificate');
    }),
  );
});
