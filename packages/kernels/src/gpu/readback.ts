import { FIREFOX, promptly } from './promptly.ts';

/** Staging buffers: three let the GPU copy into one while another is mapped and a third is read. */
const STAGING = 3;
/** A staging buffer's most bytes; larger reads go through in pieces. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** Reads GPU buffers back, several at once. */
export interface Readback {
  /**
   * Submits copies of `size` bytes from `offset`, both multiples of 4; resolves when the last is submitted, so that what
   * is submitted later may write the buffer again. The bytes follow.
   */
  start(from: GPUBuffer, offset: number, size: number): Promise<{ bytes: Promise<Uint8Array<ArrayBuffer>> }>;
  /** The bytes of everything submitted before. */
  read(from: GPUBuffer, offset: number, size: number): Promise<Uint8Array<ArrayBuffer>>;
  destroy(): void;
}

export interface ReadbackOptions {
  /** The most bytes that one read will ask for, when known: the staging buffers need not be larger. */
  largest?: number;
  /** See `promptly`. */
  nudge?: boolean;
}

export function createReadback(
  device: GPUDevice,
  { largest = PIECE_BYTES, nudge = FIREFOX }: ReadbackOptions = {},
): Readback {
  const piece = Math.max(4, Math.min(PIECE_BYTES, Math.ceil(largest / 4) * 4));
  const made: GPUBuffer[] = [];
  const idle: GPUBuffer[] = [];
  const waiting: ((buffer: GPUBuffer) => void)[] = [];

  function take(): Promise<GPUBuffer> | GPUBuffer {
    const buffer = idle.pop();
    if (buffer) return buffer;
    if (made.length === STAGING) return new Promise((resolve) => waiting.push(resolve));
    const fresh = device.createBuffer({ size: piece, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    made.push(fresh);
    return fresh;
  }

  function give(buffer: GPUBuffer): void {
    const next = waiting.shift();
    if (next) next(buffer);
    else idle.push(buffer);
  }

  async function fetch(staging: GPUBuffer, size: number, into: Uint8Array, at: number): Promise<void> {
    try {
      await promptly(device, staging.mapAsync(GPUMapMode.READ, 0, size), nudge);
      into.set(new Uint8Array(staging.getMappedRange(0, size)), at);
      staging.unmap();
    } finally {
      give(staging);
    }
  }

  async function start(from: GPUBuffer, offset: number, size: number) {
    const bytes = new Uint8Array(size);
    const pieces: Promise<void>[] = [];
    for (let at = 0; at < size; at += piece) {
      const length = Math.min(piece, size - at);
      const staging = await take();
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(from, offset + at, staging, 0, length);
      device.queue.submit([encoder.finish()]);
      pieces.push(fetch(staging, length, bytes, at));
    }
    const whole = Promise.all(pieces).then(() => bytes);
    // Whoever starts may stop waiting, as when another part of the run failed.
    whole.catch(() => undefined);
    return { bytes: whole };
  }

  return {
    start,
    read: async (from, offset, size) => (await start(from, offset, size)).bytes,
    destroy() {
      for (const buffer of made) buffer.destroy();
    },
  };
}
