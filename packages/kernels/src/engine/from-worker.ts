import { WireError } from '@reckon/protocol/base/errors';
import { tryParse } from '@reckon/protocol/base/parse';
import * as v from 'valibot';
import type { WorkerAnswer, WorkerNotice } from './worker-api.ts';

/**
 * What comes out of a worker is read as if it came from a stranger: should a guest ever break out of the kernel that runs it, it
 * speaks with the worker's voice.
 */

/** The longest is a shader compiler's complaint. */
const text = v.pipe(v.string(), v.maxLength(20_000));
const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const place = v.pipe(size, v.maxValue(1 << 20));
/** No picture has no pixels: canvases refuse one. */
const side = v.pipe(place, v.minValue(1));

const Preview = v.union([
  v.pipe(
    v.strictObject({
      kind: v.literal('pixels'),
      width: side,
      height: side,
      rgba: v.instance(Uint8ClampedArray),
      x: v.optional(place),
      y: v.optional(place),
      totalWidth: v.optional(side),
      totalHeight: v.optional(side),
      caption: v.optional(text),
    }),
    v.check(({ width, height, rgba }) => rgba.length === width * height * 4, 'four bytes for each pixel'),
  ),
  v.strictObject({ kind: v.literal('text'), text }),
]);

const Notice = v.variant('notice', [
  v.strictObject({
    notice: v.literal('progress'),
    fraction: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
    preview: v.optional(Preview),
  }),
  v.strictObject({ notice: v.literal('gpu-lost'), reason: text, barred: v.boolean() }),
]);

const Answer = v.variant('ok', [
  v.strictObject({
    ok: v.literal(true),
    output: v.strictObject({
      bytes: v.instance(Uint8Array),
      certificate: v.optional(v.instance(Uint8Array)),
      device: text,
      fellBack: v.optional(text),
      memoryBytes: v.optional(size),
    }),
    computeMs: v.pipe(v.number(), v.finite(), v.minValue(0)),
  }),
  v.strictObject({ ok: v.literal(false), error: WireError }),
]);

/** A notice, or undefined for anything else: it only adorns a screen. */
export function readNotice(message: unknown): WorkerNotice | undefined {
  const parsed = tryParse(Notice, message);
  return parsed.ok ? (parsed.value as WorkerNotice) : undefined;
}

/** A worker's answer to a unit; undefined when it is none. */
export function readAnswer(message: unknown): WorkerAnswer | undefined {
  const parsed = tryParse(Answer, message);
  return parsed.ok ? (parsed.value as WorkerAnswer) : undefined;
}
