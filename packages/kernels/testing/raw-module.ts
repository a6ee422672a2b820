import { createWriter, putBytes, putU32, putVector, u32Bytes, written } from '../src/guest/byte-writer.ts';
import { HEADER } from '../src/guest/read-sections.ts';

/** A module whose second function, and `copies` more, takes `params`, does `code` with them and returns `results`. */
export function rawModule(
  params: readonly number[],
  results: readonly number[],
  code: ArrayLike<number>,
  copies = 0,
): Uint8Array<ArrayBuffer> {
  const out = createWriter();
  const section = (id: number, bytes: ArrayLike<number>) => {
    putBytes(out, [id]);
    putVector(out, Uint8Array.from(bytes));
  };
  // One local variable of its own, an i32.
  const begin = [1, 1, 0x7f, ...params.flatMap((_, i) => [0x20, i])];
  const body = createWriter();
  putU32(body, begin.length + code.length + 1);
  for (const part of [begin, code, [0x0b]]) putBytes(body, part);
  const bodies = createWriter();
  putBytes(bodies, [...u32Bytes(2 + copies), 4, 0, 0x41, 0, 0x0b]);
  for (let i = 0; i <= copies; i++) putBytes(bodies, written(body));
  putBytes(out, HEADER);
  section(1, [2, 0x60, 0, 1, 0x7f, 0x60, params.length, ...params, results.length, ...results]);
  section(3, [...u32Bytes(2 + copies), 0, ...Array.from({ length: 1 + copies }, () => 1)]);
  section(4, [1, 0x70, 0, 1]);
  section(5, [1, 1, 1, 1]);
  section(6, [1, 0x7f, 1, 0x41, 0, 0x0b]);
  section(7, [2, 6, ...Buffer.from('memory'), 2, 0, 3, ...Buffer.from('run'), 0, 0]);
  section(9, [1, 1, 0, 1, 0]);
  section(12, [1]);
  section(10, written(bodies));
  section(11, [1, 1, 1, 0]);
  return written(out).slice();
}
