import { COLUMNS } from './field.ts';

/**
 * The definition, in f64: at target i, with d = xⱼ − xᵢ and r² = |d|² + ε², the acceleration Σ mⱼ d / r³ and the potential
 * −Σ mⱼ / r over all j ≠ i, with G = 1 (Plummer softening: Aarseth, "Gravitational N-Body Simulations", 2003, eq. 2.1).
 * The pull is Σ mⱼ / r²: what no acceleration exceeds, as |d| ≤ r. Gives ax, ay, az, potential, pull for each target.
 */
export function fieldReference(bodies: Float32Array, first: number, targets: number, softening: number): Float64Array {
  const out = new Float64Array(targets * COLUMNS);
  // Rounded as every backend has it.
  const e2 = Math.fround(softening * softening);
  const at = (index: number) => bodies[index] as number;
  for (let t = 0; t < targets; t++) {
    const i = first + t;
    let [ax, ay, az, potential, pull] = [0, 0, 0, 0, 0];
    for (let j = 0; j < bodies.length / 4; j++) {
      if (j === i) continue;
      const dx = at(j * 4) - at(i * 4);
      const dy = at(j * 4 + 1) - at(i * 4 + 1);
      const dz = at(j * 4 + 2) - at(i * 4 + 2);
      const r2 = dx * dx + dy * dy + dz * dz + e2;
      const w = at(j * 4 + 3) / Math.sqrt(r2);
      ax += (w / r2) * dx;
      ay += (w / r2) * dy;
      az += (w / r2) * dz;
      potential -= w;
      pull += at(j * 4 + 3) / r2;
    }
    out.set([ax, ay, az, potential, pull], t * COLUMNS);
  }
  return out;
}
