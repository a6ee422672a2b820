import { createSeededRandom } from '@reckon/protocol/testing/seeded-random';
import { expect, test } from 'vitest';
import { cameraRows, sinCos } from './camera.ts';
import { FAR, intersect } from './intersect.ts';
import type { Tile } from './params.ts';
import { disc, toDisc } from './path.ts';
import { pcg4d, STEPS } from './random.ts';
import { renderTables } from './reference.ts';
import { dot, type Material, minus, type Scene, type Sphere, unit, type Vec3 } from './scene.ts';
import { sceneNames, sceneOf } from './scenes.ts';
import { HEADER, tablesOf } from './tables.ts';
import { toneMapper } from './tone.ts';

test('pcg4d is what its paper defines, by whole numbers of any size', () => {
  const wrap = (x: bigint) => BigInt.asUintN(32, x);
  const random = createSeededRandom(1);
  const out = new Uint32Array(4);
  for (let i = 0; i < 200; i++) {
    const words = [random.u32(), random.u32(), random.u32(), random.u32()] as const;
    let [x, y, z, w] = words.map((word) => wrap(BigInt(word) * 1_664_525n + 1_013_904_223n)) as [
      bigint,
      bigint,
      bigint,
      bigint,
    ];
    const mix = () => {
      x = wrap(x + y * w);
      y = wrap(y + z * x);
      z = wrap(z + x * y);
      w = wrap(w + y * z);
    };
    mix();
    [x, y, z, w] = [x ^ (x >> 16n), y ^ (y >> 16n), z ^ (z >> 16n), w ^ (w >> 16n)];
    mix();
    pcg4d(...words, out);
    expect([...out]).toEqual([x, y, z, w].map(Number));
  }
});

test('the even steps are the fractions of the square roots of the first twelve primes', () => {
  const root = (n: bigint) => {
    let x = n;
    for (let next = (x + 1n) / 2n; next < x; next = (x + n / x) / 2n) x = next;
    return x;
  };
  const primes = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n];
  expect(STEPS).toEqual(primes.map((p) => Number(BigInt.asUintN(32, root(p << 64n)))));
});

test('sine and cosine are those of the platform to the last digits', () => {
  for (let degrees = -180; degrees <= 180; degrees += 0.37) {
    const angle = (degrees / 180) * Math.PI;
    const [sin, cos] = sinCos(degrees);
    expect(Math.abs(sin - Math.sin(angle))).toBeLessThan(1e-15);
    expect(Math.abs(cos - Math.cos(angle))).toBeLessThan(1e-15);
  }
});

test('bytes are the rounded curve of ACES and sRGB, and a stop of exposure doubles the light', () => {
  const curve = (radiance: number) => {
    const x = radiance * 0.6;
    const film = (x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14);
    return 255 * (film <= 0.0031308 ? 12.92 * film : 1.055 * film ** (1 / 2.4) - 0.055);
  };
  const toByte = toneMapper(0);
  for (let radiance = 0; radiance < 33; radiance += 0.003 + radiance / 200) {
    const exact = Math.min(255, curve(radiance));
    expect(Math.abs(toByte(radiance) - exact)).toBeLessThan(0.5 + 1e-4);
    expect(Math.abs(toneMapper(1)(radiance) - toByte(radiance * 2))).toBeLessThanOrEqual(0);
    expect(Math.abs(toneMapper(-1.5)(radiance) - toByte(radiance * 2 ** -1.5))).toBeLessThanOrEqual(1);
  }
});

test('the map to the disc keeps areas: points of a grid fall evenly, none outside', () => {
  let [xx, yy, xy, inner] = [0, 0, 0, 0];
  const side = 200;
  for (let i = 0; i < side * side; i++) {
    toDisc(((i % side) + 0.5) / side, (Math.floor(i / side) + 0.5) / side);
    const square = disc.x * disc.x + disc.y * disc.y;
    expect(square).toBeLessThan(1);
    xx += disc.x * disc.x;
    yy += disc.y * disc.y;
    xy += disc.x * disc.y;
    if (square < 0.25) inner++;
  }
  const mean = (sum: number) => sum / (side * side);
  expect([mean(xx), mean(yy), mean(xy), mean(inner)]).toEqual([0.25, 0.25, 0, 0.25].map((of) => expect.closeTo(of, 3)));
});

test.each(sceneNames)('the tree of %s finds the nearest sphere, as trying them all does', (name) => {
  const scene = { ...sceneOf(name), quads: [] };
  const tables = tablesOf(scene);
  const random = createSeededRandom(3);
  const near = () => random.fraction() * 2 - 1;
  let hits = 0;
  for (let i = 0; i < 400; i++) {
    const from: Vec3 = [near() * 8, random.fraction() * 4, near() * 8];
    const to = random.pick(scene.spheres).centre;
    const along = unit(minus([to[0] + near() / 4, to[1] + near() / 4, to[2] + near() / 4], from));
    const ray = { ox: from[0], oy: from[1], oz: from[2], dx: along[0], dy: along[1], dz: along[2], t: FAR, hit: -1 };
    const nearest = Math.min(...scene.spheres.map((sphere) => distanceTo(sphere, from, along)));
    intersect(tables, ray, false);
    expect(ray.hit >= 0).toBe(nearest < FAR);
    if (nearest < FAR) expect(ray.t).toBeCloseTo(nearest, 9);
    hits += nearest < FAR ? 1 : 0;
    ray.t = nearest < FAR ? nearest * 1.001 : FAR;
    intersect(tables, ray, true);
    expect(ray.hit >= 0).toBe(nearest < FAR);
  }
  expect(hits).toBeGreaterThan(100);
});

function distanceTo({ centre, radius }: Sphere, from: Vec3, along: Vec3): number {
  const to = minus(centre, from);
  const b = dot(to, along);
  const disc = b * b - dot(to, to) + radius * radius;
  if (disc <= 0) return FAR;
  const [near, far] = [b - Math.sqrt(disc), b + Math.sqrt(disc)];
  return near > 1e-7 ? near : far > 1e-7 ? far : FAR;
}

const grey: Vec3 = [0.5, 0.25, 1];
const shot = { totalWidth: 12, totalHeight: 12, turn: 0, tilt: 0, zoom: 4, blur: 1 };
const tile: Tile = {
  ...shot,
  scene: 'cornell',
  x: 0,
  y: 0,
  width: 12,
  height: 12,
  samples: 256,
  maxBounces: 32,
  exposure: 0,
  seed: 1,
};

/** One sphere that fills the picture, under a sky of radiance 1 from everywhere, or with lamps. */
function furnace(
  material: Material,
  quads: Scene['quads'] = [],
  sky: Vec3 = [1, 1, 1],
  change?: (tables: Float64Array) => void,
): Float32Array {
  const scene: Scene = {
    spheres: [{ centre: [0, 0, 0], radius: 1, material }],
    quads,
    sky: { horizon: sky, zenith: sky },
    view: { eye: [0, 0, 4], target: [0, 0, 0], slope: 0.5, lens: 0.01 },
  };
  const tables = tablesOf(scene);
  tables.set(cameraRows(scene.view, shot).flat(), HEADER.camera);
  change?.(tables);
  return renderTables(tables, tile);
}
const meanOf = (pixels: Float32Array) =>
  [0, 1, 2].map((c) => pixels.reduce((sum, value, at) => (at % 3 === c ? sum + value : sum), 0) / (pixels.length / 3));

test('in a furnace a surface gives back what its colour says, and glass all', () => {
  for (const material of [
    { kind: 'diffuse', colour: grey },
    { kind: 'metal', colour: grey, rough: 0 },
  ] as const) {
    for (const value of meanOf(furnace(material)).entries()) expect(value[1]).toBeCloseTo(grey[value[0]] as number, 6);
  }
  const glass = furnace({ kind: 'glass', colour: [1, 1, 1], ior: 1.5 });
  // All but the few paths that are still inside after 32 bounces.
  for (const value of glass) expect(value).toBeCloseTo(1, 2);
  // A coat adds at least 4 % of what does not reach the colour below it.
  expect(meanOf(furnace({ kind: 'coat', colour: [0.5, 0.5, 0.5] }))[0]).toBeGreaterThan(0.52);
});

test('a lamp that surfaces aim at gives as much light as one that paths find by chance', () => {
  // A square of side 3, 5 from the sphere's front, in the dark.
  const lamp: Material = { kind: 'light', radiance: [3, 3, 3] };
  const quads = [{ corner: [-1.5, -1.5, 6], u: [0, 3, 0], v: [3, 0, 0], material: lamp }] as const;
  const white: Material = { kind: 'diffuse', colour: [1, 1, 1] };
  const [aimed = 0] = meanOf(furnace(white, quads, [0, 0, 0]));
  const [found = 0] = meanOf(
    furnace(white, quads, [0, 0, 0], (tables) => {
      tables[HEADER.lights] = 0;
      tables[(tables[HEADER.materialsAt] as number) + 7] = 0;
    }),
  );
  expect(found / aimed).toBeGreaterThan(0.96);
  expect(found / aimed).toBeLessThan(1.04);
});
