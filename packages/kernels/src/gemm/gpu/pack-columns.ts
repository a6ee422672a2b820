import { computePipeline } from '../../gpu/pipelines.ts';
import type { Layout } from './shape.ts';

const THREADS = 64;

/**
 * B of int8, rows of 4·n4 bytes, to words that hold four neighbours along k of one column, the first lowest: four words of
 * four rows are turned to four words of four columns. Rows after the last are zero. On the device this costs about what
 * reading B costs; in JavaScript it would take longer than most products.
 */
export const packShader = /* wgsl */ `struct Shape { k: u32, words: u32, n4: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read_write> packed: array<vec4u>;

fn row(k: u32, column: u32) -> u32 {
  if (k >= shape.k) { return 0u; }
  return rows[k * shape.n4 + column];
}

@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= shape.n4 || id.y >= shape.words) { return; }
  let r = vec4u(row(4u * id.y, id.x), row(4u * id.y + 1u, id.x), row(4u * id.y + 2u, id.x), row(4u * id.y + 3u, id.x));
  let places = vec4u(0u, 8u, 16u, 24u);
  var columns = vec4u();
  for (var j = 0u; j < 4u; j++) {
    let bytes = ((r >> vec4u(8u * j)) & vec4u(0xffu)) << places;
    columns[j] = bytes.x | bytes.y | bytes.z | bytes.w;
  }
  packed[id.y * shape.n4 + id.x] = columns;
}
`;

/** Submits the packing of `rows` into `packed`. @throws {ReckonError} SHADER_INVALID or DEVICE_UNSUPPORTED by the driver. */
export async function packColumns(
  device: GPUDevice,
  layout: Layout,
  rows: GPUBuffer,
  packed: GPUBuffer,
): Promise<void> {
  const pipeline = await computePipeline(device, { name: 'columns of int8', code: packShader, entryPoint: 'main' });
  const shape = device.createBuffer({ size: 16, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
  const words = 4 * layout.k4;
  device.queue.writeBuffer(shape, 0, Uint32Array.of(layout.k, words, layout.n4));
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  const entries = [shape, rows, packed].map((buffer, binding) => ({ binding, resource: { buffer } }));
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(Math.ceil(layout.n4 / THREADS), words);
  pass.end();
  device.queue.submit([encoder.finish()]);
  shape.destroy();
}
