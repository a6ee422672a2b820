/**
 * The instructions that a stranger's module may hold: WebAssembly 1.0, sign extension, saturating truncation, bulk memory,
 * multi-value and SIMD128. Source: https://webassembly.github.io/spec/core/binary/instructions.html
 * Never relaxed SIMD, whose results depend on the machine.
 */

/** Bytes that follow an opcode. */
export type Immediate =
  | 'none'
  | 'block'
  | 'index'
  | 'branches'
  | 'indirect'
  | 'types'
  | 'memory'
  | 'memoryAndLane'
  | 'lane'
  | 'lanes16'
  | 'zero'
  | 'zeroZero'
  | 'indexZero'
  | 's32'
  | 's64'
  | 'bytes4'
  | 'bytes8';

/** What lies in a float value: a NaN of one shape is only a NaN to instructions of the same shape. */
export type FloatShape = 'f32' | 'f64' | 'f32x4' | 'f64x2';

export interface Instruction {
  immediate: Immediate;
  /** Values taken and left; for control instructions, which depend on types, not known. */
  pops: number;
  pushes: number;
  /** Where the flow of control may part or meet. */
  control: boolean;
  /** Computes floats: a NaN in the result has bits that the specification leaves open. */
  makes?: FloatShape;
  /** Takes floats of this shape, and whatever the bits of a NaN among them, does the same. */
  eats?: FloatShape;
}

/** Opcodes behind a prefix byte; their numbers stay below 256. */
export const BULK_PREFIX = 0x100;
export const SIMD_PREFIX = 0x200;

// Filled to its end, so that it stays a plain array, which is fast to read.
const table: (Instruction | undefined)[] = Array.from({ length: 0x300 }, () => undefined);

/** By its byte, or by prefix and number. */
export const instructionOf = (code: number): Instruction | undefined => table[code];
/** Every opcode that is allowed. */
export const allowedOpcodes = (): number[] => [...table.keys()].filter((code) => table[code] !== undefined);

type Signature = Pick<Instruction, 'pops' | 'pushes'>;
const signature = (pops: number, pushes: number): Signature => ({ pops, pushes });
const CONST = signature(0, 1);
const UNARY = signature(1, 1);
const BINARY = signature(2, 1);
const TERNARY = signature(3, 1);
const STORE = signature(2, 0);
const BULK = signature(3, 0);

function add(from: number, to: number, immediate: Immediate, of: Signature, floats: Partial<Instruction> = {}): void {
  for (let code = from; code <= to; code++) table[code] = { immediate, ...of, control: false, ...floats };
}
const control = (from: number, to: number, immediate: Immediate) =>
  add(from, to, immediate, signature(0, 0), { control: true });
/** Float arithmetic: whatever NaN goes in, a NaN comes out. */
const arithmetic = (from: number, to: number, of: Signature, shape: FloatShape) =>
  add(from, to, 'none', of, { makes: shape, eats: shape });

control(0x00, 0x01, 'none'); // unreachable, nop
control(0x02, 0x04, 'block'); // block, loop, if
control(0x05, 0x05, 'none'); // else
control(0x0b, 0x0b, 'none'); // end
control(0x0c, 0x0d, 'index'); // br, br_if
control(0x0e, 0x0e, 'branches'); // br_table
control(0x0f, 0x0f, 'none'); // return
control(0x10, 0x10, 'index'); // call
control(0x11, 0x11, 'indirect'); // call_indirect
add(0x1a, 0x1a, 'none', signature(1, 0)); // drop
add(0x1b, 0x1b, 'none', TERNARY); // select
add(0x1c, 0x1c, 'types', TERNARY); // select with a type
add(0x20, 0x20, 'index', CONST); // local.get
add(0x21, 0x21, 'index', signature(1, 0)); // local.set
add(0x22, 0x22, 'index', UNARY); // local.tee
add(0x23, 0x23, 'index', CONST); // global.get
add(0x24, 0x24, 'index', signature(1, 0)); // global.set
add(0x28, 0x35, 'memory', UNARY); // loads
add(0x36, 0x3e, 'memory', STORE); // stores
add(0x3f, 0x3f, 'zero', CONST); // memory.size
add(0x40, 0x40, 'zero', UNARY); // memory.grow
add(0x41, 0x41, 's32', CONST);
add(0x42, 0x42, 's64', CONST);
add(0x43, 0x43, 'bytes4', CONST);
add(0x44, 0x44, 'bytes8', CONST);
add(0x45, 0x45, 'none', UNARY); // i32.eqz
add(0x46, 0x4f, 'none', BINARY); // i32 comparisons
add(0x50, 0x50, 'none', UNARY); // i64.eqz
add(0x51, 0x5a, 'none', BINARY); // i64 comparisons
add(0x5b, 0x60, 'none', BINARY, { eats: 'f32' }); // f32 comparisons
add(0x61, 0x66, 'none', BINARY, { eats: 'f64' }); // f64 comparisons
add(0x67, 0x69, 'none', UNARY); // i32.clz, ctz, popcnt
add(0x6a, 0x78, 'none', BINARY); // i32.add … rotr
add(0x79, 0x7b, 'none', UNARY); // i64.clz, ctz, popcnt
add(0x7c, 0x8a, 'none', BINARY); // i64.add … rotr
add(0x8b, 0x8c, 'none', UNARY); // f32.abs, neg: only the sign bit changes
arithmetic(0x8d, 0x91, UNARY, 'f32'); // f32.ceil … sqrt
arithmetic(0x92, 0x97, BINARY, 'f32'); // f32.add … max
add(0x98, 0x98, 'none', BINARY); // f32.copysign
add(0x99, 0x9a, 'none', UNARY); // f64.abs, neg
arithmetic(0x9b, 0x9f, UNARY, 'f64'); // f64.ceil … sqrt
arithmetic(0xa0, 0xa5, BINARY, 'f64'); // f64.add … max
add(0xa6, 0xa6, 'none', BINARY); // f64.copysign
add(0xa7, 0xa7, 'none', UNARY); // i32.wrap_i64
add(0xa8, 0xa9, 'none', UNARY, { eats: 'f32' }); // i32.trunc_f32
add(0xaa, 0xab, 'none', UNARY, { eats: 'f64' }); // i32.trunc_f64
add(0xac, 0xad, 'none', UNARY); // i64.extend_i32
add(0xae, 0xaf, 'none', UNARY, { eats: 'f32' }); // i64.trunc_f32
add(0xb0, 0xb1, 'none', UNARY, { eats: 'f64' }); // i64.trunc_f64
add(0xb2, 0xb5, 'none', UNARY); // f32.convert
add(0xb6, 0xb6, 'none', UNARY, { makes: 'f32', eats: 'f64' }); // f32.demote_f64
add(0xb7, 0xba, 'none', UNARY); // f64.convert
add(0xbb, 0xbb, 'none', UNARY, { makes: 'f64', eats: 'f32' }); // f64.promote_f32
add(0xbc, 0xbf, 'none', UNARY); // reinterpretations
add(0xc0, 0xc4, 'none', UNARY); // sign extensions

add(BULK_PREFIX + 0, BULK_PREFIX + 1, 'none', UNARY, { eats: 'f32' }); // i32.trunc_sat_f32
add(BULK_PREFIX + 2, BULK_PREFIX + 3, 'none', UNARY, { eats: 'f64' });
add(BULK_PREFIX + 4, BULK_PREFIX + 5, 'none', UNARY, { eats: 'f32' }); // i64.trunc_sat_f32
add(BULK_PREFIX + 6, BULK_PREFIX + 7, 'none', UNARY, { eats: 'f64' });
add(BULK_PREFIX + 8, BULK_PREFIX + 8, 'indexZero', BULK); // memory.init
add(BULK_PREFIX + 9, BULK_PREFIX + 9, 'index', signature(0, 0)); // data.drop
add(BULK_PREFIX + 10, BULK_PREFIX + 10, 'zeroZero', BULK); // memory.copy
add(BULK_PREFIX + 11, BULK_PREFIX + 11, 'zero', BULK); // memory.fill
add(BULK_PREFIX + 12, BULK_PREFIX + 12, 'indexZero', BULK); // table.init
add(BULK_PREFIX + 13, BULK_PREFIX + 13, 'index', signature(0, 0)); // elem.drop
add(BULK_PREFIX + 14, BULK_PREFIX + 14, 'zeroZero', BULK); // table.copy

const simd = (from: number, to: number, of: Signature, floats: Partial<Instruction> = {}) =>
  add(SIMD_PREFIX + from, SIMD_PREFIX + to, 'none', of, floats);
const simdWith = (from: number, to: number, immediate: Immediate, of: Signature) =>
  add(SIMD_PREFIX + from, SIMD_PREFIX + to, immediate, of);
const simdArithmetic = (from: number, to: number, of: Signature, shape: FloatShape) =>
  arithmetic(SIMD_PREFIX + from, SIMD_PREFIX + to, of, shape);

simdWith(0x00, 0x0a, 'memory', UNARY); // loads
simdWith(0x0b, 0x0b, 'memory', STORE);
simdWith(0x0c, 0x0c, 'lanes16', CONST); // v128.const
simdWith(0x0d, 0x0d, 'lanes16', BINARY); // i8x16.shuffle
simd(0x0e, 0x0e, BINARY); // i8x16.swizzle
simd(0x0f, 0x14, UNARY); // splats
for (const [extract, replace] of [
  [0x15, 0x17],
  [0x18, 0x1a],
  [0x1b, 0x1c],
  [0x1d, 0x1e],
  [0x1f, 0x20],
  [0x21, 0x22],
] as const) {
  simdWith(extract, replace - 1, 'lane', UNARY);
  simdWith(replace, replace, 'lane', BINARY);
}
simd(0x23, 0x40, BINARY); // integer comparisons
simd(0x41, 0x46, BINARY, { eats: 'f32x4' }); // f32x4 comparisons
simd(0x47, 0x4c, BINARY, { eats: 'f64x2' }); // f64x2 comparisons
simd(0x4d, 0x4d, UNARY); // v128.not
simd(0x4e, 0x51, BINARY); // and, andnot, or, xor
simd(0x52, 0x52, TERNARY); // bitselect
simd(0x53, 0x53, UNARY); // any_true
simdWith(0x54, 0x57, 'memoryAndLane', BINARY); // load_lane
simdWith(0x58, 0x5b, 'memoryAndLane', STORE); // store_lane
simdWith(0x5c, 0x5d, 'memory', UNARY); // load_zero
simd(0x5e, 0x5e, UNARY, { makes: 'f32x4', eats: 'f64x2' }); // f32x4.demote_f64x2_zero
simd(0x5f, 0x5f, UNARY, { makes: 'f64x2', eats: 'f32x4' }); // f64x2.promote_low_f32x4
simd(0x60, 0x64, UNARY); // i8x16.abs … bitmask
simd(0x65, 0x66, BINARY); // i8x16.narrow
simdArithmetic(0x67, 0x6a, UNARY, 'f32x4'); // f32x4.ceil … nearest
simd(0x6b, 0x73, BINARY); // i8x16.shl … sub_sat
simdArithmetic(0x74, 0x75, UNARY, 'f64x2'); // f64x2.ceil, floor
simd(0x76, 0x79, BINARY); // i8x16.min … max
simdArithmetic(0x7a, 0x7a, UNARY, 'f64x2'); // f64x2.trunc
simd(0x7b, 0x7b, BINARY); // i8x16.avgr_u
simd(0x7c, 0x81, UNARY); // extadd_pairwise, i16x8.abs, neg
simd(0x82, 0x82, BINARY); // q15mulr_sat
simd(0x83, 0x84, UNARY); // i16x8.all_true, bitmask
simd(0x85, 0x86, BINARY); // i16x8.narrow
simd(0x87, 0x8a, UNARY); // i16x8.extend
simd(0x8b, 0x93, BINARY); // i16x8.shl … sub_sat
simdArithmetic(0x94, 0x94, UNARY, 'f64x2'); // f64x2.nearest
simd(0x95, 0x99, BINARY); // i16x8.mul, min, max
simd(0x9b, 0x9f, BINARY); // i16x8.avgr_u, extmul
simd(0xa0, 0xa1, UNARY); // i32x4.abs, neg
simd(0xa3, 0xa4, UNARY); // i32x4.all_true, bitmask
simd(0xa7, 0xaa, UNARY); // i32x4.extend
simd(0xab, 0xae, BINARY); // i32x4.shl, shr, add
simd(0xb1, 0xb1, BINARY); // i32x4.sub
simd(0xb5, 0xba, BINARY); // i32x4.mul, min, max, dot
simd(0xbc, 0xbf, BINARY); // i32x4.extmul
simd(0xc0, 0xc1, UNARY); // i64x2.abs, neg
simd(0xc3, 0xc4, UNARY); // i64x2.all_true, bitmask
simd(0xc7, 0xca, UNARY); // i64x2.extend
simd(0xcb, 0xce, BINARY); // i64x2.shl, shr, add
simd(0xd1, 0xd1, BINARY); // i64x2.sub
simd(0xd5, 0xdf, BINARY); // i64x2.mul, comparisons, extmul
simd(0xe0, 0xe1, UNARY); // f32x4.abs, neg: only the sign bits change
simdArithmetic(0xe3, 0xe3, UNARY, 'f32x4'); // f32x4.sqrt
simdArithmetic(0xe4, 0xe9, BINARY, 'f32x4'); // f32x4.add … max
simd(0xea, 0xeb, BINARY); // f32x4.pmin, pmax: one of the two, bit for bit
simd(0xec, 0xed, UNARY); // f64x2.abs, neg
simdArithmetic(0xef, 0xef, UNARY, 'f64x2'); // f64x2.sqrt
simdArithmetic(0xf0, 0xf5, BINARY, 'f64x2'); // f64x2.add … max
simd(0xf6, 0xf7, BINARY); // f64x2.pmin, pmax
simd(0xf8, 0xf9, UNARY, { eats: 'f32x4' }); // i32x4.trunc_sat_f32x4
simd(0xfa, 0xfb, UNARY); // f32x4.convert
simd(0xfc, 0xfd, UNARY, { eats: 'f64x2' }); // i32x4.trunc_sat_f64x2_zero
simd(0xfe, 0xff, UNARY); // f64x2.convert_low
