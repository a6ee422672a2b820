import { concat, toHex, toUtf8 } from '@reckon/protocol/base/bytes';
import { sha256 } from '@reckon/protocol/base/hash';
import type { GpuLease } from '../../gpu/device.ts';
import { gemmShaders } from './shader.ts';
import type { Layout, Precision } from './shape.ts';

const digests = new Map<Precision, string>();

/** Of all shaders of a precision: measurements of other code are of no use. */
function codeDigest(precision: Precision): string {
  const known = digests.get(precision);
  if (known !== undefined) return known;
  const digest = toHex(sha256(concat(...gemmShaders(precision).map(toUtf8)))).slice(2, 18);
  digests.set(precision, digest);
  return digest;
}

/** `Chrome/156`: drivers and compilers change with it. */
export function browserOf(userAgent: string): string {
  const [, name, major] = /(Edg|OPR|Firefox|Chrome|Version|Node\.js)\/(\d+)/.exec(userAgent) ?? [];
  return name === undefined ? 'unknown' : `${name}/${major}`;
}

const scope: { navigator?: Partial<Pick<Navigator, 'userAgent'>> } = globalThis;

/** Powers of two: products of about the same shape want the same plan. */
const bucket = (size: number): number => Math.round(Math.log2(size));

/** What measurements are kept under: adapter, browser, code, and kind of product. */
export function tuneKey({ vendor, architecture }: GpuLease, { precision, m, k, n }: Layout): string {
  const browser = browserOf(scope.navigator?.userAgent ?? '');
  const shape = [m, k, n].map(bucket).join('-');
  return [vendor, architecture, browser, codeDigest(precision), precision, shape].join('|');
}
