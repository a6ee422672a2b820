import type { GpuLease } from '../../gpu/device.ts';
import { withErrorScopes } from '../../gpu/error-scopes.ts';
import { computePipeline } from '../../gpu/pipelines.ts';
import { packColumns } from './pack-columns.ts';
import { type GemmPlan, planName } from './plan.ts';
import { blocksOf } from './planner.ts';
import { gemmShader } from './shader.ts';
import type { Layout } from './shape.ts';

/** A product to compute: its matrices laid out as `layout` says, and how to know a right element. */
export interface GemmInput {
  layout: Layout;
  /**
   * A and B in that layout; made only when the device can hold them. Of int8, B comes as rows of 4·n4 bytes, and is packed
   * on the device.
   */
  left(): Uint8Array<ArrayBuffer>;
  right(): Uint8Array<ArrayBuffer>;
  /** Whether `value` is C's element, as far as the precision allows. Asked for a few, so it may compute the sum. */
  isRight(row: number, column: number, value: number): boolean;
}

/** A plan ready to run on the buffers of a job. */
export interface PreparedPlan {
  plan: GemmPlan;
  /** Blocks of C. */
  total: number;
  /** From the next submission on, `encode` begins at this block. */
  moveTo(first: number): void;
  /** `count` blocks, in a compute pass of the caller's. */
  encode(pass: GPUComputePassEncoder, count: number): void;
  /** Submits blocks `first` to `first + count` - 1. */
  submit(first: number, count: number): void;
}

/** One product's buffers on the device. */
export interface GemmJob {
  layout: Layout;
  lease: GpuLease;
  out: GPUBuffer;
  /** @throws {ReckonError} SHADER_INVALID or DEVICE_UNSUPPORTED when the driver refuses the plan's shader. */
  prepare(plan: GemmPlan): Promise<PreparedPlan>;
  destroy(): void;
}

/** Uploads A and B. @throws {ReckonError} DEVICE_MEMORY */
export async function createJob(lease: GpuLease, { layout, left, right }: GemmInput): Promise<GemmJob> {
  const { device } = lease;
  const buffers: GPUBuffer[] = [];
  const buffer = (size: number, usage: number, data?: Uint8Array<ArrayBuffer>): GPUBuffer => {
    const made = device.createBuffer({ size, usage });
    buffers.push(made);
    if (data) device.queue.writeBuffer(made, 0, data);
    return made;
  };
  const destroy = () => {
    for (const used of buffers) used.destroy();
  };
  const input = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const packs = layout.precision === 'i8';
  try {
    const [shape, a, b, out, rows] = await withErrorScopes(
      device,
      'the matrices of a product',
      () =>
        [
          buffer(SHAPE_BYTES, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST),
          buffer(layout.leftBytes, input, left()),
          buffer(layout.rightBytes, input, packs ? undefined : right()),
          buffer(layout.outBytes, input | GPUBufferUsage.COPY_SRC),
          packs ? buffer(4 * layout.n4 * layout.k, input, right()) : undefined,
        ] as const,
    );
    if (rows !== undefined) {
      await packColumns(device, layout, rows, b);
      rows.destroy();
    }
    const entries = [shape, a, b, out].map((resource, binding) => ({ binding, resource: { buffer: resource } }));
    const prepare = (plan: GemmPlan) => preparePlan(device, layout, plan, shape, entries);
    return { layout, lease, out, prepare, destroy };
  } catch (error) {
    destroy();
    throw error;
  }
}

const SHAPE_BYTES = 32;

async function preparePlan(
  device: GPUDevice,
  layout: Layout,
  plan: GemmPlan,
  shape: GPUBuffer,
  entries: GPUBindGroupEntry[],
): Promise<PreparedPlan> {
  const name = `${layout.precision} product by ${planName(plan)}`;
  const code = gemmShader(plan, layout.precision);
  const pipeline = await computePipeline(device, { name, code, entryPoint: 'main' });
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const blocks = blocksOf(plan, layout);
  const { m, k4, n4 } = layout;
  const prepared: PreparedPlan = {
    plan,
    total: blocks.total,
    moveTo(first) {
      device.queue.writeBuffer(shape, 0, Uint32Array.of(m, k4, n4, first, blocks.rows, blocks.columns));
    },
    encode(pass, count) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(count);
    },
    submit(first, count) {
      prepared.moveTo(first);
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      prepared.encode(pass, count);
      pass.end();
      device.queue.submit([encoder.finish()]);
    },
  };
  return prepared;
}
