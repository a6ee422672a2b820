import { intersect } from './intersect.ts';
import { disc, type Path, random, toDisc, turn } from './path.ts';
import { HEADER, KINDS, LIGHT } from './tables.ts';

/** A shadow ray ends just before its light. */
const ALMOST = 1 - 1e-6;
const ONE_OVER_PI = 0.3183098861837907;
/** What a clear coat reflects straight on: of refractive index 1.5. */
const COAT = 0.04;
/** From this bounce on, paths that carry little end by chance. */
const ROULETTE = 3;

/**
 * Sends the path on from the surface of the material at `material`, `facing` being the cosine between ray and outward
 * normal, and adds the light that falls on it. False where the path ends.
 */
export function scatter(path: Path, material: number, facing: number, bounce: number): boolean {
  const { ray, tables } = path;
  const value = (i: number) => tables[material + i] as number;
  const side = facing < 0 ? 1 : -1;
  const nx = path.nx * side;
  const ny = path.ny * side;
  const nz = path.nz * side;
  const cos = -facing * side;
  ray.ox += ray.t * ray.dx;
  ray.oy += ray.t * ray.dy;
  ray.oz += ray.t * ray.dz;
  const kind = value(0);
  if (kind === KINDS.glass) {
    bend(path, value(7), side, cos, nx, ny, nz);
    tint(path, value(1), value(2), value(3));
  } else if (kind === KINDS.metal) {
    mirror(path, cos, nx, ny, nz);
    const rough = value(7);
    toDisc(random(path, 2), random(path, 3));
    const q = disc.x * disc.x + disc.y * disc.y;
    const k = 2 * Math.sqrt(1 - q) * rough;
    turn(ray, ray.dx + disc.x * k, ray.dy + disc.y * k, ray.dz + (1 - 2 * q) * rough);
    if (ray.dx * nx + ray.dy * ny + ray.dz * nz <= 0) return false;
    tint(path, value(1), value(2), value(3));
  } else {
    const away = 1 - cos;
    const coat = COAT + (1 - COAT) * (away * away * (away * away) * away);
    if (kind === KINDS.coat && random(path, 6) < coat) mirror(path, cos, nx, ny, nz);
    else {
      const tiles = Math.floor(ray.ox * value(11)) + Math.floor(ray.oz * value(11));
      const colour = tiles - 2 * Math.floor(tiles / 2) === 1 ? 8 : 1;
      tint(path, value(colour), value(colour + 1), value(colour + 2));
      lightUp(path, nx, ny, nz);
      leave(path, nx, ny, nz);
    }
  }
  if (bounce < ROULETTE) return true;
  const more = path.shareR > path.shareG ? path.shareR : path.shareG;
  const most = more > path.shareB ? more : path.shareB;
  const stay = most < 0.95 ? most : 0.95;
  if (random(path, 7) >= stay) return false;
  tint(path, 1 / stay, 1 / stay, 1 / stay);
  return true;
}

function tint(path: Path, r: number, g: number, b: number): void {
  path.shareR *= r;
  path.shareG *= g;
  path.shareB *= b;
}

function mirror(path: Path, cos: number, nx: number, ny: number, nz: number): void {
  const { ray } = path;
  const k = 2 * cos;
  ray.dx += k * nx;
  ray.dy += k * ny;
  ray.dz += k * nz;
  path.straight = true;
}

/** Reflected with the probability of Fresnel's equations, else refracted by Snell's law. */
function bend(path: Path, ior: number, side: number, cos: number, nx: number, ny: number, nz: number): void {
  const { ray } = path;
  const eta = side > 0 ? 1 / ior : ior;
  const square = eta * eta * (1 - cos * cos);
  let reflected = 1;
  let inside = 0;
  if (square < 1) {
    inside = Math.sqrt(1 - square);
    const s = (eta * cos - inside) / (eta * cos + inside);
    const p = (eta * inside - cos) / (eta * inside + cos);
    reflected = (s * s + p * p) / 2;
  }
  if (random(path, 6) < reflected) {
    mirror(path, cos, nx, ny, nz);
    return;
  }
  const k = eta * cos - inside;
  turn(ray, eta * ray.dx + k * nx, eta * ray.dy + k * ny, eta * ray.dz + k * nz);
  path.straight = true;
}

/** Adds the light of a random point of a random lamp. */
function lightUp(path: Path, nx: number, ny: number, nz: number): void {
  const { tables, ray, shadow } = path;
  const lights = tables[HEADER.lights] as number;
  if (lights === 0) return;
  const at = (tables[HEADER.lightsAt] as number) + Math.floor(random(path, 4) * lights) * LIGHT;
  const value = (i: number) => tables[at + i] as number;
  const u = random(path, 0);
  const v = random(path, 1);
  const x = value(0) + u * value(3) + v * value(6) - ray.ox;
  const y = value(1) + u * value(4) + v * value(7) - ray.oy;
  const z = value(2) + u * value(5) + v * value(8) - ray.oz;
  const square = x * x + y * y + z * z;
  const distance = Math.sqrt(square);
  turn(shadow, x, y, z);
  const here = shadow.dx * nx + shadow.dy * ny + shadow.dz * nz;
  const there = -(shadow.dx * value(9) + shadow.dy * value(10) + shadow.dz * value(11));
  if (!(here > 0) || !(there > 0)) return;
  shadow.ox = ray.ox;
  shadow.oy = ray.oy;
  shadow.oz = ray.oz;
  shadow.t = distance * ALMOST;
  intersect(tables, shadow, true);
  if (shadow.hit >= 0) return;
  const k = (ONE_OVER_PI * here * there * value(12) * lights) / square;
  path.r += path.shareR * k * value(13);
  path.g += path.shareG * k * value(14);
  path.b += path.shareB * k * value(15);
}

/** A random direction, likelier the steeper, in the frame of Duff and others ("Building an Orthonormal Basis, Revisited", 2017). */
function leave(path: Path, nx: number, ny: number, nz: number): void {
  toDisc(random(path, 2), random(path, 3));
  const { x, y } = disc;
  const rest = 1 - (x * x + y * y);
  const up = Math.sqrt(rest > 0 ? rest : 0);
  const sign = nz < 0 ? -1 : 1;
  const a = -1 / (sign + nz);
  const b = nx * ny * a;
  turn(
    path.ray,
    x * (1 + sign * (nx * nx * a)) + y * b + up * nx,
    x * (sign * b) + y * (sign + ny * ny * a) + up * ny,
    x * -(sign * nx) + y * -ny + up * nz,
  );
  path.straight = false;
}
