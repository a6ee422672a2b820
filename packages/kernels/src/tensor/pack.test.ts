import { packParts } from '@reckon/protocol/base/named-parts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeNpy } from './npy.ts';
import { packTensors } from './pack.ts';
import type { Tensor } from './tensor.ts';

test('packed tensors are the packed parts of their .npy files', () => {
  const tensor = fc
    .uint8Array({ maxLength: 300 })
    .map((data): Tensor => ({ dtype: 'uint8', shape: [data.length], data }));
  fc.assert(
    fc.property(fc.dictionary(fc.string({ maxLength: 30 }), tensor, { maxKeys: 4 }), (tensors) => {
      const parts = Object.entries(tensors).map(([name, each]) => ({ name, bytes: encodeNpy(each) }));
      expect(packTensors(new Map(Object.entries(tensors)))).toEqual(packParts(parts));
    }),
  );
});
