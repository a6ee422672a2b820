import type { onnx } from 'onnx-proto';
import { attribute, readInt, readInts } from './node-attributes.ts';
import { wholeNumbers } from './tensor-sizes.ts';

/** What is known of a graph's values while it is read from first node to last. */
export class Ranks {
  readonly #ranks: Map<string, number>;
  readonly #constants: Map<string, onnx.ITensorProto>;

  constructor(graph: onnx.IGraphProto, outer?: Ranks) {
    this.#ranks = new Map(outer === undefined ? [] : outer.#ranks);
    this.#constants = new Map(outer === undefined ? [] : outer.#constants);
    for (const { name, type } of [...(graph.input ?? []), ...(graph.valueInfo ?? []), ...(graph.output ?? [])]) {
      const dims = type?.tensorType?.shape?.dim;
      if (dims) this.#ranks.set(name ?? '', dims.length);
    }
    for (const tensor of graph.initializer ?? []) this.#setConstant(tensor.name, tensor);
  }

  /** Dimensions of a value; undefined where the graph does not tell. */
  of(name: string | undefined): number | undefined {
    return this.#ranks.get(name ?? '');
  }

  /** The whole numbers of a constant; undefined when it is not one. */
  constant(name: string | undefined): number[] | undefined {
    const tensor = this.#constants.get(name ?? '');
    return tensor?.dataType === 7 ? wholeNumbers(tensor) : undefined;
  }

  /** Learns the ranks of a node's outputs. */
  follow(node: onnx.INodeProto): void {
    const outputs = node.output ?? [];
    const value = attribute(node, 'value')?.t;
    if (node.opType === 'Constant' && value) this.#setConstant(outputs[0], value);
    else for (const [i, name] of outputs.entries()) this.#setRank(name, this.#outputRank(node, i));
  }

  #setConstant(name: string | null | undefined, tensor: onnx.ITensorProto): void {
    this.#constants.set(name ?? '', tensor);
    this.#ranks.set(name ?? '', tensor.dims?.length ?? 0);
  }

  #setRank(name: string, rank: number | undefined): void {
    if (rank !== undefined && name !== '') this.#ranks.set(name, rank);
  }

  #outputRank(node: onnx.INodeProto, index: number): number | undefined {
    const type = node.opType ?? '';
    const [first, second] = node.input ?? [];
    const [a, b] = [this.of(first), this.of(second)];
    const axes = readInts(node, 'axes')?.length;
    if (LIKE_FIRST.has(type)) return type === 'BatchNormalization' && index > 0 ? 1 : a;
    if (type.startsWith('Reduce')) {
      if (readInt(node, 'keepdims') !== 0) return a;
      return a === undefined ? undefined : a - (axes ?? a);
    }
    switch (type) {
      case 'Flatten':
      case 'Gemm':
        return 2;
      case 'MatMul':
        // One-dimensional factors lose their dimension, as numpy.matmul does it.
        return a === undefined || b === undefined ? undefined : Math.max(a, b) - (a === 1 ? 1 : 0) - (b === 1 ? 1 : 0);
      case 'Gather':
        return a === undefined || b === undefined ? undefined : a + b - 1;
      case 'Squeeze':
        return a === undefined || axes === undefined ? undefined : a - axes;
      case 'Unsqueeze':
        return a === undefined || axes === undefined ? undefined : a + axes;
      case 'ArgMax':
      case 'ArgMin':
        return a === undefined || readInt(node, 'keepdims') !== 0 ? a : a - 1;
      case 'Reshape':
        return readInts(node, 'shape')?.length ?? this.constant(second)?.length;
      case 'Shape':
        return 1;
      case 'Size':
        return 0;
      case 'RNN':
      case 'GRU':
      case 'LSTM':
        return index === 0 ? 4 : 3;
      default:
        return undefined;
    }
  }
}

/** Operators of sets 1 to 6 whose outputs have as many dimensions as their first input. */
const LIKE_FIRST = new Set(
  `Abs Add And AveragePool BatchNormalization Cast Ceil Clip Concat Conv ConvTranspose DepthToSpace Div Dropout Elu Equal Exp
  Floor GlobalAveragePool GlobalLpPool GlobalMaxPool Greater HardSigmoid Hardmax Identity InstanceNormalization LRN LeakyRelu
  Less Log LogSoftmax LpNormalization LpPool Max MaxPool Mean Min Mul Neg Not Or PRelu Pad Pow Reciprocal Relu Selu Sigmoid
  Slice Softmax Softplus Softsign SpaceToDepth Split Sqrt Sub Sum Tanh ThresholdedRelu Tile TopK Transpose Upsample Xor`.split(
    /\s+/,
  ),
);
