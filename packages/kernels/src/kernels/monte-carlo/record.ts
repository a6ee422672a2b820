/**
 * A unit's result: one record of 28 bytes for each block, little-endian.
 *
 * | bytes | what |
 * |---|---|
 * | 0–3 | `count`, u32: paths of the block |
 * | 4–11 | `sum`, u64: of the paths' values |
 * | 12–27 | `squares`, u128: of their squares |
 *
 * A path's value is 1 or 0 for π: whether its point lies in the quarter circle; else its payoff as a share of today's
 * price, in 22 fraction bits.
 */
export interface BlockRecord {
  count: number;
  sum: bigint;
  squares: bigint;
}

export const RECORD_BYTES = 28;

export function encodeRecord({ count, sum, squares }: BlockRecord): Uint8Array {
  const bytes = new Uint8Array(RECORD_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, count, true);
  view.setBigUint64(4, sum, true);
  view.setBigUint64(12, BigInt.asUintN(64, squares), true);
  view.setBigUint64(20, squares >> 64n, true);
  return bytes;
}

/** The record at byte `at`. @throws {RangeError} when the bytes end before. */
export function decodeRecord(bytes: Uint8Array, at: number): BlockRecord {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, RECORD_BYTES);
  return {
    count: view.getUint32(0, true),
    sum: view.getBigUint64(4, true),
    squares: view.getBigUint64(12, true) + (view.getBigUint64(20, true) << 64n),
  };
}

/** All records of a result whose length was checked. */
export const decodeRecords = (bytes: Uint8Array): BlockRecord[] =>
  Array.from({ length: bytes.length / RECORD_BYTES }, (_, i) => decodeRecord(bytes, i * RECORD_BYTES));
