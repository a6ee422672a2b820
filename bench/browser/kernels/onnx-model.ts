/** A model of one operator, as the bytes of an ONNX ModelProto (onnx.proto3): no peer needs more. */

const encoder = new TextEncoder();
const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
const number = (field: number, value: number): Uint8Array => Uint8Array.from([...varint(field << 3), ...varint(value)]);

function join(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A field of text, bytes or an inner message. */
function bytes(field: number, ...content: (Uint8Array | string)[]): Uint8Array {
  const inner = join(content.map((part) => (typeof part === 'string' ? encoder.encode(part) : part)));
  return join([Uint8Array.from([...varint((field << 3) | 2), ...varint(inner.length)]), inner]);
}

export const FLOAT = 1;
export const UINT8 = 2;
export const INT8 = 3;
export const INT32 = 6;

/** A matrix that the graph takes, gives or holds. */
export interface Value {
  name: string;
  type: number;
  dims: readonly number[];
  /** Only of a value that the graph holds. */
  data?: ArrayBufferView;
}

const info = ({ name, type, dims }: Value): Uint8Array[] => {
  const shape = bytes(2, ...dims.map((dim) => bytes(1, number(1, dim))));
  return [bytes(1, name), bytes(2, bytes(1, number(1, type), shape))];
};

const held = ({ name, type, dims, data }: Value): Uint8Array[] => {
  const view = data as ArrayBufferView;
  const raw = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return [...dims.map((dim) => number(1, dim)), number(2, type), bytes(8, name), bytes(9, raw)];
};

/** `inputs` in the operator's order; those with data are weights of the model. */
export function oneOperator(operator: string, inputs: readonly Value[], output: Value): Uint8Array {
  const node = [...inputs.map(({ name }) => bytes(1, name)), bytes(2, output.name), bytes(4, operator)];
  const graph = [
    bytes(1, ...node),
    bytes(2, 'one'),
    ...inputs.filter(({ data }) => data !== undefined).map((value) => bytes(5, ...held(value))),
    ...inputs.filter(({ data }) => data === undefined).map((value) => bytes(11, ...info(value))),
    bytes(12, ...info(output)),
  ];
  return join([number(1, 8), bytes(8, number(2, 17)), bytes(7, ...graph)]);
}
