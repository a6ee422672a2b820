import { loadOnnxProto } from '@reckon/kernels/kernels/onnx/proto';
import type { GemmShape } from '@reckon/kernels/gemm/gpu/shape';
import type { Contender, Matrices } from './contender.ts';

/** onnxruntime-web through its `/webgpu` build, whose backend is the native one; inputs and outputs stay on the device. */
export async function openOrt({ shape, lefts, right }: Matrices): Promise<Contender> {
  const ort = await import('onnxruntime-web/webgpu');
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const session = await ort.InferenceSession.create(await matMulModel(shape), {
    executionProviders: ['webgpu'],
    preferredOutputLocation: 'gpu-buffer',
  });
  const device = await ort.env.webgpu.device;
  const { m, k, n } = shape;
  const buffers: GPUBuffer[] = [];
  const tensor = (values: Float32Array<ArrayBuffer>, dims: [number, number]) => {
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    // The engine binds whole vectors of 16 bytes.
    const size = Math.ceil(values.byteLength / 16) * 16;
    const buffer = device.createBuffer({ size, usage: STORAGE | COPY_SRC | COPY_DST });
    device.queue.writeBuffer(buffer, 0, values);
    buffers.push(buffer);
    return ort.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims });
  };
  const as = lefts.map((left) => tensor(left, [m, k]));
  const b = tensor(right, [k, n]);
  const multiply = async (i: number) => {
    const { c } = await session.run({ a: as[i % 2] as (typeof as)[number], b });
    if (c === undefined) throw new Error('onnxruntime-web gave no product');
    return c;
  };
  return {
    name: `onnxruntime-web/webgpu ${ort.env.versions.web ?? ''}`.trim(),
    async run(products) {
      for (let i = 0; i < products; i++) (await multiply(i)).dispose();
      await device.queue.onSubmittedWorkDone();
    },
    async product() {
      const c = await multiply(0);
      const values = (await c.getData(true)) as Float32Array;
      c.dispose();
      return values;
    },
    destroy() {
      for (const buffer of buffers) buffer.destroy();
      void session.release();
    },
  };
}

/** C = MatMul(A, B) in float32, shapes fixed. */
async function matMulModel({ m, k, n }: GemmShape): Promise<Uint8Array> {
  const onnx = await loadOnnxProto();
  const port = (name: string, dims: number[]) => ({
    name,
    type: { tensorType: { elemType: 1, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } },
  });
  const model = onnx.ModelProto.create({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'product',
      input: [port('a', [m, k]), port('b', [k, n])],
      output: [port('c', [m, n])],
      node: [{ opType: 'MatMul', input: ['a', 'b'], output: ['c'] }],
    },
  });
  return Uint8Array.from(onnx.ModelProto.encode(model).finish());
}
