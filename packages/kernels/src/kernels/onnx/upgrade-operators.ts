import { fromUtf8 } from '@reckon/protocol/base/bytes';
import type { onnx } from 'onnx-proto';
import { attribute, dropAttributes, readInt, readInts, setAttribute } from './node-attributes.ts';
import type { Ranks } from './ranks.ts';

/** What an upgrade may ask and do besides changing its node. */
export interface UpgradeScope {
  ranks: Ranks;
  /** Puts an Unsqueeze of a value before the node. @returns its output */
  unsqueeze(value: string, axes: number[]): string;
  /** Puts a constant before the node. @returns its name */
  constant(values: number[]): string;
  /** TensorProto.DataType by its name. */
  dataType(name: string): number | undefined;
  /** @throws {ReckonError} MODEL_NOT_ONNX naming the node */
  fail(cause: string): never;
}

/** How an operator of a set before `since` is said in the set `since`. */
export interface Upgrade {
  since: number;
  apply(node: onnx.INodeProto, scope: UpgradeScope): void;
}

/** Up to set 6 the second operand lay along the first from `axis` on, and only when `broadcast` was 1; now as in NumPy. */
const broadcast: Upgrade = {
  since: 7,
  apply(node, scope) {
    const axis = readInt(node, 'broadcast') === 1 ? readInt(node, 'axis') : undefined;
    dropAttributes(node, 'broadcast', 'axis');
    if (axis === undefined) return;
    const [left, right] = node.input ?? [];
    const [a, b] = [scope.ranks.of(left), scope.ranks.of(right)];
    if (a === undefined || b === undefined)
      return scope.fail('broadcasts along an axis, and the graph tells no shapes');
    const first = axis < 0 ? axis + a : axis;
    const after = a - first - b;
    if (first < 0 || after < 0) return scope.fail(`broadcasts ${b} dimensions along axis ${axis} of ${a}`);
    if (after > 0) setInput(node, 1, scope.unsqueeze(right as string, range(b, b + after)));
  },
};

/** Attributes that only said what an engine that trains should do. */
const drop = (since: number, ...names: string[]): Upgrade => ({
  since,
  apply: (node) => dropAttributes(node, ...names),
});

const wholeP: Upgrade = {
  since: 2,
  apply(node) {
    const p = attribute(node, 'p');
    if (p !== undefined) setAttribute(node, 'p', { i: Math.round(p.f ?? 2) });
  },
};

/**
 * What changed in the operator sets 2 to 7, by the ONNX project's version converter and
 * https://github.com/onnx/onnx/blob/main/docs/Changelog.md. `consumed_inputs`, which set 6 removed, is dropped of any node.
 */
export const upgrades: Readonly<Record<string, Upgrade>> = {
  ...Object.fromEntries(
    'Add Sub Mul Div Pow And Or Xor Equal Greater Less'.split(' ').map((operator) => [operator, broadcast]),
  ),
  BatchNormalization: drop(7, 'is_test'),
  Gemm: drop(7, 'broadcast'),
  ...Object.fromEntries(['RNN', 'GRU', 'LSTM'].map((operator) => [operator, drop(7, 'output_sequence')])),
  Dropout: {
    since: 7,
    apply(node, { fail }) {
      if (readInt(node, 'is_test') === 0) fail('drops values at random, as in training: its is_test should be 1');
      dropAttributes(node, 'is_test');
    },
  },
  PRelu: {
    since: 7,
    apply(node, scope) {
      // One slope for each channel, the second dimension: [C] now reads as the last one.
      const [input, slope] = node.input ?? [];
      const [a, b] = [scope.ranks.of(input), scope.ranks.of(slope)];
      if (a === undefined || b === undefined) return scope.fail('has slopes by channel, and the graph tells no shapes');
      if (b === 1 && a > 2) setInput(node, 1, scope.unsqueeze(slope as string, range(1, a - 1)));
    },
  },
  Upsample: {
    since: 7,
    apply(node) {
      const scale = (name: string) => attribute(node, name)?.f ?? 1;
      const floats = [1, 1, scale('height_scale'), scale('width_scale')];
      dropAttributes(node, 'height_scale', 'width_scale');
      if (attribute(node, 'scales') === undefined) setAttribute(node, 'scales', { floats });
    },
  },
  Cast: {
    since: 6,
    apply(node, { dataType, fail }) {
      const name = fromUtf8(attribute(node, 'to')?.s ?? new Uint8Array());
      const i = dataType(name.toUpperCase());
      if (i === undefined) return fail(`casts to the unknown type "${name.slice(0, 20)}"`);
      setAttribute(node, 'to', { i });
    },
  },
  Selu: {
    since: 6,
    apply(node) {
      for (const [name, f] of [
        ['alpha', 1.6732],
        ['gamma', 1.0507],
      ] as const) {
        if (attribute(node, name) === undefined) node.attribute = [...(node.attribute ?? []), { name, type: 1, f }];
      }
    },
  },
  Tile: {
    since: 6,
    apply(node, { ranks, constant, fail }) {
      const [input, tiles, axis] = node.input ?? [];
      const rank = ranks.of(input);
      const [times, along] = [ranks.constant(tiles)?.[0], ranks.constant(axis)?.[0]];
      if (rank === undefined || times === undefined || along === undefined)
        return fail('repeats by what is no constant');
      if (along < 0 || along >= rank || rank > 16) return fail(`repeats along axis ${along} of ${rank}`);
      node.input = [input as string, constant(Array.from({ length: rank }, (_, d) => (d === along ? times : 1)))];
    },
  },
  Reshape: {
    since: 5,
    apply(node, { constant }) {
      const shape = readInts(node, 'shape');
      if (shape === undefined) return;
      node.input = [node.input?.[0] ?? '', constant(shape)];
      dropAttributes(node, 'shape');
    },
  },
  Concat: {
    since: 4,
    apply(node) {
      if (attribute(node, 'axis') === undefined) setAttribute(node, 'axis', { i: 1 });
    },
  },
  Pad: {
    since: 2,
    apply(node) {
      const pads = attribute(node, 'paddings');
      if (pads !== undefined) pads.name = 'pads';
    },
  },
  Split: {
    since: 2,
    apply(node, { ranks, fail }) {
      const [input, split] = node.input ?? [];
      if (split === undefined) return;
      const ints = ranks.constant(split);
      if (ints === undefined) return fail('splits by what is no constant');
      setAttribute(node, 'split', { ints });
      node.input = [input as string];
    },
  },
  LpPool: wholeP,
  GlobalLpPool: wholeP,
};

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

function setInput(node: onnx.INodeProto, index: number, name: string): void {
  node.input = (node.input ?? []).with(index, name);
}
