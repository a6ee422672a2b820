import { pcg4d } from './random.ts';
import { add, type Material, type Quad, type Scene, type Sphere, times, type Vec3 } from './scene.ts';

const SCENES = { cornell: cornellBox, spheres: manySpheres, gallery } as const;
export type SceneName = keyof typeof SCENES;
export const sceneNames = ['cornell', 'spheres', 'gallery'] as const satisfies readonly SceneName[];

/** A built-in scene; the same numbers on every engine: only + − × ÷ and square roots make them. */
export const sceneOf = (name: SceneName): Scene => SCENES[name]();

const diffuse = (...colour: Vec3): Material => ({ kind: 'diffuse', colour });
const coat = (...colour: Vec3): Material => ({ kind: 'coat', colour });
const metal = (rough: number, ...colour: Vec3): Material => ({ kind: 'metal', rough, colour });
const glass: Material = { kind: 'glass', ior: 1.5, colour: [0.99, 0.995, 0.99] };
const light = (...radiance: Vec3): Material => ({ kind: 'light', radiance });
const sphere = (centre: Vec3, radius: number, material: Material): Sphere => ({ centre, radius, material });
const quad = (corner: Vec3, u: Vec3, v: Vec3, material: Material): Quad => ({ corner, u, v, material });

/** An upright box without its bottom; its base has the sides `u` and `v`, with v × u pointing up. */
function box(corner: Vec3, u: Vec3, v: Vec3, height: number, material: Material): Quad[] {
  const up: Vec3 = [0, height, 0];
  return [
    quad(corner, up, u, material),
    quad(add(corner, u), up, v, material),
    quad(add(add(corner, u), v), up, times(u, -1), material),
    quad(add(corner, v), up, times(v, -1), material),
    quad(add(corner, up), v, u, material),
  ];
}

/** After the Cornell box (Goral, Torrance, Greenberg, Battaile 1984), with a mirror, a glass sphere and a glazed one. */
function cornellBox(): Scene {
  const white = diffuse(0.74, 0.73, 0.7);
  const [left, right, top, back, front] = [-1.4, 1.4, 2, -1.4, 4.2];
  const [width, depth] = [right - left, front - back];
  return {
    quads: [
      quad([left, 0, back], [0, 0, depth], [width, 0, 0], white),
      quad([left, top, back], [width, 0, 0], [0, 0, depth], white),
      quad([left, 0, back], [width, 0, 0], [0, top, 0], white),
      quad([left, 0, front], [0, top, 0], [width, 0, 0], white),
      quad([left, 0, back], [0, top, 0], [0, 0, depth], diffuse(0.63, 0.07, 0.05)),
      quad([right, 0, back], [0, 0, depth], [0, top, 0], diffuse(0.1, 0.38, 0.33)),
      quad([-0.65, top - 0.001, -0.75], [1.3, 0, 0], [0, 0, 1], light(10, 8.6, 6.6)),
      ...box([-0.98, 0, -0.52], [0.56, 0, -0.2], [-0.2, 0, -0.56], 1.15, white),
    ],
    spheres: [
      sphere([0.5, 0.5, -0.55], 0.5, metal(0, 0.94, 0.9, 0.84)),
      sphere([0.12, 0.3, 0.4], 0.3, glass),
      sphere([-0.62, 0.2, 0.42], 0.2, coat(0.75, 0.5, 0.1)),
      sphere([0.86, 0.15, 0.36], 0.15, metal(0.25, 0.86, 0.5, 0.32)),
    ],
    sky: { horizon: [0, 0, 0], zenith: [0, 0, 0] },
    view: { eye: [0, 1.02, 3.7], target: [0, 0.92, 0], slope: 0.345, lens: 0 },
  };
}

/** A field of small spheres around three large ones, under an evening sky and a large lamp. */
function manySpheres(): Scene {
  const large = [
    sphere([0, 1, 0], 1, glass),
    sphere([-2.3, 1, -0.7], 1, coat(0.043, 0.34, 0.3)),
    sphere([2.3, 1, -0.5], 1, metal(0.02, 0.95, 0.8, 0.55)),
  ];
  const spheres: Sphere[] = [...large];
  const words = new Uint32Array(4);
  for (let x = -9; x <= 9; x++) {
    for (let z = -9; z <= 6; z++) {
      pcg4d(x, z, 7, 1, words);
      const [a, b, c, d] = [...words].map((word) => (word + 0.5) / 2 ** 32) as [number, number, number, number];
      const radius = 0.16 + 0.14 * c * c;
      const centre: Vec3 = [x + 0.7 * (a - 0.5), radius, z + 0.7 * (b - 0.5)];
      if (large.some((other) => near(centre, other.centre, other.radius + radius + 0.05))) continue;
      pcg4d(x, z, 8, 2, words);
      const [e, f, g] = [...words].map((word) => (word + 0.5) / 2 ** 32) as [number, number, number];
      spheres.push(sphere(centre, radius, smallMaterial(d, [e, f, g])));
    }
  }
  return {
    quads: [
      quad([-60, 0, -60], [0, 0, 120], [120, 0, 0], {
        kind: 'coat',
        colour: [0.62, 0.6, 0.56],
        checker: { colour: [0.16, 0.17, 0.18], side: 1 },
      }),
      quad([-6, 7, -4], [7, 0, 0], [0, 1.2, 5], light(8, 6.6, 5)),
    ],
    spheres,
    sky: { horizon: [0.52, 0.4, 0.34], zenith: [0.06, 0.12, 0.3] },
    view: { eye: [1.5, 2.5, 8.6], target: [0, 0.72, 0.5], slope: 0.32, lens: 0.05 },
  };
}

/** Paper, teal, clay, gold and glass, in shares that please. */
function smallMaterial(pick: number, [e, f, g]: Vec3): Material {
  if (pick < 0.3) return coat(0.03 + 0.1 * e, 0.25 + 0.3 * f, 0.25 + 0.25 * g);
  if (pick < 0.5) return coat(0.55 + 0.3 * e, 0.12 + 0.25 * f, 0.06 + 0.1 * g);
  if (pick < 0.65) return coat(0.75 + 0.15 * e, 0.72 + 0.15 * e, 0.66 + 0.15 * e);
  if (pick < 0.85) return metal(0.3 * f * f, 0.9 + 0.06 * e, 0.65 + 0.25 * e, 0.35 + 0.5 * e);
  return glass;
}

function near([a, , c]: Vec3, [d, , f]: Vec3, distance: number): boolean {
  return (a - d) * (a - d) + (c - f) * (c - f) < distance * distance;
}

/** Five spheres on plinths before a wall, lit from three panels in warm and cold light. */
function gallery(): Scene {
  const stone = diffuse(0.7, 0.69, 0.67);
  const materials: Material[] = [
    coat(0.6, 0.1, 0.06),
    metal(0.18, 0.95, 0.72, 0.38),
    glass,
    metal(0, 0.92, 0.93, 0.94),
    coat(0.04, 0.36, 0.31),
  ];
  const at = (i: number) => (i - 2) * 1.32;
  return {
    quads: [
      quad([-12, 0, -3], [0, 0, 16], [24, 0, 0], { kind: 'coat', colour: [0.32, 0.25, 0.2] }),
      quad([-12, 0, -1.6], [24, 0, 0], [0, 6, 0], diffuse(0.78, 0.76, 0.72)),
      quad([-5, 4.9, 0.2], [3, 0, 0], [0, -0.8, 1.6], light(11, 6.4, 3.3)),
      quad([-1, 5, 0.6], [2, 0, 0], [0, 0, 1.6], light(4.4, 4.1, 3.8)),
      quad([2, 4.9, 0.2], [3, 0, 0], [0, -0.8, 1.6], light(3.2, 5.3, 9)),
      ...materials.flatMap((_, i) =>
        box([at(i) - 0.42, 0, 0.42], [0.84, 0, 0], [0, 0, -0.84], 0.5 + 0.14 * (i % 2), stone),
      ),
    ],
    spheres: materials.map((material, i) => sphere([at(i), 1.05 + 0.14 * (i % 2), 0], 0.55, material)),
    sky: { horizon: [0.12, 0.13, 0.16], zenith: [0.05, 0.06, 0.09] },
    view: { eye: [0, 1.8, 8.4], target: [0, 1.12, 0], slope: 0.335, lens: 0 },
  };
}
