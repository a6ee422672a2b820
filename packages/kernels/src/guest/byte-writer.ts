/** Bytes that grow, for writing a module again. */
export interface ByteWriter {
  buffer: Uint8Array<ArrayBuffer>;
  length: number;
}

export const createWriter = (capacity = 1024): ByteWriter => ({ buffer: new Uint8Array(capacity), length: 0 });

/** What was written so far; a view. */
export const written = (writer: ByteWriter): Uint8Array<ArrayBuffer> => writer.buffer.subarray(0, writer.length);

function reserve(writer: ByteWriter, count: number): void {
  if (writer.length + count <= writer.buffer.length) return;
  const larger = new Uint8Array(Math.max(writer.length + count, 2 * writer.buffer.length));
  larger.set(written(writer));
  writer.buffer = larger;
}

export function putBytes(writer: ByteWriter, bytes: ArrayLike<number>): void {
  reserve(writer, bytes.length);
  writer.buffer.set(bytes, writer.length);
  writer.length += bytes.length;
}

/** LEB128, unpadded. */
export function putU32(writer: ByteWriter, value: number): void {
  putBytes(writer, u32Bytes(value));
}

export function u32Bytes(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
}

/** u32 length, then the bytes. */
export function putVector(writer: ByteWriter, bytes: Uint8Array): void {
  putU32(writer, bytes.length);
  putBytes(writer, bytes);
}
