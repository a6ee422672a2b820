import fc from 'fast-check';

/**
 * Random float programs and what they must give: a model of the specification's arithmetic in plain TypeScript, with the
 * one NaN that `guest/canonical-nan.ts` writes. Values are their bytes, so that a NaN's bits are compared too.
 */
export type Shape = 'f32' | 'f64' | 'f32x4' | 'f64x2';
/** An expression: its text, and the bytes it gives for a memory. */
export interface Expression {
  text: string;
  value(memory: Uint8Array): Uint8Array<ArrayBuffer>;
}

const LANES: Record<Shape, { lane: 4 | 8; size: number; load: string; isVector: boolean }> = {
  f32: { lane: 4, size: 4, load: 'f32.load', isVector: false },
  f64: { lane: 8, size: 8, load: 'f64.load', isVector: false },
  f32x4: { lane: 4, size: 16, load: 'v128.load', isVector: true },
  f64x2: { lane: 8, size: 16, load: 'v128.load', isVector: true },
};
export const sizeOf = (shape: Shape): number => LANES[shape].size;
export const storeOf = (shape: Shape): string => LANES[shape].load.replace('load', 'store');

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function mapLanes(shape: Shape, inputs: readonly Uint8Array[], compute: (...lanes: number[]) => number) {
  const { lane, size } = LANES[shape];
  const out = new Uint8Array(size);
  for (let at = 0; at < size; at += lane) {
    const read = (bytes: Uint8Array) =>
      lane === 4 ? viewOf(bytes).getFloat32(at, true) : viewOf(bytes).getFloat64(at, true);
    const result = compute(...inputs.map(read));
    putFloat(viewOf(out), at, lane, result);
  }
  return out;
}

/** NaNs that arithmetic of the model has given so far. */
export const made = { nans: 0 };

/** Rounds to the lane's type; every NaN becomes the positive quiet one. */
function putFloat(view: DataView, at: number, lane: 4 | 8, value: number): void {
  if (Number.isNaN(value)) made.nans++;
  if (lane === 4) {
    if (Number.isNaN(value)) view.setUint32(at, 0x7fc00000, true);
    else view.setFloat32(at, value, true);
  } else if (Number.isNaN(value)) view.setBigUint64(at, 0x7ff8000000000000n, true);
  else view.setFloat64(at, value, true);
}

function nearest(x: number): number {
  if (!Number.isFinite(x) || Math.abs(x) >= 2 ** 52) return x;
  const below = Math.floor(x);
  const rest = x - below;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  const rounded = up ? below + 1 : below;
  return rounded === 0 && (x < 0 || Object.is(x, -0)) ? -0 : rounded;
}

const UNARY: Record<string, (x: number) => number> = {
  ceil: Math.ceil,
  floor: Math.floor,
  trunc: Math.trunc,
  nearest,
  sqrt: Math.sqrt,
};
const BINARY: Record<string, (x: number, y: number) => number> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  min: (x, y) => Math.min(x, y),
  max: (x, y) => Math.max(x, y),
};

function signBits(shape: Shape, bytes: Uint8Array, change: (byte: number, index: number) => number) {
  const out = bytes.slice();
  const { lane } = LANES[shape];
  for (let at = lane - 1; at < out.length; at += lane) out[at] = change(out[at] as number, at);
  return out;
}

const read = (shape: Shape, slot: number): Expression => ({
  text: `(${LANES[shape].load} (i32.const ${slot * 16}))`,
  value: (memory) => memory.slice(slot * 16, slot * 16 + LANES[shape].size),
});
const arithmetic1 = (shape: Shape, name: string, x: Expression): Expression => ({
  text: `(${shape}.${name} ${x.text})`,
  value: (memory) => mapLanes(shape, [x.value(memory)], UNARY[name] as (x: number) => number),
});
const arithmetic2 = (shape: Shape, name: string, x: Expression, y: Expression): Expression => ({
  text: `(${shape}.${name} ${x.text} ${y.text})`,
  value: (memory) =>
    mapLanes(shape, [x.value(memory), y.value(memory)], BINARY[name] as (x: number, y: number) => number),
});
const signs = (shape: Shape, name: 'neg' | 'abs', x: Expression): Expression => ({
  text: `(${shape}.${name} ${x.text})`,
  value: (memory) => signBits(shape, x.value(memory), (byte) => (name === 'neg' ? byte ^ 0x80 : byte & 0x7f)),
});
const copysign = (shape: Shape, x: Expression, y: Expression): Expression => ({
  text: `(${shape}.copysign ${x.text} ${y.text})`,
  value(memory) {
    const from = y.value(memory);
    return signBits(shape, x.value(memory), (byte, at) => (byte & 0x7f) | ((from[at] as number) & 0x80));
  },
});
/** The smaller or larger of two, bit for bit; the first where they cannot be compared. */
const pick = (shape: Shape, name: 'pmin' | 'pmax', x: Expression, y: Expression): Expression => ({
  text: `(${shape}.${name} ${x.text} ${y.text})`,
  value(memory) {
    const [a, b] = [x.value(memory), y.value(memory)];
    const out = a.slice();
    const { lane } = LANES[shape];
    for (let at = 0; at < 16; at += lane) {
      const of = (v: Uint8Array) => (lane === 4 ? viewOf(v).getFloat32(at, true) : viewOf(v).getFloat64(at, true));
      if (name === 'pmin' ? of(b) < of(a) : of(a) < of(b)) out.set(b.subarray(at, at + lane), at);
    }
    return out;
  },
});
const convert = (name: string, to: Shape, from: Shape, x: Expression): Expression => ({
  text: `(${to}.${name} ${x.text})`,
  value(memory) {
    const source = viewOf(x.value(memory));
    const out = new Uint8Array(LANES[to].size);
    const count = Math.min(LANES[to].size / LANES[to].lane, LANES[from].size / LANES[from].lane);
    for (let i = 0; i < count; i++) {
      const value = LANES[from].lane === 4 ? source.getFloat32(i * 4, true) : source.getFloat64(i * 8, true);
      putFloat(viewOf(out), i * LANES[to].lane, LANES[to].lane, value);
    }
    return out;
  },
});
/** The same bytes, through a local variable: what is stored in one may be seen. */
const kept = (shape: Shape, x: Expression): Expression => ({
  text: `(local.tee $${LANES[shape].isVector ? 'v128' : shape} ${x.text})`,
  value: x.value,
});

export const SLOTS = 6;

/** Random programs of each shape; values come from `SLOTS` places of 16 bytes in memory. */
export const expressions = fc.letrec<Record<Shape, Expression>>((tie) => {
  const of = (shape: Shape): fc.Arbitrary<Expression> => {
    const x = tie(shape);
    const leaf = fc.nat(SLOTS - 1).map((slot) => read(shape, slot));
    const other = ({ f32: 'f64', f64: 'f32', f32x4: 'f64x2', f64x2: 'f32x4' } as const)[shape];
    const conversions = {
      f32: 'demote_f64',
      f64: 'promote_f32',
      f32x4: 'demote_f64x2_zero',
      f64x2: 'promote_low_f32x4',
    } as const;
    const parts = [
      leaf,
      fc.tuple(fc.constantFrom(...Object.keys(UNARY)), x).map(([name, a]) => arithmetic1(shape, name, a)),
      fc.tuple(fc.constantFrom(...Object.keys(BINARY)), x, x).map(([name, a, b]) => arithmetic2(shape, name, a, b)),
      fc.tuple(fc.constantFrom('neg' as const, 'abs' as const), x).map(([name, a]) => signs(shape, name, a)),
      tie(other).map((a) => convert(conversions[shape], shape, other, a)),
      x.map((a) => kept(shape, a)),
      LANES[shape].isVector
        ? fc.tuple(fc.constantFrom('pmin' as const, 'pmax' as const), x, x).map(([n, a, b]) => pick(shape, n, a, b))
        : fc.tuple(x, x).map(([a, b]) => copysign(shape, a, b)),
      // The bits of one shape read as another: a NaN of the one is a number of the other.
      ...(LANES[shape].isVector ? [tie(other)] : []),
    ];
    return fc.oneof({ maxDepth: 5, withCrossShrink: true }, ...parts);
  };
  return { f32: of('f32'), f64: of('f64'), f32x4: of('f32x4'), f64x2: of('f64x2') };
});

/** Memory of random bits among numbers, infinities and NaNs of all kinds, in either width. */
export const memories: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof(
      fc.float({ noDefaultInfinity: false }).map((x) => Uint8Array.from(new Uint8Array(Float32Array.of(x, -x).buffer))),
      fc.double().map((x) => Uint8Array.from(new Uint8Array(Float64Array.of(x).buffer))),
      fc.bigInt({ min: 0n, max: 0x000fffffffffffffn }).map((payload) => {
        const nan = 0x7ff0000000000000n | payload;
        return Uint8Array.from(new Uint8Array(BigUint64Array.of(nan).buffer));
      }),
      fc
        .nat(0x7fffff)
        .map((payload) =>
          Uint8Array.from(new Uint8Array(Uint32Array.of(0x7f800000 | payload, 0xff800000 | payload).buffer)),
        ),
      fc
        .constantFrom(0, -0, Number.POSITIVE_INFINITY, -1, 2.5)
        .map((x) => Uint8Array.from(new Uint8Array(Float32Array.of(x, -x).buffer))),
    ),
    { minLength: 2 * SLOTS, maxLength: 2 * SLOTS },
  )
  .map((words) => {
    const memory = new Uint8Array(16 * SLOTS);
    words.forEach((word, i) => memory.set(word, 8 * i));
    return memory;
  });
