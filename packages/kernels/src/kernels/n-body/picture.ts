import type { Preview } from '../../kernel.ts';
import { COLUMNS } from './field.ts';
import type { Unit } from './params.ts';

const SIDE = 160;
/** Bodies drawn at most; the first ones, which are as good a sample as any other. */
const MOST = 200_000;
/** The product's ink, then a body that is not the unit's, then the shallowest and the deepest potential. */
const INK = [0x14, 0x16, 0x1a] as const;
const OTHER = [0x16, 0x24, 0x28] as const;
const SHALLOW = [0x08, 0x80, 0x74] as const;
const DEEP = [0xff, 0xb8, 0x5c] as const;

/** The bodies seen along z, the unit's own in the colour of their potential once their field (rows of COLUMNS) is known. */
export function fieldPreview(unit: Unit, bodies: Float32Array, field?: ArrayLike<number>): Preview {
  const count = Math.min(unit.bodies, MOST);
  const { middle, scale } = viewOf(bodies, count);
  const light = new Float32Array(SIDE * SIDE * 3);
  const put = (body: number, [r, g, b]: readonly number[], weight: number) => {
    const x = Math.floor(((bodies[body * 4] as number) - middle[0]) * scale + SIDE / 2);
    const y = Math.floor((middle[1] - (bodies[body * 4 + 1] as number)) * scale + SIDE / 2);
    if (!(x >= 0 && x < SIDE && y >= 0 && y < SIDE)) return;
    const at = (y * SIDE + x) * 3;
    [r, g, b].forEach((c, i) => {
      light[at + i] = (light[at + i] as number) + (c as number) * weight;
    });
  };
  // The same brightness however many there are.
  const dim = Math.min(1, 10_000 / count);
  for (let body = 0; body < count; body++) put(body, OTHER, dim);
  if (field) {
    const depth = depthOf(field, unit.targets);
    const weight = Math.min(1, 8_000 / unit.targets);
    for (let t = 0; t < unit.targets; t++) {
      const d = depth(field[t * COLUMNS + 3] as number);
      put(
        unit.first + t,
        SHALLOW.map((c, i) => c + d * ((DEEP[i] as number) - c)),
        weight,
      );
    }
  }
  const rgba = new Uint8ClampedArray(SIDE * SIDE * 4);
  for (let at = 0; at < SIDE * SIDE; at++) {
    const [r, g, b] = [light[at * 3] as number, light[at * 3 + 1] as number, light[at * 3 + 2] as number];
    // Crowds glow in their colour instead of all becoming white.
    const shade = 1 / (1 + Math.max(r, g, b) / 300);
    rgba[at * 4] = INK[0] + r * shade;
    rgba[at * 4 + 1] = INK[1] + g * shade;
    rgba[at * 4 + 2] = INK[2] + b * shade;
    rgba[at * 4 + 3] = 255;
  }
  return { kind: 'pixels', width: SIDE, height: SIDE, rgba, caption: 'bodies, brighter where gravity is deeper' };
}

/** Their middle, and pixels per unit of length: three times their mean distance from it fills the picture. */
function viewOf(bodies: Float32Array, count: number): { middle: readonly [number, number]; scale: number } {
  let [x, y, spread] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    x += (bodies[i * 4] as number) / count;
    y += (bodies[i * 4 + 1] as number) / count;
  }
  for (let i = 0; i < count; i++) {
    spread += (Math.abs((bodies[i * 4] as number) - x) + Math.abs((bodies[i * 4 + 1] as number) - y)) / (2 * count);
  }
  return { middle: [x, y], scale: spread > 0 ? SIDE / 2 / (3 * spread) : 1 };
}

/** 0 at the shallowest potential of the targets, 1 at the deepest. */
function depthOf(field: ArrayLike<number>, targets: number): (potential: number) => number {
  let [low, high] = [Infinity, -Infinity];
  for (let at = 3; at < targets * COLUMNS; at += COLUMNS) {
    low = Math.min(low, field[at] as number);
    high = Math.max(high, field[at] as number);
  }
  return (potential) => (high > low ? (high - potential) / (high - low) : 1);
}
