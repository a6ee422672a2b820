import { concat, toUtf8, u32be } from '@reckon/protocol/base/bytes';
import { npyHeader } from './npy.ts';
import type { Tensor } from './tensor.ts';

/** Tensors by name as packed .npy parts: the bytes of `packParts` over `encodeNpy`, each tensor copied only once. */
export function packTensors(tensors: ReadonlyMap<string, Tensor>): Uint8Array {
  const frames = framesOf(tensors);
  const sizes = [...tensors.values()].map(({ data }, i) => (frames[i] as Uint8Array).length + data.length);
  const out = new Uint8Array(sizes.reduce((sum, size) => sum + size, 4));
  new DataView(out.buffer).setUint32(0, tensors.size);
  let offset = 4;
  let i = 0;
  for (const { data } of tensors.values()) {
    const frame = frames[i++] as Uint8Array;
    out.set(frame, offset);
    out.set(data, offset + frame.length);
    offset += frame.length + data.length;
  }
  return out;
}

// Units of one stage have results of one shape, and writing a header costs more than a small model.
let last: { key: string; frames: Uint8Array[] } | undefined;

/** What stands before each tensor's elements: its name, its length and its .npy header. */
function framesOf(tensors: ReadonlyMap<string, Tensor>): Uint8Array[] {
  let key = '';
  for (const [name, { dtype, shape }] of tensors) key += `${name.length} ${name} ${dtype} ${shape};`;
  if (last?.key === key) return last.frames;
  const frames = [...tensors].map(([name, tensor]) => {
    const text = toUtf8(name);
    const header = npyHeader(tensor);
    return concat(u32be(text.length), text, u32be(header.length + tensor.data.length), header);
  });
  last = { key, frames };
  return frames;
}
