import { ReckonError } from '@reckon/protocol/base/errors';
import type { UnitInput } from '../../kernel.ts';
import { requireBlob } from '../../params.ts';
import { decodeNpy } from '../../tensor/npy.ts';
import { describeTensor, toNumbers } from '../../tensor/tensor.ts';
import { nBodyManifest } from './manifest.ts';
import { MAX_BODIES, readUnit, type Unit } from './params.ts';

/** Within these, and a softening of 1e-6 to 1e6, nothing on the way to a result leaves the normal numbers of f32. */
const MAX_COORDINATE = 1e6;
const [MIN_MASS, MAX_MASS] = [1e-12, 1e6];

/**
 * Bodies as float32 [n, 4]: x, y, z, mass, one after the other.
 * @throws {ReckonError} TENSOR_INVALID, TENSOR_TYPE, TENSOR_SHAPE, or TENSOR_VALUE with the position of the number.
 */
export function readBodies(bytes: Uint8Array): Float32Array {
  const input = 'bodies';
  const tensor = decodeNpy(input, bytes);
  const received = describeTensor(tensor);
  if (tensor.dtype !== 'float32') throw new ReckonError('TENSOR_TYPE', { input, expected: 'float32', received });
  const [n = 0, columns] = tensor.shape;
  if (tensor.shape.length !== 2 || columns !== 4 || n < 1 || n > MAX_BODIES) {
    throw new ReckonError('TENSOR_SHAPE', { input, expected: `[1 to ${MAX_BODIES}, 4]`, received });
  }
  const bodies = toNumbers(tensor) as Float32Array;
  bodies.forEach((value, at) => {
    const mass = at % 4 === 3;
    // NaN is in no range.
    const fits = mass ? value === 0 || (value >= MIN_MASS && value <= MAX_MASS) : Math.abs(value) <= MAX_COORDINATE;
    if (fits) return;
    throw new ReckonError('TENSOR_VALUE', {
      input,
      at: `[${Math.floor(at / 4)}, ${at % 4}]`,
      expected: mass
        ? `a mass of 0 or ${MIN_MASS} to ${MAX_MASS}`
        : `a coordinate of -${MAX_COORDINATE} to ${MAX_COORDINATE}`,
      received: `${value}`,
    });
  });
  return bodies;
}

/**
 * What a unit computes, and its bodies.
 * @throws {ReckonError} KERNEL_PARAMS_INVALID, KERNEL_INPUT_MISSING, and what `readBodies` throws.
 */
export function readField({ params, blobs }: UnitInput): { unit: Unit; bodies: Float32Array } {
  const unit = readUnit(params);
  const bodies = readBodies(requireBlob(nBodyManifest, blobs, 'bodies'));
  if (bodies.length !== unit.bodies * 4) {
    const received = `[${bodies.length / 4}, 4]`;
    throw new ReckonError('TENSOR_SHAPE', { input: 'bodies', expected: `[${unit.bodies}, 4]`, received });
  }
  return { unit, bodies };
}
