import { expect, test, vi } from 'vitest';
import { createGpu, gpuName } from './device.ts';

/** Adapters whose devices are lost when told. */
function fakeGpu() {
  const lose: ((info: { reason: string; message: string }) => void)[] = [];
  const adapter = {
    features: new Set(['subgroups']),
    limits: { maxBufferSize: 7 },
    info: { vendor: 'google', architecture: 'swiftshader' },
    requestDevice: vi.fn(async () => ({ lost: new Promise((resolve) => lose.push(resolve)) })),
  };
  const requestAdapter = vi.fn(async () => adapter as unknown as GPUAdapter);
  return {
    gpu: { requestAdapter },
    adapter,
    lose: (index: number) => lose[index]?.({ reason: 'unknown', message: 'driver reset' }),
  };
}
const tick = () => new Promise(setImmediate);

test('however many ask, the device is made once', async () => {
  const fake = fakeGpu();
  const gpu = createGpu({ gpu: fake.gpu, windows: false });
  const [first, second] = await Promise.all([gpu.acquire(), gpu.acquire()]);
  expect(first).toBe(second);
  expect(first).toMatchObject({ generation: 1, name: 'WebGPU · SwiftShader' });
  expect(fake.adapter.requestDevice).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ requiredFeatures: ['subgroups'] }),
  );
});

test('work on a lost device rejects, even when it never ends, and the next device has the next generation', async () => {
  const fake = fakeGpu();
  const gpu = createGpu({ gpu: fake.gpu, windows: false });
  gpu.onLost = vi.fn();
  const lease = await gpu.acquire();
  const work = gpu.guard(lease, () => new Promise(() => undefined));
  fake.lose(0);
  await expect(work).rejects.toMatchObject({ code: 'DEVICE_LOST', message: expect.stringContaining('driver reset') });
  expect(gpu.onLost).toHaveBeenCalledExactlyOnceWith('driver reset', false);
  expect((await gpu.acquire()).generation).toBe(2);
});

test('a result that comes after the loss is not used', async () => {
  const fake = fakeGpu();
  const gpu = createGpu({ gpu: fake.gpu, windows: false });
  const lease = await gpu.acquire();
  fake.lose(0);
  await tick();
  await expect(gpu.guard(lease, async () => 'zeros')).rejects.toMatchObject({ code: 'DEVICE_LOST' });
});

test('on Windows one loss ends GPU work for the session', async () => {
  const fake = fakeGpu();
  const gpu = createGpu({ gpu: fake.gpu, windows: true });
  gpu.onLost = vi.fn();
  await gpu.acquire();
  fake.lose(0);
  await tick();
  expect(gpu.onLost).toHaveBeenCalledWith('driver reset', true);
  expect(gpu.barred).toBe(true);
  await expect(gpu.acquire()).rejects.toMatchObject({ code: 'DEVICE_LOST' });
  expect(fake.adapter.requestDevice).toHaveBeenCalledTimes(1);
});

test('without WebGPU or an adapter the refusal says what is missing, and asking again tries again', async () => {
  await expect(createGpu({ gpu: undefined, windows: false }).acquire()).rejects.toMatchObject({
    code: 'DEVICE_UNSUPPORTED',
  });
  const requestAdapter = vi.fn(async () => null);
  const gpu = createGpu({ gpu: { requestAdapter }, windows: false });
  await expect(gpu.acquire()).rejects.toMatchObject({ details: { missing: 'WebGPU' } });
  await expect(gpu.acquire()).rejects.toMatchObject({ details: { missing: 'WebGPU' } });
  expect(requestAdapter).toHaveBeenCalledTimes(2);
});

test('an adapter that hides its name is called GPU', () => {
  expect(gpuName(undefined)).toBe('WebGPU · GPU');
  expect(gpuName({ vendor: 'apple' })).toBe('WebGPU · apple');
});
