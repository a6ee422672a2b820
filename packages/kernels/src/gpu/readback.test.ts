import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { noSoftwareGpu, softwareGpu } from '../../testing/software-gpu.ts';
import type { GpuLease } from './device.ts';
import { createReadback } from './readback.ts';

describe.skipIf(noSoftwareGpu)(`on a device (${noSoftwareGpu ?? 'SwiftShader'})`, () => {
  let lease: GpuLease;
  beforeAll(async () => {
    lease = await softwareGpu();
  });
  afterAll(() => lease?.device.destroy());

  const filled = (bytes: number, first = 0) => {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = lease.device.createBuffer({ size: bytes, usage });
    const words = Uint32Array.from({ length: bytes / 4 }, (_, i) => Math.imul(i + first, 2_654_435_761));
    lease.device.queue.writeBuffer(buffer, 0, words);
    return { buffer, bytes: new Uint8Array(words.buffer) };
  };

  test('many reads at once, in many pieces, give each its own bytes through three staging buffers', async () => {
    const create = vi.spyOn(lease.device, 'createBuffer');
    const sources = Array.from({ length: 7 }, (_, i) => filled(4096 + 4 * i, i * 10_000));
    create.mockClear();
    const readback = createReadback(lease.device, { largest: 1000 });
    const read = await Promise.all(sources.map(({ buffer, bytes }) => readback.read(buffer, 0, bytes.length)));
    expect(read).toEqual(sources.map(({ bytes }) => bytes));
    expect(create).toHaveBeenCalledTimes(3);
    readback.destroy();
  });

  test('what was started is what the buffer held then, whatever is written after', async () => {
    const { buffer, bytes } = filled(64);
    const readback = createReadback(lease.device);
    const started = await readback.start(buffer, 16, 32);
    lease.device.queue.writeBuffer(buffer, 0, new Uint8Array(64));
    expect(await started.bytes).toEqual(bytes.slice(16, 48));
    expect(await readback.read(buffer, 0, 64)).toEqual(new Uint8Array(64));
    readback.destroy();
  });

  test('a browser that looks for finished maps at submissions only is given some', async () => {
    const { buffer, bytes } = filled(64);
    const submit = vi.spyOn(lease.device.queue, 'submit');
    const readback = createReadback(lease.device, { nudge: true });
    expect(await readback.read(buffer, 0, 64)).toEqual(bytes);
    expect(submit.mock.calls.filter(([commands]) => [...commands].length === 0).length).toBeGreaterThan(0);
    readback.destroy();
  });

  test('reading after the end fails and leaves the staging buffer to the next', async () => {
    const { buffer, bytes } = filled(64);
    const readback = createReadback(lease.device);
    const gone = filled(64);
    gone.buffer.destroy();
    lease.device.pushErrorScope('validation');
    await readback.read(gone.buffer, 0, 64).catch(() => undefined);
    expect(await lease.device.popErrorScope()).not.toBeNull();
    expect(await readback.read(buffer, 0, 64)).toEqual(bytes);
    readback.destroy();
    await expect(readback.read(buffer, 0, 64)).rejects.toThrow();
  });
});
