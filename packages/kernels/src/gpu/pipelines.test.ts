import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { noSoftwareGpu, softwareGpu } from '../../testing/software-gpu.ts';
import type { GpuLease } from './device.ts';
import { withErrorScopes } from './error-scopes.ts';
import { computePipeline } from './pipelines.ts';

const doubling = (factor = 2) => `@group(0) @binding(0) var<storage, read_write> x: array<u32>;
override step: u32 = 1u;
@compute @workgroup_size(1) fn main() { x[0] = x[0] * ${factor}u + step; }`;

describe.skipIf(noSoftwareGpu)(`on a device (${noSoftwareGpu ?? 'SwiftShader'})`, () => {
  let lease: GpuLease;
  beforeAll(async () => {
    lease = await softwareGpu();
  });
  afterAll(() => lease?.device.destroy());

  test('the same shader is compiled once, another constant or entry point apart', async () => {
    const create = vi.spyOn(lease.device, 'createComputePipelineAsync');
    const shader = { name: 'doubling', code: doubling(), entryPoint: 'main' };
    const [first, second] = await Promise.all([
      computePipeline(lease.device, shader),
      computePipeline(lease.device, { ...shader, constants: {} }),
    ]);
    expect(first).toBe(second);
    expect(await computePipeline(lease.device, { ...shader, constants: { step: 2 } })).not.toBe(first);
    expect(create).toHaveBeenCalledTimes(2);
  });

  test.each([
    ['a type that does not fit', 'fn main() {\n  let x = 1u + 1i;\n}', 2, 11, /no matching overload/],
    ['no program at all', '}{', 1, 1, /unexpected token/],
    ['an unresolved name', '\n\nfn main() { let x = y; }', 3, 21, /unresolved value 'y'/],
  ])('%s is refused with its line and column', async (_, code, line, column, cause) => {
    const made = computePipeline(lease.device, { name: 'mine', code, entryPoint: 'main' });
    await expect(made).rejects.toMatchObject({
      code: 'SHADER_INVALID',
      details: { shader: 'mine', line, column, cause: expect.stringMatching(cause) },
      message: expect.stringContaining(`wrong at line ${line}, column ${column}`),
    });
  });

  test.each([
    ['a missing entry point', doubling(3), 'other', /"other"/],
    ['a workgroup over the limits', '@compute @workgroup_size(1025) fn main() {}', 'main', /1025/],
  ])('%s is refused, with the shader’s name', async (_, code, entryPoint, cause) => {
    await expect(computePipeline(lease.device, { name: 'mine', code, entryPoint })).rejects.toMatchObject({
      code: 'SHADER_INVALID',
      details: { shader: 'mine', line: 0, cause: expect.stringMatching(cause) },
    });
  });

  test('a layout that is told holds what the shader leaves out, and refuses what it does not hold', async () => {
    const code = doubling();
    const layout = (type: GPUBufferBindingType, ...bindings: number[]) => [
      bindings.map((binding) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } })),
    ];
    const made = (groups: ReturnType<typeof layout>) =>
      computePipeline(lease.device, { name: 'mine', code, entryPoint: 'main', groups });
    const group = (await made(layout('storage', 0, 5))).getBindGroupLayout(0);
    const buffer = () => lease.device.createBuffer({ size: 4, usage: GPUBufferUsage.STORAGE });
    await withErrorScopes(lease.device, 'mine', () =>
      lease.device.createBindGroup({
        layout: group,
        entries: [0, 5].map((binding) => ({ binding, resource: { buffer: buffer() } })),
      }),
    );
    await expect(made(layout('read-only-storage', 0))).rejects.toMatchObject({ code: 'SHADER_INVALID' });
  });

  test('a refused shader leaves no error to the page and does not stop the next', async () => {
    const uncaptured = vi.fn();
    lease.device.addEventListener('uncapturederror', uncaptured);
    await computePipeline(lease.device, { name: 'mine', code: '}', entryPoint: 'main' }).catch(() => undefined);
    await computePipeline(lease.device, { name: 'next', code: doubling(5), entryPoint: 'main' });
    expect(uncaptured).not.toHaveBeenCalled();
  });

  test('an invalid call is told by its scope', async () => {
    const wrong = withErrorScopes(lease.device, 'mine', () =>
      lease.device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE }),
    );
    await expect(wrong).rejects.toMatchObject({ code: 'SHADER_INVALID', details: { shader: 'mine', line: 0 } });
    const right = () => lease.device.createBuffer({ size: 4, usage: GPUBufferUsage.STORAGE });
    expect((await withErrorScopes(lease.device, 'mine', right)).size).toBe(4);
  });
});

function failing(error: unknown) {
  const createComputePipelineAsync = vi.fn(async () => {
    throw error;
  });
  const device = {
    pushErrorScope: () => undefined,
    popErrorScope: async () => null,
    createShaderModule: () => ({ getCompilationInfo: async () => ({ messages: [{ type: 'warning' }] }) }),
    createComputePipelineAsync,
  };
  return { device: device as unknown as GPUDevice, createComputePipelineAsync };
}

test('a driver that fails on a valid shader is the device’s fault, and it is asked again next time', async () => {
  const { device, createComputePipelineAsync } = failing({ reason: 'internal', message: 'driver crashed.\nat 1' });
  const shader = { name: 'mine', code: 'x', entryPoint: 'main' };
  for (const _ of [1, 2]) {
    await expect(computePipeline(device, shader)).rejects.toMatchObject({
      code: 'DEVICE_UNSUPPORTED',
      details: { missing: 'a GPU driver that compiles "mine": driver crashed' },
    });
  }
  expect(createComputePipelineAsync).toHaveBeenCalledTimes(2);
});

test('of many shaders the oldest are forgotten', async () => {
  const createComputePipelineAsync = vi.fn(async () => ({}));
  const device = Object.assign(failing(0).device, { createComputePipelineAsync });
  for (let i = 0; i <= 128; i++) await computePipeline(device, { name: 'x', code: `${i}`, entryPoint: 'main' });
  await computePipeline(device, { name: 'x', code: '128', entryPoint: 'main' });
  expect(createComputePipelineAsync).toHaveBeenCalledTimes(129);
  await computePipeline(device, { name: 'x', code: '0', entryPoint: 'main' });
  expect(createComputePipelineAsync).toHaveBeenCalledTimes(130);
});

test.each([
  ['out-of-memory', 'DEVICE_MEMORY'],
  ['validation', 'SHADER_INVALID'],
  ['internal', 'DEVICE_UNSUPPORTED'],
])('an error of scope %s becomes %s', async (filter, code) => {
  const scopes: string[] = [];
  const device = {
    pushErrorScope: (pushed: string) => scopes.push(pushed),
    popErrorScope: async () => (scopes.pop() === filter ? { message: 'the cause.\nmore' } : null),
  } as unknown as GPUDevice;
  await expect(withErrorScopes(device, 'mine', () => 1)).rejects.toMatchObject({ code });
  expect(scopes).toEqual([]);
});
