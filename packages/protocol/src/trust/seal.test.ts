import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blobDigest, bytes, hash, nodeId } from '../../testing/arbitraries.ts';
import vectors from '../../vectors/seal.json' with { type: 'json' };
import { toHex } from '../base/bytes.ts';
import type { WorkUnitId } from '../base/ids.ts';
import { type SealedResult, sealResult } from './seal.ts';

test.each(vectors.seals)('the seal $seal is what an independent program made', ({ seal, ...result }) => {
  expect(sealResult(result as SealedResult)).toBe(seal);
});

test('a seal binds every one of its fields', () => {
  const results: fc.Arbitrary<SealedResult> = fc.record({
    nodeId,
    workUnitId: hash as fc.Arbitrary<WorkUnitId>,
    resultDigest: blobDigest,
    traceRoot: hash,
    salt: bytes(16).map(toHex),
  });
  fc.assert(
    fc.property(results, results, (one, other) => {
      for (const field of Object.keys(one) as (keyof SealedResult)[])
        expect(sealResult({ ...one, [field]: other[field] }) === sealResult(one)).toBe(one[field] === other[field]);
    }),
  );
});
