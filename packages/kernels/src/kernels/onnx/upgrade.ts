import type { onnx } from 'onnx-proto';
import { modelError, shown } from './model-error.ts';
import { dropAttributes, setAttribute } from './node-attributes.ts';
import type { OnnxProto } from './proto.ts';
import { Ranks } from './ranks.ts';
import { upgrades } from './upgrade-operators.ts';

/** The oldest operator set that onnxruntime promises to run. */
export const OLDEST_SET = 7;

/**
 * Says a graph of the operator set `version` below 7 in the set 7, in place.
 * @throws {ReckonError} MODEL_NOT_ONNX naming the node that cannot be.
 */
export function upgradeGraph(file: string, proto: OnnxProto, graph: onnx.IGraphProto, version: number): void {
  const taken = namesOf(graph);
  let count = 0;
  const freshName = (): string => {
    do count++;
    while (taken.has(`upgraded_${count}`));
    return `upgraded_${count}`;
  };

  const upgradeIn = (part: onnx.IGraphProto, outer: Ranks | undefined): void => {
    const ranks = new Ranks(part, outer);
    const nodes: onnx.INodeProto[] = [];
    const put = (node: onnx.INodeProto): string => {
      const name = freshName();
      const placed = { ...node, name, output: [name] };
      nodes.push(placed);
      ranks.follow(placed);
      return name;
    };
    for (const node of part.node ?? []) {
      if (version < 6) dropAttributes(node, 'consumed_inputs');
      for (const { g } of node.attribute ?? []) if (g) upgradeIn(g, ranks);
      const upgrade = isOnnx(node.domain) ? upgrades[node.opType ?? ''] : undefined;
      if (upgrade !== undefined && version < upgrade.since) {
        upgrade.apply(node, {
          ranks,
          unsqueeze(value, axes) {
            const made: onnx.INodeProto = { opType: 'Unsqueeze', input: [value] };
            setAttribute(made, 'axes', { ints: axes });
            return put(made);
          },
          constant(values) {
            const made: onnx.INodeProto = { opType: 'Constant' };
            setAttribute(made, 'value', { t: { dataType: 7, dims: [values.length], int64Data: values } });
            return put(made);
          },
          dataType: (name) => proto.TensorProto.DataType[name as keyof typeof proto.TensorProto.DataType],
          fail: (cause) => {
            throw modelError(file, `its ${node.opType} ${shown(node.name || node.output?.[0])} ${cause}.`);
          },
        });
      }
      nodes.push(node);
      ranks.follow(node);
    }
    part.node = nodes;
  };
  upgradeIn(graph, undefined);
}

/** Is it the domain of ONNX's own operators? */
export const isOnnx = (domain: string | null | undefined): boolean => !domain || domain === 'ai.onnx';

/** Every name of a value in a graph and in the graphs within it. */
function namesOf(graph: onnx.IGraphProto): Set<string> {
  const names = new Set<string>();
  const collect = ({ input, initializer, node }: onnx.IGraphProto): void => {
    for (const { name } of [...(input ?? []), ...(initializer ?? [])]) names.add(name ?? '');
    for (const { output, attribute } of node ?? []) {
      for (const name of output ?? []) names.add(name);
      for (const { g } of attribute ?? []) if (g) collect(g);
    }
  };
  collect(graph);
  return names;
}
