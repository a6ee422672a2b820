import { expect, test } from 'vitest';
import { BinaryReader, type IOperatorInformation } from 'wasmparser';
import { rawModule } from '../../testing/raw-module.ts';
import { admitModule } from './admit-module.ts';
import { u32Bytes } from './byte-writer.ts';
import { allowedOpcodes, BULK_PREFIX, type Instruction, instructionOf, SIMD_PREFIX } from './opcodes.ts';

// States of wasmparser, whose enumeration cannot be imported one file at a time.
const CODE_OPERATOR = 30;
const END_WASM = 2;

const TYPES = [0x7f, 0x7e, 0x7d, 0x7c, 0x7b];

/** An opcode as it is written, and its following bytes. */
function encode(code: number): number[] {
  if (code >= SIMD_PREFIX) return [0xfd, ...u32Bytes(code - SIMD_PREFIX)];
  if (code >= BULK_PREFIX) return [0xfc, ...u32Bytes(code - BULK_PREFIX)];
  return [code];
}
const IMMEDIATES: Record<Instruction['immediate'], number[]> = {
  none: [],
  block: [0x40],
  index: [0],
  branches: [0, 0],
  indirect: [0, 0],
  types: [1, 0x7f],
  memory: [0, 0],
  memoryAndLane: [0, 0, 0],
  lane: [0],
  lanes16: Array.from({ length: 16 }, () => 1),
  zero: [0],
  zeroZero: [0, 0],
  indexZero: [0, 0],
  s32: [0xff, 0xff, 0xff, 0xff, 0x07],
  s64: [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f],
  bytes4: [1, 2, 3, 4],
  bytes8: [1, 2, 3, 4, 5, 6, 7, 8],
};

function* tuples(length: number): Generator<number[]> {
  if (length === 0) yield [];
  else for (const first of TYPES) for (const rest of tuples(length - 1)) yield [first, ...rest];
}

/** Opcodes of an independent decoder, which must end where this one does. */
function decodedBy(module: Uint8Array): number[] {
  const reader = new BinaryReader();
  reader.setData(module.slice().buffer, 0, module.length);
  const codes: number[] = [];
  for (;;) {
    if (!reader.read()) throw new Error(`wasmparser refuses it: ${String(reader.error)}`);
    if (reader.state === CODE_OPERATOR) codes.push((reader.result as IOperatorInformation).code);
    if (reader.state === END_WASM) return codes;
  }
}

const straight = allowedOpcodes().filter((code) => !instructionOf(code)?.control);

test('every instruction takes and leaves as many values as the engine says, and reads to where others read', () => {
  expect(straight.length).toBeGreaterThan(380);
  for (const code of straight) {
    const { immediate, pops, pushes } = instructionOf(code) as Instruction;
    const isLocal = code >= 0x20 && code <= 0x22;
    const instruction = [...encode(code), ...(isLocal ? [pops] : IMMEDIATES[immediate])];
    let found: Uint8Array | undefined;
    for (const operands of tuples(pops)) {
      for (const results of tuples(pushes)) {
        const module = rawModule(operands, results, instruction);
        if (found === undefined && WebAssembly.validate(module)) found = module;
      }
    }
    expect(found, `0x${code.toString(16)}`).toBeDefined();
    const { bytes } = admitModule(found as Uint8Array);
    expect(WebAssembly.validate(bytes), `0x${code.toString(16)}`).toBe(true);
    expect(decodedBy(found as Uint8Array).length).toBe(2 + pops + 2);
    expect(decodedBy(bytes).length).toBeGreaterThan(3);
  }
});

test('every other opcode is refused, whatever an engine says', () => {
  const allowed = new Set(allowedOpcodes());
  const refused = (code: number[]) =>
    expect(() => admitModule(rawModule([], [], [...code, 0, 0, 0, 0])), code.join(' ')).toThrow(
      expect.objectContaining({
        code: 'GUEST_MODULE_INVALID',
        details: expect.objectContaining({ what: 'function 1' }),
      }),
    );
  for (let code = 0; code < 0x100; code++) if (!allowed.has(code) && code !== 0xfc && code !== 0xfd) refused([code]);
  for (let number = 0; number < 0x200; number++) {
    if (number > 0xff || !allowed.has(BULK_PREFIX + number)) refused([0xfc, ...u32Bytes(number)]);
    if (number > 0xff || !allowed.has(SIMD_PREFIX + number)) refused([0xfd, ...u32Bytes(number)]);
  }
});
