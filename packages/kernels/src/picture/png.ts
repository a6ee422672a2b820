import { concat, toUtf8, u32be } from '@reckon/protocol/base/bytes';
import { zlibSync } from 'fflate';

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = concat(toUtf8(type), data);
  return concat(u32be(data.length), body, u32be(crc32(body)));
}

/** A PNG of 8-bit palette indexes (https://www.w3.org/TR/png-3/). The same picture always gives the same bytes. */
export function encodeIndexedPng(width: number, height: number, palette: Uint8Array, indexes: Uint8Array): Uint8Array {
  // Each row begins with its filter type; 0, none, is best for palettes.
  const rows = new Uint8Array(height * (width + 1));
  for (let y = 0; y < height; y++) rows.set(indexes.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return file(width, height, 3, chunk('PLTE', palette), rows);
}

/** A PNG of red, green and blue bytes. The same picture always gives the same bytes. */
export function encodeRgbPng(width: number, height: number, rgb: Uint8Array): Uint8Array {
  const bytes = width * 3;
  const rows = new Uint8Array(height * (bytes + 1));
  for (let y = 0; y < height; y++) {
    // Filter 1: each byte less that of the pixel before, which suits photographs.
    const [from, to] = [y * bytes, y * (bytes + 1) + 1];
    rows[to - 1] = 1;
    for (let i = 0; i < bytes; i++) {
      rows[to + i] = (rgb[from + i] as number) - (i < 3 ? 0 : (rgb[from + i - 3] as number));
    }
  }
  return file(width, height, 2, new Uint8Array(), rows);
}

function file(width: number, height: number, colourType: number, palette: Uint8Array, rows: Uint8Array): Uint8Array {
  return concat(
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', concat(u32be(width), u32be(height), Uint8Array.of(8, colourType, 0, 0, 0))),
    palette,
    chunk('IDAT', zlibSync(rows, { level: 9 })),
    chunk('IEND', new Uint8Array()),
  );
}
