import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytes } from '../../testing/arbitraries.ts';
import vectors from '../../vectors/seal.json' with { type: 'json' };
import { fromHex, toHex } from '../base/bytes.ts';
import type { ResultDigest, WorkUnitId } from '../base/ids.ts';
import { drawFraction, drawSeed, drawU32, resultTag, secretCommitment } from './beacon.ts';

test.each(vectors.draws)('the draws from $seed are what an independent program made', (draw) => {
  const secret = fromHex(draw.secret);
  const seed = drawSeed(fromHex(draw.seal), secret, fromHex(draw.beacon));
  expect(toHex(seed)).toBe(draw.seed);
  expect(toHex(secretCommitment(secret))).toBe(draw.commitment);
  for (const { purpose, u32, fraction } of draw.numbers) {
    expect(drawU32(seed, purpose)).toBe(u32);
    expect(drawFraction(seed, purpose)).toBe(fraction);
  }
});

test.each(vectors.tags)(
  'the tag $tag is what an independent program made',
  ({ tag, secret, workUnitId, resultDigest }) => {
    expect(resultTag(fromHex(secret), workUnitId as WorkUnitId, resultDigest as ResultDigest)).toBe(tag);
  },
);

test('each of seal, secret and beacon changes the seed', () => {
  const part = bytes(32);
  fc.assert(
    fc.property(part, part, part, part, (seal, secret, beacon, other) => {
      fc.pre(![seal, secret, beacon].some((one) => toHex(one) === toHex(other)));
      const seeds = [
        drawSeed(seal, secret, beacon),
        drawSeed(other, secret, beacon),
        drawSeed(seal, other, beacon),
        drawSeed(seal, secret, other),
      ];
      expect(new Set(seeds.map(toHex)).size).toBe(4);
    }),
  );
});

test('fractions fill [0, 1) evenly', () => {
  const seed = new Uint8Array(32);
  const fractions = Array.from({ length: 4000 }, (_, i) => drawFraction(seed, `${i}`));
  expect(Math.min(...fractions)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...fractions)).toBeLessThan(1);
  // Ten tenths of 400 on average; 5 standard deviations are 95.
  for (let tenth = 0; tenth < 10; tenth++) {
    const count = fractions.filter((value) => Math.floor(value * 10) === tenth).length;
    expect(Math.abs(count - 400)).toBeLessThan(95);
  }
});
