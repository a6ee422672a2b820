import type { onnx } from 'onnx-proto';
import { modelError, shown } from './model-error.ts';
import { checkTensorData } from './tensor-sizes.ts';

/** Graphs within graphs, of branches and loops; real models have two or three. */
const MAX_DEPTH = 16;

/** The tensors that a graph and the graphs within it carry: weights, and constants in attributes. */
export function* tensorsOf(graph: onnx.IGraphProto): Generator<onnx.ITensorProto> {
  for (const part of graphsOf(graph)) {
    yield* part.initializer ?? [];
    for (const { attribute } of part.node ?? []) {
      for (const { t, tensors } of attribute ?? []) {
        if (t) yield t;
        yield* tensors ?? [];
      }
    }
  }
}

function* graphsOf(graph: onnx.IGraphProto): Generator<onnx.IGraphProto> {
  yield graph;
  for (const { attribute } of graph.node ?? []) {
    for (const { g, graphs } of attribute ?? []) {
      if (g) yield* graphsOf(g);
      for (const each of graphs ?? []) yield* graphsOf(each);
    }
  }
}

/**
 * Every node must read what is given, nothing may be given twice or go in a circle, and no tensor may claim more than it
 * holds. What operators make of it is the engine's to check.
 * @throws {ReckonError} MODEL_NOT_ONNX naming the node or the tensor
 */
export function checkGraph(file: string, graph: onnx.IGraphProto): void {
  checkDepth(file, graph);
  for (const tensor of tensorsOf(graph)) checkTensorData(file, tensor);
  checkOrder(file, graph);
}

function checkDepth(file: string, graph: onnx.IGraphProto): void {
  let level = [graph];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw modelError(file, `its graphs lie more than ${MAX_DEPTH} deep in each other.`);
    level = level.flatMap(({ node }) =>
      (node ?? []).flatMap(({ attribute }) =>
        (attribute ?? []).flatMap(({ g, graphs }) => [...(g ? [g] : []), ...(graphs ?? [])]),
      ),
    );
  }
}

/** Takes nodes whose inputs are all known until none is left; the order they are written in does not matter to engines. */
function checkOrder(file: string, graph: onnx.IGraphProto): void {
  const nodes = graph.node ?? [];
  const given = new Set<string>();
  for (const { name } of [...(graph.input ?? []), ...(graph.initializer ?? [])]) given.add(name ?? '');
  for (const { values } of graph.sparseInitializer ?? []) given.add(values?.name ?? '');
  const makers = new Map<string, onnx.INodeProto>();
  for (const node of nodes) {
    for (const name of node.output ?? []) {
      if (name === '') continue;
      if (makers.has(name) || given.has(name)) throw modelError(file, `${shown(name)} in its graph is given twice.`);
      makers.set(name, node);
    }
  }
  const readers = new Map<string, onnx.INodeProto[]>();
  const waits = new Map<onnx.INodeProto, number>();
  const ready: onnx.INodeProto[] = [];
  for (const node of nodes) {
    const missing = [...new Set(node.input ?? [])].filter((name) => name !== '' && !given.has(name));
    const nowhere = missing.find((name) => !makers.has(name));
    if (nowhere !== undefined)
      throw modelError(file, `its ${title(node)} reads ${shown(nowhere)}, which nothing gives.`);
    for (const name of missing) {
      const list = readers.get(name);
      if (list === undefined) readers.set(name, [node]);
      else list.push(node);
    }
    if (missing.length === 0) ready.push(node);
    else waits.set(node, missing.length);
  }
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    for (const name of node.output ?? []) {
      for (const reader of readers.get(name) ?? []) {
        const left = (waits.get(reader) as number) - 1;
        waits.set(reader, left);
        if (left === 0) ready.push(reader);
      }
    }
  }
  const stuck = nodes.find((node) => (waits.get(node) ?? 0) > 0);
  if (stuck !== undefined)
    throw modelError(file, `its ${title(stuck)} waits for its own output: the graph goes in a circle.`);
  const open = (graph.output ?? []).find(({ name }) => !makers.has(name ?? '') && !given.has(name ?? ''));
  if (open !== undefined) throw modelError(file, `nothing gives its output ${shown(open.name)}.`);
}

const title = (node: onnx.INodeProto): string => `${node.opType} ${shown(node.name || node.output?.[0])}`;
