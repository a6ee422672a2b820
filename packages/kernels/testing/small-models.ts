import { loadOnnxProto } from '../src/kernels/onnx/proto.ts';

/** One input or output: its name, element type (TensorProto.DataType) and sizes, a text where open. */
export interface PortSpec {
  name: string;
  type?: number;
  dims?: readonly (number | string)[];
}

/** A model whose outputs are its inputs of the same index, by Identity. */
export async function identityModel(
  inputs: readonly PortSpec[],
  outputs: readonly PortSpec[] = [],
): Promise<Uint8Array> {
  const onnx = await loadOnnxProto();
  const port = ({ name, type = 1, dims }: PortSpec) => ({
    name,
    type: {
      tensorType: {
        elemType: type,
        ...(dims && { shape: { dim: dims.map((d) => (typeof d === 'string' ? { dimParam: d } : { dimValue: d })) } }),
      },
    },
  });
  const results = outputs.length > 0 ? outputs : inputs.map((input) => ({ ...input, name: `${input.name}_out` }));
  const model = onnx.ModelProto.create({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 13 }],
    graph: {
      name: 'identity',
      input: inputs.map(port),
      output: results.map(port),
      node: results.map(({ name }, i) => ({ opType: 'Identity', input: [inputs[i]?.name ?? ''], output: [name] })),
    },
  });
  return Uint8Array.from(onnx.ModelProto.encode(model).finish());
}
