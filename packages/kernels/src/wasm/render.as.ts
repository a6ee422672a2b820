// AssemblyScript; built by scripts/build-wasm.ts. A path tracer in f64 with + - * /, square roots, floors and comparisons in
// the order of the reference (kernels/render/reference.ts, scatter.ts), whose bits it therefore has on every engine.

import { hitT, intersect } from './render-intersect.as.ts';
import { draw, random, tent } from './render-random.as.ts';

const GLASS: f64 = 3;
const METAL: f64 = 2;
const COAT: f64 = 1;
const LIGHT: f64 = 4;
const MOST: f64 = 32;

let tables: usize = 0;
// The ray, the surface's normal, light found and the share of what follows.
let ox: f64 = 0;
let oy: f64 = 0;
let oz: f64 = 0;
let dx: f64 = 0;
let dy: f64 = 0;
let dz: f64 = 0;
let nx: f64 = 0;
let ny: f64 = 0;
let nz: f64 = 0;
let r: f64 = 0;
let g: f64 = 0;
let b: f64 = 0;
let shareR: f64 = 1;
let shareG: f64 = 1;
let shareB: f64 = 1;
let straight: bool = true;
let discX: f64 = 0;
let discY: f64 = 0;

/** Where the caller may write. @public */
export function freeAt(): usize {
  return (__heap_base + 15) & ~15;
}

/**
 * Adds samples `from` to `to` - 1 of the pixels of `rows` rows of `width`, from (x0, y0) of a picture `total` wide, to their
 * sums: three f64 each at `sums`, row by row.
 * @public
 */
export function render(
  scene: usize,
  sums: usize,
  x0: i32,
  y0: i32,
  width: i32,
  rows: i32,
  total: i32,
  from: i32,
  to: i32,
  maxBounces: i32,
  seed: i32,
): void {
  tables = scene;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < width; x++) {
      const at = sums + <usize>(y * width + x) * 24;
      let sumR = load<f64>(at);
      let sumG = load<f64>(at, 8);
      let sumB = load<f64>(at, 16);
      for (let sample = from; sample < to; sample++) {
        trace(x0 + x, y0 + y, (y0 + y) * total + x0 + x, sample, maxBounces, seed);
        sumR += r < MOST ? r : MOST;
        sumG += g < MOST ? g : MOST;
        sumB += b < MOST ? b : MOST;
      }
      store<f64>(at, sumR);
      store<f64>(at, sumG, 8);
      store<f64>(at, sumB, 16);
    }
  }
}

function value(index: usize): f64 {
  return load<f64>(tables + (index << 3));
}

function turn(x: f64, y: f64, z: f64): void {
  const k = 1 / sqrt<f64>(x * x + y * y + z * z);
  dx = x * k;
  dy = y * k;
  dz = z * k;
}

function toDisc(u: f64, v: f64): void {
  const p = 2 * u - 1;
  const s = 2 * v - 1;
  const wide = p * p > s * s;
  const radius = wide ? p : s;
  const angle = 0.7853981633974483 * (wide ? s / p : p / s);
  const q = angle * angle;
  const sine =
    angle *
    (1 +
      q *
        (-0.16666666666666666 + q * (0.008333333333333333 + q * (-0.0001984126984126984 + q * 2.7557319223985893e-6))));
  const cosine =
    1 +
    q *
      (-0.5 +
        q *
          (0.041666666666666664 + q * (-0.001388888888888889 + q * (2.48015873015873e-5 + q * -2.755731922398589e-7))));
  discX = wide ? radius * cosine : radius * sine;
  discY = wide ? radius * sine : radius * cosine;
}

function aim(x: i32, y: i32): void {
  const column = <f64>x + 0.5 + tent(random(0));
  const row = <f64>y + 0.5 + tent(random(1));
  toDisc(random(2), random(3));
  const lensX = discX * value(21) + discY * value(24);
  const lensY = discX * value(22) + discY * value(25);
  const lensZ = discX * value(23) + discY * value(26);
  ox = value(9) + lensX;
  oy = value(10) + lensY;
  oz = value(11) + lensZ;
  turn(
    value(12) + column * value(15) + row * value(18) - lensX,
    value(13) + column * value(16) + row * value(19) - lensY,
    value(14) + column * value(17) + row * value(20) - lensZ,
  );
}

function trace(x: i32, y: i32, pixel: u32, sample: u32, maxBounces: i32, seed: u32): void {
  r = 0;
  g = 0;
  b = 0;
  shareR = 1;
  shareG = 1;
  shareB = 1;
  straight = true;
  draw(pixel, sample, 0, seed, true);
  aim(x, y);
  for (let bounce = 0; ; bounce++) {
    const hit = intersect(tables, ox, oy, oz, dx, dy, dz, 1e30, false);
    if (hit < 0) {
      const high = dy > 0 ? sqrt<f64>(dy) : 0;
      r += shareR * (value(3) + high * (value(6) - value(3)));
      g += shareG * (value(4) + high * (value(7) - value(4)));
      b += shareB * (value(5) + high * (value(8) - value(5)));
      return;
    }
    const material = tables + ((<usize>value(31) + <usize>hit * 12) << 3);
    setNormal(hit);
    const facing = nx * dx + ny * dy + nz * dz;
    if (load<f64>(material) === LIGHT) {
      if (facing < 0 && (straight || load<f64>(material, 56) === 0)) {
        r += shareR * load<f64>(material, 32);
        g += shareG * load<f64>(material, 40);
        b += shareB * load<f64>(material, 48);
      }
      return;
    }
    if (bounce === maxBounces) return;
    draw(pixel, sample, bounce + 1, seed, bounce === 0);
    if (!scatter(material, facing, bounce)) return;
  }
}

function setNormal(hit: i32): void {
  const quads = <i32>value(0) * 2;
  if (hit < quads) {
    const at = <usize>value(27) + <usize>((hit >> 1) * 24 + (hit & 1));
    nx = value(at);
    ny = value(at + 2);
    nz = value(at + 4);
    return;
  }
  const index = hit - quads;
  const at = <usize>value(28) + <usize>((index >> 1) * 10 + (index & 1));
  const k = value(at + 8);
  nx = (ox + hitT * dx - value(at)) * k;
  ny = (oy + hitT * dy - value(at + 2)) * k;
  nz = (oz + hitT * dz - value(at + 4)) * k;
}

function scatter(material: usize, facing: f64, bounce: i32): bool {
  const side: f64 = facing < 0 ? 1 : -1;
  nx = nx * side;
  ny = ny * side;
  nz = nz * side;
  const cos = -facing * side;
  ox += hitT * dx;
  oy += hitT * dy;
  oz += hitT * dz;
  const kind = load<f64>(material);
  if (kind === GLASS) {
    bend(load<f64>(material, 56), side, cos);
    tint(load<f64>(material, 8), load<f64>(material, 16), load<f64>(material, 24));
  } else if (kind === METAL) {
    mirror(cos);
    const rough = load<f64>(material, 56);
    toDisc(random(2), random(3));
    const q = discX * discX + discY * discY;
    const k = 2 * sqrt<f64>(1 - q) * rough;
    turn(dx + discX * k, dy + discY * k, dz + (1 - 2 * q) * rough);
    if (dx * nx + dy * ny + dz * nz <= 0) return false;
    tint(load<f64>(material, 8), load<f64>(material, 16), load<f64>(material, 24));
  } else {
    const away = 1 - cos;
    const coat = 0.04 + (1 - 0.04) * (away * away * (away * away) * away);
    if (kind === COAT && random(6) < coat) mirror(cos);
    else {
      const scale = load<f64>(material, 88);
      const tiles = floor<f64>(ox * scale) + floor<f64>(oz * scale);
      const colour = material + (tiles - 2 * floor<f64>(tiles / 2) === 1 ? 64 : 8);
      tint(load<f64>(colour), load<f64>(colour, 8), load<f64>(colour, 16));
      lightUp();
      leave();
    }
  }
  if (bounce < 3) return true;
  const more = shareR > shareG ? shareR : shareG;
  const most = more > shareB ? more : shareB;
  const stay = most < 0.95 ? most : 0.95;
  if (random(7) >= stay) return false;
  tint(1 / stay, 1 / stay, 1 / stay);
  return true;
}

function tint(red: f64, green: f64, blue: f64): void {
  shareR *= red;
  shareG *= green;
  shareB *= blue;
}

function mirror(cos: f64): void {
  const k = 2 * cos;
  dx += k * nx;
  dy += k * ny;
  dz += k * nz;
  straight = true;
}

function bend(ior: f64, side: f64, cos: f64): void {
  const eta = side > 0 ? 1 / ior : ior;
  const square = eta * eta * (1 - cos * cos);
  let reflected: f64 = 1;
  let inside: f64 = 0;
  if (square < 1) {
    inside = sqrt<f64>(1 - square);
    const s = (eta * cos - inside) / (eta * cos + inside);
    const p = (eta * inside - cos) / (eta * inside + cos);
    reflected = (s * s + p * p) / 2;
  }
  if (random(6) < reflected) {
    mirror(cos);
    return;
  }
  const k = eta * cos - inside;
  turn(eta * dx + k * nx, eta * dy + k * ny, eta * dz + k * nz);
  straight = true;
}

function lightUp(): void {
  const lights = value(1);
  if (lights === 0) return;
  const at = tables + ((<usize>value(30) + <usize>floor<f64>(random(4) * lights) * 16) << 3);
  const u = random(0);
  const v = random(1);
  const x = load<f64>(at) + u * load<f64>(at, 24) + v * load<f64>(at, 48) - ox;
  const y = load<f64>(at, 8) + u * load<f64>(at, 32) + v * load<f64>(at, 56) - oy;
  const z = load<f64>(at, 16) + u * load<f64>(at, 40) + v * load<f64>(at, 64) - oz;
  const square = x * x + y * y + z * z;
  const distance = sqrt<f64>(square);
  const k = 1 / sqrt<f64>(x * x + y * y + z * z);
  const sx = x * k;
  const sy = y * k;
  const sz = z * k;
  const here = sx * nx + sy * ny + sz * nz;
  const there = -(sx * load<f64>(at, 72) + sy * load<f64>(at, 80) + sz * load<f64>(at, 88));
  if (!(here > 0) || !(there > 0)) return;
  if (intersect(tables, ox, oy, oz, sx, sy, sz, distance * (1 - 1e-6), true) >= 0) return;
  const w = (0.3183098861837907 * here * there * load<f64>(at, 96) * lights) / square;
  r += shareR * w * load<f64>(at, 104);
  g += shareG * w * load<f64>(at, 112);
  b += shareB * w * load<f64>(at, 120);
}

function leave(): void {
  toDisc(random(2), random(3));
  const x = discX;
  const y = discY;
  const rest = 1 - (x * x + y * y);
  const up = sqrt<f64>(rest > 0 ? rest : 0);
  const sign: f64 = nz < 0 ? -1 : 1;
  const p = -1 / (sign + nz);
  const q = nx * ny * p;
  turn(
    x * (1 + sign * (nx * nx * p)) + y * q + up * nx,
    x * (sign * q) + y * (sign + ny * ny * p) + up * ny,
    x * -(sign * nx) + y * -ny + up * nz,
  );
  straight = false;
}
