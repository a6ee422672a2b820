import type { GpuLease } from '@reckon/kernels/gpu/device';
import { computePipeline } from '@reckon/kernels/gpu/pipelines';

/** Chains that do not wait for each other, of vectors of four: enough to hide the latency of a multiply-add. */
const CHAINS = 8;
const TURNS = 512;
const THREADS = 256;

/** Multiply-adds on registers alone: what the device's arithmetic does when nothing is loaded. */
const code = `
@group(0) @binding(0) var<storage, read_write> out: array<vec4f>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let seed = vec4f(f32(id.x & 255u)) * 1e-3;
  let x = vec4f(0.999) - seed * 1e-6;
${each((i) => `  var c${i} = seed + vec4f(${i}.5);`)}
  for (var turn = 0u; turn < ${TURNS}u; turn++) {
${each((i) => `    c${i} = fma(c${i}, x, seed);`)}
  }
  let sum = ${Array.from({ length: CHAINS }, (_, i) => `c${i}`).join(' + ')};
  // Never so, which the compiler cannot know.
  if (sum.x > 1e30) { out[id.x & 63u] = sum; }
}
`;
function each(line: (i: number) => string): string {
  return Array.from({ length: CHAINS }, (_, i) => line(i)).join('\n');
}

/** An in-situ roofline of f32 arithmetic. */
export interface Peak {
  /** Floating-point operations of one run of one. */
  operations: number;
  run(times: number): Promise<void>;
  destroy(): void;
}

/** `groups` workgroups a dispatch: many for a large GPU. */
export async function openPeak({ device }: GpuLease, groups: number): Promise<Peak> {
  const pipeline = await computePipeline(device, { name: 'peak', code, entryPoint: 'main' });
  const out = device.createBuffer({ size: 64 * 16, usage: GPUBufferUsage.STORAGE });
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: out } }],
  });
  return {
    operations: groups * THREADS * TURNS * CHAINS * 4 * 2,
    async run(times) {
      for (let i = 0; i < times; i++) {
        const encoder = device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(groups);
        pass.end();
        device.queue.submit([encoder.finish()]);
      }
      await device.queue.onSubmittedWorkDone();
    },
    destroy: () => out.destroy(),
  };
}
