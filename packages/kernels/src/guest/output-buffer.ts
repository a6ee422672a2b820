import { ReckonError } from '@reckon/protocol/base/errors';

/** What a program writes, one piece after the other, within a limit. */
export interface OutputBuffer {
  readonly length: number;
  /** @throws {ReckonError} KERNEL_RESULT_TOO_LARGE */
  append(bytes: Uint8Array): void;
  /** What was written; the bytes own their buffer. */
  take(): Uint8Array<ArrayBuffer>;
}

/** @param room bytes to leave free at the beginning. */
export function createOutput(kernel: string, limitBytes: number, room: number): OutputBuffer {
  let buffer = new Uint8Array(1024 + room);
  let length = room;
  return {
    get length() {
      return length - room;
    },
    append(bytes) {
      const next = length + bytes.length;
      if (next > limitBytes) throw new ReckonError('KERNEL_RESULT_TOO_LARGE', { kernel, limitBytes, sizeBytes: next });
      if (next > buffer.length) {
        const larger = new Uint8Array(Math.min(limitBytes, Math.max(next, 2 * buffer.length)));
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      }
      buffer.set(bytes, length);
      length = next;
    },
    take: () => buffer.slice(0, length),
  };
}
