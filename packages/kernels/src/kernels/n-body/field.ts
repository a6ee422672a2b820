import { encodeNpy } from '../../tensor/npy.ts';
import type { Unit } from './params.ts';

/**
 * A unit's result: .npy float32 [targets + 1, 4], a row of ax, ay, az and potential for each target. The last row holds the
 * slice's sums Σ mᵢ aᵢ and Σ mᵢ φᵢ, since whoever merges results has no masses.
 */
export function encodeField({ first, targets }: Unit, bodies: Float32Array, field: Float64Array): Uint8Array {
  const rows = Float32Array.from({ length: (targets + 1) * 4 }, (_, at) => field[at] ?? 0);
  const sums = [0, 0, 0, 0];
  for (let t = 0; t < targets; t++) {
    const mass = bodies[(first + t) * 4 + 3] as number;
    for (const c of [0, 1, 2, 3]) sums[c] = (sums[c] as number) + mass * (rows[t * 4 + c] as number);
  }
  rows.set(sums, targets * 4);
  return encodeNpy({ dtype: 'float32', shape: [targets + 1, 4], data: new Uint8Array(rows.buffer) });
}
