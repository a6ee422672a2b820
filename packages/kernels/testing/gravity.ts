import fc from 'fast-check';
import { readBodies } from '../src/kernels/n-body/bodies.ts';
import { encodeField } from '../src/kernels/n-body/field.ts';
import { readUnit } from '../src/kernels/n-body/params.ts';
import { fieldReference } from '../src/kernels/n-body/reference.ts';
import { decodeNpy, encodeNpy } from '../src/tensor/npy.ts';
import { toNumbers } from '../src/tensor/tensor.ts';

/** Bodies as a unit's input. */
export const npyOf = (bodies: Float32Array) =>
  encodeNpy({ dtype: 'float32', shape: [bodies.length / 4, 4], data: new Uint8Array(bodies.buffer) });
/** A unit over these bodies. */
export const unitOf = (bodies: Float32Array, first: number, targets: number, softening: number) => ({
  params: JSON.stringify({ bodies: bodies.length / 4, first, targets, softening }),
  blobs: new Map([['bodies', npyOf(bodies)]]),
});
/** The result of a unit by the definition, over other bodies than its own where told. */
export function right(
  { params, blobs }: { params: string; blobs: ReadonlyMap<string, Uint8Array> },
  over?: Float32Array,
) {
  const unit = readUnit(params);
  const bodies = readBodies(blobs.get('bodies') as Uint8Array);
  return encodeField(unit, bodies, fieldReference(over ?? bodies, unit.first, unit.targets, unit.softening));
}
/** The numbers of a result, row after row. */
export const rowsOf = (result: Uint8Array) => toNumbers(decodeNpy('result', result));

const body = fc.tuple(
  fc.float({ min: -1e6, max: 1e6, noNaN: true }),
  fc.float({ min: -1e6, max: 1e6, noNaN: true }),
  fc.float({ min: -1e6, max: 1e6, noNaN: true }),
  fc.oneof(fc.constant(0), fc.float({ min: Math.fround(1.1e-12), max: 1e6, noNaN: true })),
);
/** Bodies far apart, close together and in the same place, with light and heavy masses. */
export const bodiesArbitrary = fc
  .tuple(
    fc.array(body, { minLength: 1, maxLength: 40 }),
    fc.integer({ min: 1, max: 20 }),
    fc.constantFrom(1, 1e-3, 1e-9),
  )
  .map(([some, copies, scale]) => {
    const all = Array.from({ length: copies }, () => some).flat();
    return Float32Array.from(all.flatMap(([x, y, z, m]) => [x * scale, y * scale, z * scale, m]));
  });
