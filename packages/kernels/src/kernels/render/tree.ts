import type { Sphere, Vec3 } from './scene.ts';

/** The boxes of both children, low and high along x, y, z, each as a pair; then what the children are. In f64. */
export const NODE = 14;

/** Spheres in the order in which the tree's leaves, of two each, hold them. */
export interface Tree {
  nodes: number[];
  /** A node's index, or −1 − the index of a pair. */
  root: number;
  order: Sphere[];
}

interface Box {
  low: Vec3;
  high: Vec3;
}

/**
 * A tree of boxes around the spheres, cut where rays are expected to meet the least: the surface area heuristic over all cuts
 * along x, y and z (MacDonald, Booth 1990).
 */
export function buildTree(spheres: readonly Sphere[]): Tree {
  const tree: Tree = { nodes: [], root: 0, order: [] };
  tree.root = place(tree, spheres);
  return tree;
}

function place(tree: Tree, spheres: readonly Sphere[]): number {
  if (spheres.length <= 2) {
    tree.order.push(...spheres);
    return -Math.ceil(tree.order.length / 2);
  }
  const sides = bestCut(spheres);
  const node = tree.nodes.length / NODE;
  tree.nodes.push(...Array<number>(NODE).fill(0));
  const boxes = sides.map(boxOf);
  const children = sides.map((side) => place(tree, side));
  const row = ([0, 1, 2] as const).flatMap((c) => [
    ...boxes.map(({ low }) => low[c]),
    ...boxes.map(({ high }) => high[c]),
  ]);
  [...row, ...children].forEach((value, i) => {
    tree.nodes[node * NODE + i] = value;
  });
  return node;
}

/** Whole pairs to the left, so that only the last leaf may have one sphere. */
function bestCut(spheres: readonly Sphere[]): readonly [Sphere[], Sphere[]] {
  let best: readonly [Sphere[], Sphere[]] = [[], []];
  let least = Infinity;
  for (const axis of [0, 1, 2] as const) {
    const sorted = spheres.toSorted((a, b) => a.centre[axis] - b.centre[axis]);
    for (let cut = 2; cut < sorted.length; cut += 2) {
      const sides = [sorted.slice(0, cut), sorted.slice(cut)] as const;
      const cost = cut * area(boxOf(sides[0])) + (sorted.length - cut) * area(boxOf(sides[1]));
      if (cost >= least) continue;
      least = cost;
      best = sides;
    }
  }
  return best;
}

function area({ low, high }: Box): number {
  const [x, y, z] = [high[0] - low[0], high[1] - low[1], high[2] - low[2]];
  return x * y + y * z + z * x;
}

function boxOf(spheres: readonly Sphere[]): Box {
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (const { centre, radius } of spheres) {
    for (const c of [0, 1, 2] as const) {
      if (centre[c] - radius < low[c]) low[c] = centre[c] - radius;
      if (centre[c] + radius > high[c]) high[c] = centre[c] + radius;
    }
  }
  return { low, high };
}
