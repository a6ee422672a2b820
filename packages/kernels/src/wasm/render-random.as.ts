// Random words of a path's bounces, as kernels/render/random.ts and path.ts have them.

/** Random words of the bounce: eight u32. */
const words = memory.data(32, 16);
/** How far each of them steps from sample to sample, in a pixel's even sequence. */
const STEPS = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19, 0xcbbb9d5d,
  0x629a292a, 0x9159015a, 0x152fecd8,
]);

/** Random number i of the bounce, in (0, 1). */
export function random(i: usize): f64 {
  return (<f64>load<u32>(words + (i << 2)) + 0.5) * 2.3283064365386963e-10;
}

/** A random number as one from −1 to 1, likelier towards 0: where in its pixel a path begins. */
export function tent(u: f64): f64 {
  const t = 2 * u;
  return t < 1 ? sqrt<f64>(t) - 1 : 1 - sqrt<f64>(2 - t);
}

function pcg4d(x: u32, y: u32, z: u32, w: u32, out: usize): void {
  x = x * 1664525 + 1013904223;
  y = y * 1664525 + 1013904223;
  z = z * 1664525 + 1013904223;
  w = w * 1664525 + 1013904223;
  x += y * w;
  y += z * x;
  z += x * y;
  w += y * z;
  x ^= x >> 16;
  y ^= y >> 16;
  z ^= z >> 16;
  w ^= w >> 16;
  x += y * w;
  y += z * x;
  z += x * y;
  w += y * z;
  store<u32>(out, x);
  store<u32>(out, y, 4);
  store<u32>(out, z, 8);
  store<u32>(out, w, 12);
}

/** Draws the eight words of a bounce, which follow the pixel's even sequence when `even`. */
export function draw(pixel: u32, sample: u32, bounce: u32, seed: u32, even: bool): void {
  const drawn = even ? 0xffffffff : sample;
  pcg4d(pixel, drawn, bounce * 2, seed, words);
  pcg4d(pixel, drawn, bounce * 2 + 1, seed, words + 16);
  if (!even) return;
  for (let i: usize = 0; i < 8; i++) {
    const at = words + (i << 2);
    store<u32>(at, load<u32>(at) + sample * load<u32>(STEPS + ((<usize>bounce * 4 + i) << 2)));
  }
}
