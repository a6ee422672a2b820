/**
 * The two tables of `monte-carlo`, in whole numbers only (BigInt fixed point), so that every machine writes the same bytes.
 * Each row is a cubic through its segment's four Chebyshev nodes, as four u32. How they are read, and the bound of their
 * error, is in src/kernels/monte-carlo/fixed-point.ts.
 */

/** Fraction bits of the working numbers; answers need 32 of them. */
const BITS = 192n;
const ONE = 1n << BITS;
/** Fraction bits of the nodes and of the quantile found by Newton's method: two numbers nearer than this are equal. */
const CLOSE = 1n << 64n;

const multiply = (a: bigint, b: bigint): bigint => (a * b) >> BITS;
const divide = (a: bigint, b: bigint): bigint => (a << BITS) / b;

/** e^x for 0 ≤ x < 32, by Taylor's series of x/64 squared six times. */
function exp(x: bigint): bigint {
  const small = x >> 6n;
  let [term, sum] = [ONE, ONE];
  for (let n = 1n; term > 0n; n++) {
    term = multiply(term, small) / n;
    sum += term;
  }
  for (let i = 0; i < 6; i++) sum = multiply(sum, sum);
  return sum;
}

/** Four times the sum of arctangents that is π/4 (Machin: 16 atan 1/5 − 4 atan 1/239). */
function pi(): bigint {
  const atanInverse = (n: bigint): bigint => {
    let power = ONE / n;
    let sum = 0n;
    for (let k = 1n, sign = 1n; power > 0n; k += 2n, sign = -sign) {
      sum += (sign * power) / k;
      power /= n * n;
    }
    return sum;
  };
  return 16n * atanInverse(5n) - 4n * atanInverse(239n);
}

/** Newton's whole-number square root. */
function squareRoot(x: bigint): bigint {
  const scaled = x << BITS;
  let root = 1n << ((BITS * 2n + 8n) / 2n);
  for (;;) {
    const next = (root + scaled / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** ln 2 = Σ 1 / (n 2ⁿ). */
function logarithmOf2(): bigint {
  let sum = 0n;
  for (let n = 1n; n <= BITS; n++) sum += (ONE >> n) / n;
  return sum;
}

const ROOT_OF_2_PI = squareRoot(2n * pi());
const density = (x: bigint): bigint => divide(divide(ONE, exp(multiply(x, x) >> 1n)), ROOT_OF_2_PI);

/** ½ − φ(x) Σ x²ᵏ⁺¹ / (2k + 1)!!: the normal distribution above x ≥ 0. */
function upperTail(x: bigint, phi: bigint): bigint {
  const square = multiply(x, x);
  let [term, sum] = [x, x];
  for (let k = 1n; term > 0n; k++) {
    term = multiply(term, square) / (2n * k + 1n);
    sum += term;
  }
  return (ONE >> 1n) - multiply(phi, sum);
}

/** The x above which the normal distribution has `p`, by Newton's method from a guess below it; the tail is convex. */
function quantile(p: bigint, guess: bigint): bigint {
  for (let x = guess; ; ) {
    const phi = density(x);
    const step = divide(upperTail(x, phi) - p, phi);
    x += step;
    if (step < CLOSE && step > -CLOSE) return x;
  }
}

/** cos((2k + 1) π / 8) for k = 0 to 3, moved to [0, 1]. */
function chebyshevNodes(): bigint[] {
  const half = squareRoot(ONE >> 1n);
  const [outer, inner] = [squareRoot((ONE + half) >> 1n), squareRoot((ONE - half) >> 1n)];
  return [-outer, -inner, inner, outer].map((cosine) => (ONE + cosine) >> 1n);
}
const NODES = chebyshevNodes();

/** Coefficients of the cubic through four values at the nodes: Newton's divided differences, multiplied out. */
function cubicThrough(values: readonly bigint[]): bigint[] {
  const differences = [...values];
  for (let order = 1; order < 4; order++) {
    for (let i = 3; i >= order; i--) {
      const width = (NODES[i] as bigint) - (NODES[i - order] as bigint);
      differences[i] = divide((differences[i] as bigint) - (differences[i - 1] as bigint), width);
    }
  }
  let cubic: bigint[] = [differences[3] as bigint];
  for (let i = 2; i >= 0; i--) {
    const shifted = [0n, ...cubic];
    cubic = shifted.map((c, at) => c - multiply(cubic[at] ?? 0n, NODES[i] as bigint));
    cubic[0] = (cubic[0] as bigint) + (differences[i] as bigint);
  }
  return cubic;
}

/** To `fraction` bits, nearest. @throws {RangeError} when it is no u32. */
function toWord(value: bigint, fraction: bigint): number {
  const word = Number((value + (1n << (BITS - fraction - 1n))) >> (BITS - fraction));
  if (word < 0 || word >= 2 ** 32) throw new RangeError(`${word} is no u32`);
  return word;
}

/** 32 octaves of 8 segments: x ≈ c₀ − t (c₁ − t (c₂ − t c₃)) in 29 fraction bits, at p = (1 + (j + t) / 8) · 2⁻²⁻ᵉ. */
export function normalTable(): Uint32Array {
  const words: number[] = [];
  let guess = 0n;
  // From the middle outwards, so that every guess lies below its quantile.
  for (let octave = 0n; octave < 32n; octave++) {
    const rows: number[][] = [];
    for (let segment = 7n; segment >= 0n; segment--) {
      const values = NODES.map(() => 0n);
      for (let node = 3; node >= 0; node--) {
        const p = (8n * ONE + segment * ONE + (NODES[node] as bigint)) >> (5n + octave);
        guess = quantile(p, guess);
        values[node] = guess;
      }
      const [c0, c1, c2, c3] = cubicThrough(values) as [bigint, bigint, bigint, bigint];
      rows.unshift([c0, -c1, c2, -c3].map((c) => toWord(c, 29n)));
    }
    words.push(...rows.flat());
  }
  return Uint32Array.from(words);
}

/** 16 segments: 2^((j + t) / 16) ≈ c₀ + t (c₁ + t (c₂ + t c₃)) in 30 fraction bits. */
export function powerTable(): Uint32Array {
  const log = logarithmOf2();
  const words: number[] = [];
  for (let segment = 0n; segment < 16n; segment++) {
    const values = NODES.map((node) => exp(multiply(log, (segment * ONE + node) >> 4n)));
    words.push(...cubicThrough(values).map((c) => toWord(c, 30n)));
  }
  return Uint32Array.from(words);
}

/** The TypeScript file that carries both as base64 of little-endian words. */
export function tablesSource(): string {
  const literal = (table: Uint32Array) =>
    Buffer.from(table.buffer)
      .toString('base64')
      .replace(/.{1,116}/g, "  '$&' +\n")
      .replace(/ \+\n$/, ';\n');
  return `// Written by scripts/build-wasm.ts from monte-carlo-tables.ts. Do not edit.
export const normalTableBase64 =\n${literal(normalTable())}
export const powerTableBase64 =\n${literal(powerTable())}`;
}
