import { buildTree } from './tree.ts';
import {
  cross,
  dot,
  length,
  type Material,
  type Quad,
  type Scene,
  type Sphere,
  times,
  unit,
  type Vec3,
} from './scene.ts';

/**
 * A scene as one block of f64, which the reference and the WASM twin read alike. Quads and spheres lie in pairs, the two
 * values of a field beside each other, as f64x2 loads them. Numbers below are places and sizes in f64.
 */
export const HEADER = {
  quadPairs: 0,
  lights: 1,
  /** A node's index, or −1 − the index of a pair of spheres. */
  root: 2,
  horizon: 3,
  zenith: 6,
  /** The eye; the picture's first corner, and the steps to the next pixel and row, from the eye; the lens' two radii. */
  camera: 9,
  quadsAt: 27,
  spheresAt: 28,
  nodesAt: 29,
  lightsAt: 30,
  materialsAt: 31,
  size: 32,
} as const;
/** n, n · c, the dual of u, its product with c, the dual of v and its. */
export const QUAD_PAIR = 24;
/** Centre, squared radius, and one over the radius. */
export const SPHERE_PAIR = 10;
/** Corner, u, v, normal, area, radiance. */
export const LIGHT = 16;
/** Kind, colour, radiance, roughness or refractive index, second colour, one over its side. */
export const MATERIAL = 12;

export const KINDS = { diffuse: 0, coat: 1, metal: 2, glass: 3, light: 4 } as const;

/** A scene's tables; the camera's place in the header is left empty. */
export function tablesOf(scene: Scene): Float64Array {
  const lights = scene.quads.filter((quad) => quad.material.kind === 'light');
  const tree = buildTree(scene.spheres);
  const quadPairs = Math.ceil(scene.quads.length / 2);
  const rows = [
    pairs(scene.quads.map(quadRow), QUAD_PAIR / 2, 0),
    // A squared radius of −1 is never hit.
    pairs(tree.order.map(sphereRow), SPHERE_PAIR / 2, -1),
    tree.nodes,
    lights.flatMap(lightRow),
    [
      ...scene.quads.flatMap(({ material }) => materialRow(material, 1)),
      ...(scene.quads.length % 2 === 1 ? Array<number>(MATERIAL).fill(0) : []),
      ...tree.order.flatMap(({ material }) => materialRow(material, 0)),
    ],
  ];
  const places = rows.map((_, i) => rows.slice(0, i).reduce((sum, row) => sum + row.length, HEADER.size as number));
  const { horizon, zenith } = scene.sky;
  const header = [
    quadPairs,
    lights.length,
    tree.root,
    ...horizon,
    ...zenith,
    ...Array<number>(HEADER.quadsAt - HEADER.camera).fill(0),
    ...places,
  ];
  return Float64Array.from([...header, ...rows.flat()]);
}

function quadRow({ corner, u, v }: Quad): number[] {
  const normal = cross(u, v);
  const n = unit(normal);
  // The point c + a u + b v has a = p · (v × n′) − c · (v × n′), with n′ = normal / |normal|²; b likewise.
  const scaled = times(normal, 1 / dot(normal, normal));
  const [toA, toB] = [cross(v, scaled), cross(scaled, u)];
  return [...n, dot(n, corner), ...toA, dot(toA, corner), ...toB, dot(toB, corner)];
}

const sphereRow = ({ centre, radius }: Sphere): number[] => [...centre, radius * radius, 1 / radius];

function lightRow({ corner, u, v, material }: Quad): number[] {
  const normal = cross(u, v);
  const radiance: Vec3 = material.kind === 'light' ? material.radiance : [0, 0, 0];
  return [...corner, ...u, ...v, ...unit(normal), length(normal), ...radiance];
}

/** `aimedAt`: 1 for a light that is aimed at from surfaces, so is not counted again where chance finds it. */
function materialRow(material: Material, aimedAt: number): number[] {
  const kind = KINDS[material.kind];
  if (material.kind === 'light') return [kind, 0, 0, 0, ...material.radiance, aimedAt, 0, 0, 0, 0];
  const param = material.kind === 'metal' ? material.rough : material.kind === 'glass' ? material.ior : 0;
  const checker = 'checker' in material ? material.checker : undefined;
  const second = checker === undefined ? [0, 0, 0, 0] : [...checker.colour, 1 / checker.side];
  return [kind, ...material.colour, 0, 0, 0, param, ...second];
}

/** Rows two by two, interleaved; a missing last one is `filler` throughout. */
function pairs(rows: readonly number[][], size: number, filler: number): number[] {
  const out: number[] = [];
  for (let i = 0; i < rows.length; i += 2) {
    const [a, b] = [rows[i] as number[], rows[i + 1] ?? Array<number>(size).fill(filler)];
    for (let field = 0; field < size; field++) out.push(a[field] as number, b[field] as number);
  }
  return out;
}
