import { concat, toUtf8 } from '@reckon/protocol/base/bytes';
import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';

/** Job parameters with one number replaced by what no kernel may take for one, or by one beyond the manifest's bounds. */
export function hostileParams({ params }: KernelManifest, good: Record<string, unknown>): Record<string, unknown>[] {
  return params
    .filter(({ kind }) => kind === 'integer' || kind === 'number')
    .flatMap(({ name, kind, min, max }) => {
      const bad: unknown[] = [Number.NaN, Infinity, -Infinity, 1e308, -1e308, '1', null, [1], {}, true];
      if (kind === 'integer') bad.push(1.5, 2 ** 53);
      if (min !== undefined) bad.push(min - 1);
      if (max !== undefined) bad.push(max + 1);
      return bad.map((value) => ({ ...good, [name]: value }));
    });
}

const MAGIC = Uint8Array.of(0x93, ...toUtf8('NUMPY'));
export const isNpy = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[i] === byte);

/** A .npy file of a stated shape and little data. */
function npy(descr: string, shape: string): Uint8Array {
  const header = toUtf8(`{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117) + '\n');
  return concat(MAGIC, Uint8Array.of(1, 0, header.length & 255, header.length >> 8), header, new Uint8Array(16));
}

/** Files that say to be empty, enormous, or of a shape that is none. */
export const hostileNpys: readonly Uint8Array[] = ['<f4', '|i1', '<i4', '<c16', '|O'].flatMap((descr) =>
  [
    '(0,)',
    '(0, 3)',
    '(4294967296, 4294967296)',
    '(9007199254740993,)',
    '(-1, 4)',
    '(1e9,)',
    '()',
    "('4',)",
    '(2147483647,)',
  ].map((shape) => npy(descr, shape)),
);

/** The same file with nothing but NaN, infinity or the largest numbers in it, read as float32. */
export const withFloats = (file: Uint8Array): Uint8Array[] =>
  [Number.NaN, Infinity, -Infinity, 3.4e38].map((value) => {
    const copy = file.slice();
    const start = 10 + ((copy[8] as number) | ((copy[9] as number) << 8));
    const view = new DataView(copy.buffer);
    for (let at = start; at + 4 <= copy.length; at += 4) view.setFloat32(at, value, true);
    return copy;
  });
