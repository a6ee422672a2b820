import type { onnx } from 'onnx-proto';

/** The generated classes of onnx.proto. */
export type OnnxProto = typeof onnx;

/** Loads the ONNX protobuf classes when a model is first read. The package is CommonJS, which bundlers and Node wrap differently. */
export async function loadOnnxProto(): Promise<OnnxProto> {
  const loaded: { onnx?: OnnxProto; default?: { onnx: OnnxProto } } = await import('onnx-proto');
  return (loaded.onnx ?? loaded.default?.onnx) as OnnxProto;
}

/** int64 fields arrive as a number or as a Long, depending on what protobufjs finds installed. */
export const toNumber = (value: number | { toNumber(): number } | null | undefined): number =>
  typeof value === 'number' ? value : (value?.toNumber() ?? 0);
