/** A module written byte by byte (WebAssembly core specification, 5.4 and 5.5; relaxed SIMD opcodes). */

const leb = (value: number): number[] => {
  const out: number[] = [];
  for (let rest = value; ; ) {
    const low = rest & 0x7f;
    rest >>>= 7;
    out.push(rest === 0 ? low : low | 0x80);
    if (rest === 0) return out;
  }
};
const section = (id: number, content: number[]): number[] => [id, ...leb(content.length), ...content];
const get = (index: number): number[] => [0x20, ...leb(index)];
const set = (index: number): number[] => [0x21, ...leb(index)];
const simd = (opcode: number): number[] => [0xfd, ...leb(opcode)];

/** Loops whose operands never leave the registers: what the machine can do at most. Operations of one instruction's lanes. */
const LOOPS = {
  /** f32x4.relaxed_madd: a product and a sum in four lanes. */
  fused: { code: simd(0x105), accumulates: true, operations: 8 },
  /** f32x4.mul, then f32x4.add. */
  separate: { code: [...simd(0xe6), ...simd(0xe4)], accumulates: false, operations: 8 },
  /** i32x4.relaxed_dot_i8x16_i7x16_add_s: 16 products and as many sums. */
  dot: { code: simd(0x113), accumulates: true, operations: 32 },
} as const;
export type LoopName = keyof typeof LOOPS;

/** Sums that wait for none of the others: as many as the highest tile has. Multiplying apart needs a register more. */
const SUMS = { fused: 12, separate: 10, dot: 12 } as const;

export interface RegisterLoop {
  /** Operations of one call of `run`. */
  work: number;
  run(): void;
}

/** Undefined where the engine lacks the instruction. */
export async function registerLoop(name: LoopName, turns: number): Promise<RegisterLoop | undefined> {
  const { code, accumulates, operations } = LOOPS[name];
  const sums = SUMS[name];
  const [factor, addend] = [1 + sums, 2 + sums];
  const body: number[] = [];
  for (let i = 1; i <= sums; i++) {
    // Fused: factor · addend + sum. Separate: sum + factor · addend.
    body.push(
      ...(accumulates ? [] : get(i)),
      ...get(factor),
      ...get(addend),
      ...(accumulates ? get(i) : []),
      ...code,
      ...set(i),
    );
  }
  const constant = (bytes: number[]): number[] => [...simd(12), ...bytes];
  const quarter = new Uint8Array(Float32Array.of(2 ** -9, 2 ** -8, 2 ** -7, 2 ** -6).buffer);
  const small = name === 'dot' ? new Uint8Array(16).fill(3) : quarter;
  const loop = [
    ...constant([...small]),
    ...set(factor),
    ...constant([...small]),
    ...set(addend),
    0x03,
    0x40,
    ...body,
    // turns = turns - 1; again while it is not 0
    ...get(0),
    0x41,
    1,
    0x6b,
    0x22,
    0,
    0x0d,
    0,
    0x0b,
  ];
  // The sums are returned as one lane, so that no compiler leaves them out.
  const fold = [...get(1)];
  for (let i = 2; i <= sums; i++) fold.push(...get(i), ...simd(0x51));
  const func = [2, sums, 0x7b, 2, 0x7b, ...loop, ...fold, ...simd(0x1b), 0, 0x0b];
  const bytes = Uint8Array.from([
    0x00,
    0x61,
    0x73,
    0x6d,
    1,
    0,
    0,
    0,
    ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7f]),
    ...section(3, [1, 0]),
    ...section(7, [1, 1, 0x66, 0, 0]),
    ...section(10, [1, ...leb(func.length), ...func]),
  ]);
  if (!WebAssembly.validate(bytes)) return undefined;
  const { instance } = await WebAssembly.instantiate(bytes);
  const call = instance.exports['f'] as (turns: number) => number;
  return { work: turns * sums * operations, run: () => void call(turns) };
}
