import { concat, fromUtf8, toUtf8, u32be } from './bytes.ts';
import { ReckonError } from './errors.ts';

/** A named piece of a unit's input or result, such as one tensor. */
export interface NamedPart {
  name: string;
  bytes: Uint8Array;
}

/** Most parts of one packing. */
export const MAX_PARTS = 64;
const MAX_NAME_BYTES = 256;

/** Encodes parts as u32 count, then for each: u32 name length, name, u32 length, bytes. The same parts give the same bytes. */
export function packParts(parts: readonly NamedPart[]): Uint8Array {
  const pieces = parts.flatMap(({ name, bytes }) => {
    const text = toUtf8(name);
    return [u32be(text.length), text, u32be(bytes.length), bytes];
  });
  return concat(u32be(parts.length), ...pieces);
}

/** Views into `packed`, not copies. @throws {ReckonError} KERNEL_RESULT_INVALID when the bytes are not exactly packed parts. */
export function unpackParts(packed: Uint8Array): NamedPart[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  let offset = 0;
  const fail = (cause: string) => new ReckonError('KERNEL_RESULT_INVALID', { kernel: 'any', cause });
  const takeLength = (limit: number): number => {
    if (offset + 4 > packed.length) throw fail(`ends at byte ${packed.length} inside a length`);
    const length = view.getUint32(offset);
    offset += 4;
    if (length > limit) throw fail(`a length of ${length} exceeds ${limit}`);
    return length;
  };
  const take = (length: number): Uint8Array => {
    if (offset + length > packed.length) throw fail(`ends at byte ${packed.length}, a part needs ${offset + length}`);
    offset += length;
    return packed.subarray(offset - length, offset);
  };
  const takeName = (bytes: Uint8Array): string => {
    try {
      return fromUtf8(bytes);
    } catch {
      throw fail('a name is not UTF-8');
    }
  };
  const count = takeLength(MAX_PARTS);
  const parts: NamedPart[] = [];
  for (let i = 0; i < count; i++) {
    parts.push({ name: takeName(take(takeLength(MAX_NAME_BYTES))), bytes: take(takeLength(packed.length)) });
  }
  if (offset !== packed.length) throw fail(`${packed.length - offset} bytes follow the last part`);
  return parts;
}
