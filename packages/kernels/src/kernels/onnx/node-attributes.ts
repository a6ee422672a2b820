import type { onnx } from 'onnx-proto';
import { toNumber } from './proto.ts';

/** AttributeProto.AttributeType, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const KINDS = { i: 2, t: 4, floats: 6, ints: 7 } as const;

export const attribute = (node: onnx.INodeProto, name: string): onnx.IAttributeProto | undefined =>
  node.attribute?.find((each) => each.name === name);

/** An integer attribute; undefined when the node has none. */
export function readInt(node: onnx.INodeProto, name: string): number | undefined {
  const found = attribute(node, name);
  return found === undefined ? undefined : toNumber(found.i);
}

export const readInts = (node: onnx.INodeProto, name: string): number[] | undefined =>
  attribute(node, name)?.ints?.map(toNumber);

export function dropAttributes(node: onnx.INodeProto, ...names: string[]): void {
  node.attribute = (node.attribute ?? []).filter(({ name }) => !names.includes(name ?? ''));
}

/** Sets one attribute of a node, whatever it was. */
export function setAttribute(
  node: onnx.INodeProto,
  name: string,
  value: { i: number } | { ints: number[] } | { floats: number[] } | { t: onnx.ITensorProto },
): void {
  dropAttributes(node, name);
  const [kind] = Object.keys(value) as (keyof typeof KINDS)[];
  node.attribute?.push({ name, type: KINDS[kind as keyof typeof KINDS], ...value });
}
