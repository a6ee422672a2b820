import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat } from '../base/bytes.ts';
import { ReckonError } from '../base/errors.ts';
import { decodeFrame, FRAME_HEADER_BYTES, frameBlob, MAX_FRAME_PAYLOAD } from './framing.ts';

test('frames of a blob put together give the blob, from any offset', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200_000 }), fc.nat(), fc.nat(0xffffffff), (size, from, stream) => {
      const blob = Uint8Array.from({ length: size }, (_, i) => i % 251);
      const offset = from % size;
      const frames = [...frameBlob(stream, blob, offset)].map(decodeFrame);
      expect(frames.every((frame) => frame.stream === stream && frame.total === size)).toBe(true);
      expect(frames[0]?.offset).toBe(offset);
      expect(concat(...frames.map((frame) => frame.payload))).toEqual(blob.subarray(offset));
    }),
    { numRuns: 30 },
  );
});

test('no bytes make the decoder throw anything but a coded refusal', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        const frame = decodeFrame(bytes);
        expect(frame.offset + frame.payload.length).toBeLessThanOrEqual(frame.total);
      } catch (error) {
        expect(error).toBeInstanceOf(ReckonError);
      }
    }),
  );
});

test('refuses a frame above the payload limit', () => {
  expect(() => decodeFrame(new Uint8Array(FRAME_HEADER_BYTES + MAX_FRAME_PAYLOAD + 1))).toThrow(/at most/);
});
