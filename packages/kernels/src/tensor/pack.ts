import { toUtf8, u32be } from '@reckon/protocol/base/bytes';
import { npyHeader } from './npy.ts';
import type { Tensor } from './tensor.ts';

/** Tensors by name as packed .npy parts: the bytes of `packParts` over `encodeNpy`, each tensor copied only once. */
export function packTensors(tensors: ReadonlyMap<string, Tensor>): Uint8Array {
  const pieces: Uint8Array[] = [u32be(tensors.size)];
  for (const [name, tensor] of tensors) {
    const text = toUtf8(name);
    const header = npyHeader(tensor);
    pieces.push(u32be(text.length), text, u32be(header.length + tensor.data.length), header, tensor.data);
  }
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    out.set(piece, offset);
    offset += piece.length;
  }
  return out;
}
