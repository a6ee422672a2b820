import type { Stage } from './params.ts';

/**
 * `energy.json`: the potential energy ½ Σ mᵢ φᵢ, and the force Σ mᵢ aᵢ on the whole, which only rounding keeps from being 0;
 * both with G = 1, and null while units are missing. `sums` are the last rows of the units' results.
 */
export function energyFile({ bodies, softening }: Stage, sums: readonly (ArrayLike<number> | undefined)[]): string {
  const missingUnits = sums.flatMap((sum, unit) => (sum === undefined ? [unit] : []));
  const total = (column: number) => sums.reduce((all, sum) => all + (sum?.[column] ?? 0), 0);
  const whole = missingUnits.length === 0;
  const energy = {
    bodies,
    softening,
    potentialEnergy: whole ? total(3) / 2 : null,
    netForce: whole ? [total(0), total(1), total(2)] : null,
    missingUnits,
  };
  return `${JSON.stringify(energy, null, 2)}\n`;
}
