/** Rows of `rowBytes` set apart by zeros to `paddedRowBytes`, and rows of zeros after them; the input itself when nothing is added. */
export function padRows(
  data: Uint8Array,
  rows: number,
  rowBytes: number,
  paddedRows: number,
  paddedRowBytes: number,
): Uint8Array<ArrayBuffer> {
  if (rowBytes === paddedRowBytes && rows === paddedRows) return data as Uint8Array<ArrayBuffer>;
  const padded = new Uint8Array(paddedRows * paddedRowBytes);
  for (let i = 0; i < rows; i++) padded.set(data.subarray(i * rowBytes, (i + 1) * rowBytes), i * paddedRowBytes);
  return padded;
}

/** Rows without what `padRows` added. */
export function unpadRows(padded: Uint8Array<ArrayBuffer>, rows: number, rowBytes: number): Uint8Array<ArrayBuffer> {
  const paddedRowBytes = padded.length / rows;
  if (paddedRowBytes === rowBytes) return padded;
  const data = new Uint8Array(rows * rowBytes);
  for (let i = 0; i < rows; i++) {
    data.set(padded.subarray(i * paddedRowBytes, i * paddedRowBytes + rowBytes), i * rowBytes);
  }
  return data;
}
