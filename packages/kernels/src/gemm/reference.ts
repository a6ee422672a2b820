/**
 * C = A · B in plain TypeScript, float32: A [m, k], B [k, n]. Each element begins with +0 and takes its products in rising order
 * of k, each rounded to float32, and each sum rounded again: the bytes that the plain build gives on every engine.
 */
export function multiplyReferenceF32(
  a: Float32Array,
  b: Float32Array,
  m: number,
  k: number,
  n: number,
): Float32Array<ArrayBuffer> {
  // Stores into a Float32Array round to nearest, as Math.fround does.
  const c = new Float32Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const x = a[i * k + p] as number;
      for (let j = 0; j < n; j++) c[i * n + j] = (c[i * n + j] as number) + Math.fround(x * (b[p * n + j] as number));
    }
  }
  return c;
}

/** C = A · B in plain TypeScript; A int8 [m, k], B int8 [k, n], C int32 [m, n]. The definition every backend equals. */
export function multiplyReferenceI8(
  a: Int8Array,
  b: Int8Array,
  m: number,
  k: number,
  n: number,
): Int32Array<ArrayBuffer> {
  const c = new Int32Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const x = a[i * k + p] as number;
      for (let j = 0; j < n; j++) c[i * n + j] = (c[i * n + j] as number) + x * (b[p * n + j] as number);
    }
  }
  return c;
}
