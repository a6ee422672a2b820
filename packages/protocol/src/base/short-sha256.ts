/**
 * SHA-256 (FIPS 180-4, section 6.2) of messages of one or two blocks. A replay hashes some hundred tree nodes for each
 * sampled unit, and the library spends more on setting up than on hashing those: 65 bytes take it 1.15 µs and this 0.55
 * (Node 26, one core), which is what lets an auditor replay a million entries in a minute. Longer messages stay with the
 * library, against which this is tested at every length.
 */

/** Longest message that fits two blocks with its padding. */
export const MAX_SHORT_BYTES = 119;

const isPrime = (n: number): boolean => {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return true;
};

const PRIMES: number[] = [];
for (let n = 2; PRIMES.length < 64; n++) if (isPrime(n)) PRIMES.push(n);

/** The whole part of the root of n · 2^(32·degree), so its 32 low bits are the root's first 32 fraction bits; by halving. */
function rootBits(n: number, degree: bigint): number {
  const target = BigInt(n) << (32n * degree);
  let low = 0n;
  let high = 1n << 36n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** degree <= target) low = middle;
    else high = middle;
  }
  return Number(BigInt.asIntN(32, low));
}

/** Section 4.2.2: from the cube roots of the first 64 primes. Section 5.3.3: from the square roots of the first eight. */
const K = Int32Array.from(PRIMES, (prime) => rootBits(prime, 3n));
const INITIAL = Int32Array.from(PRIMES.slice(0, 8), (prime) => rootBits(prime, 2n));

const schedule = new Int32Array(64);
const hash = new Int32Array(8);
const padded = new Uint8Array(128);

function compress(at: number): void {
  const w = schedule;
  for (let i = 0, b = at; i < 16; i++, b += 4) {
    w[i] =
      ((padded[b] as number) << 24) |
      ((padded[b + 1] as number) << 16) |
      ((padded[b + 2] as number) << 8) |
      (padded[b + 3] as number);
  }
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15] as number;
    const y = w[i - 2] as number;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (s0 + (w[i - 7] as number) + s1 + (w[i - 16] as number)) | 0;
  }
  let a = hash[0] as number;
  let b = hash[1] as number;
  let c = hash[2] as number;
  let d = hash[3] as number;
  let e = hash[4] as number;
  let f = hash[5] as number;
  let g = hash[6] as number;
  let h = hash[7] as number;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (K[i] as number) + (w[i] as number)) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  hash[0] = ((hash[0] as number) + a) | 0;
  hash[1] = ((hash[1] as number) + b) | 0;
  hash[2] = ((hash[2] as number) + c) | 0;
  hash[3] = ((hash[3] as number) + d) | 0;
  hash[4] = ((hash[4] as number) + e) | 0;
  hash[5] = ((hash[5] as number) + f) | 0;
  hash[6] = ((hash[6] as number) + g) | 0;
  hash[7] = ((hash[7] as number) + h) | 0;
}

/** The 32-byte digest of at most `MAX_SHORT_BYTES` bytes. @throws {RangeError} for more. */
export function shortSha256(message: Uint8Array): Uint8Array {
  const { length } = message;
  if (length > MAX_SHORT_BYTES) throw new RangeError(`a short message has at most ${MAX_SHORT_BYTES} bytes`);
  const end = length < 56 ? 64 : 128;
  padded.fill(0, length, end);
  padded.set(message);
  padded[length] = 0x80;
  // The length in bits is below 2¹⁰.
  padded[end - 2] = length >>> 5;
  padded[end - 1] = length << 3;
  hash.set(INITIAL);
  compress(0);
  if (end === 128) compress(64);
  const out = new Uint8Array(32);
  for (let i = 0, at = 0; i < 8; i++) {
    const word = hash[i] as number;
    out[at++] = word >>> 24;
    out[at++] = word >>> 16;
    out[at++] = word >>> 8;
    out[at++] = word;
  }
  return out;
}
