import { encodeNpy } from '../../tensor/npy.ts';
import { toNumbers, type Tensor } from '../../tensor/tensor.ts';
import type { Unit } from './params.ts';

/** Numbers of a target: ax, ay, az, potential and pull (reference.ts). */
export const COLUMNS = 5;
/** Those of them that people get; the pull is for comparing results. */
const SHOWN = 4;

/**
 * A unit's result: .npy float32 [targets + 1, 5], a row for each target. The last row holds the slice's sums, each number
 * times its target's mass, since whoever merges results has no masses.
 */
export function encodeField({ first, targets }: Unit, bodies: Float32Array, field: Float64Array): Uint8Array {
  const rows = Float32Array.from({ length: (targets + 1) * COLUMNS }, (_, at) => field[at] ?? 0);
  const sums = new Float64Array(COLUMNS);
  for (let t = 0; t < targets; t++) {
    const mass = bodies[(first + t) * 4 + 3] as number;
    for (let c = 0; c < COLUMNS; c++) sums[c] = (sums[c] as number) + mass * (rows[t * COLUMNS + c] as number);
  }
  rows.set(sums, targets * COLUMNS);
  return encodeNpy({ dtype: 'float32', shape: [targets + 1, COLUMNS], data: new Uint8Array(rows.buffer) });
}

/** Rows of a result without the pull: float32 [n, 4]. */
export function shownField(rows: Tensor): Tensor {
  const numbers = toNumbers(rows);
  const count = numbers.length / COLUMNS;
  const shown = new Float32Array(count * SHOWN);
  for (let at = 0; at < shown.length; at++) {
    shown[at] = numbers[Math.floor(at / SHOWN) * COLUMNS + (at % SHOWN)] as number;
  }
  return { dtype: 'float32', shape: [count, SHOWN], data: new Uint8Array(shown.buffer) };
}
