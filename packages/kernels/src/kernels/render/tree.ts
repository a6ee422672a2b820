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

/** A tree of boxes around the spheres, halved along the longest side of their centres' box. */
export function buildTree(spheres: readonly Sphere[]): Tree {
  const tree: Tree = { nodes: [], root: 0, order: [] };
  tree.root = place(tree, [...spheres]);
  return tree;
}

function place(tree: Tree, spheres: Sphere[]): number {
  if (spheres.length <= 2) {
    tree.order.push(...spheres);
    return -1 - (Math.ceil(tree.order.length / 2) - 1);
  }
  const axis = longestAxis(boxOf(spheres.map((sphere) => ({ ...sphere, radius: 0 }))));
  spheres.sort((a, b) => a.centre[axis] - b.centre[axis]);
  // Whole pairs to the left, so that only the last leaf may have one sphere.
  const half = Math.ceil(spheres.length / 4) * 2;
  const sides = [spheres.slice(0, half), spheres.slice(half)] as const;
  const node = tree.nodes.length / NODE;
  tree.nodes.push(...Array<number>(NODE).fill(0));
  const boxes = sides.map(boxOf) as [Box, Box];
  const children = sides.map((side) => place(tree, side));
  const row = ([0, 1, 2] as const).flatMap((c) => [
    ...boxes.map((box) => box.low[c]),
    ...boxes.map((box) => box.high[c]),
  ]);
  [...row, ...children].forEach((value, i) => {
    tree.nodes[node * NODE + i] = value;
  });
  return node;
}

function boxOf(spheres: readonly Pick<Sphere, 'centre' | 'radius'>[]): Box {
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

function longestAxis({ low, high }: Box): 0 | 1 | 2 {
  const [x, y, z] = [high[0] - low[0], high[1] - low[1], high[2] - low[2]];
  if (x >= y && x >= z) return 0;
  return y >= z ? 1 : 2;
}
