import type { GemmEngine } from './engine.ts';
import { atOnce } from './banded.ts';
import { multiplyF32, packF32, placeF32 } from './f32.ts';
import { multiplyI8 } from './i8.ts';
import { placeLeftI8, placeRightI8 } from './i8-operands.ts';
import { packI8, type Way } from './i8-pack.ts';
import { readRows } from './matrix.ts';
import { multiplyReferenceF32, multiplyReferenceI8 } from './reference.ts';

const [M, K, N] = [13, 38, 37];

/** Elements from `low` to `high`, the ends often. */
function elements(count: number, low: number, high: number): Int8Array<ArrayBuffer> {
  return Int8Array.from({ length: count }, (_, i) => {
    if (i % 3 === 0) return i % 2 === 0 ? low : high;
    return low + ((i * 7919) % (high - low + 1));
  });
}

/** What each way is given: the range of A and of B. */
const CASES: readonly [Way, a: readonly [number, number], b: readonly [number, number]][] = [
  ['right7', [-128, 127], [0, 127]],
  ['right7', [-128, 127], [-64, 63]],
  ['left7', [0, 127], [-128, 127]],
  ['left7', [-64, 63], [-128, 127]],
  ['halves', [-128, 127], [-128, 127]],
  ['i16', [-128, 127], [-128, 127]],
];

/**
 * Does a build give right products of known operands, with the ends of every range among them? Asked once of the build with
 * relaxed SIMD, whose instructions a new engine might take otherwise than it should.
 */
export function answersRight(engine: GemmEngine): boolean {
  return wholeNumbers(engine) && floats(engine);
}

function wholeNumbers(engine: GemmEngine): boolean {
  return CASES.every(([way, [lowA, highA], [lowB, highB]]) => {
    const [a, b] = [elements(M * K, lowA, highA), elements(K * N, lowB, highB)];
    const right = placeRightI8(engine, bytesOf(b), K, N);
    const packed = packI8(engine, right, way);
    const left = placeLeftI8(engine, bytesOf(a), M, K);
    const c = atOnce(multiplyI8(engine, left, packed));
    const got = new Int32Array(readRows(engine.wasm.memory, c).buffer);
    for (const { region } of [right, packed, left, c]) region.free();
    return multiplyReferenceI8(a, b, M, K, N).every((value, i) => value === got[i]);
  });
}

/** Small whole numbers, so that fused and separate rounding give the same. */
function floats(engine: GemmEngine): boolean {
  const [a, b] = [Float32Array.from(elements(M * K, -128, 127)), Float32Array.from(elements(K * N, -128, 127))];
  const right = placeF32(engine, bytesOf(b), K, N);
  const packed = packF32(engine, right);
  const left = placeF32(engine, bytesOf(a), M, K);
  const c = atOnce(multiplyF32(engine, left, packed));
  const got = new Float32Array(readRows(engine.wasm.memory, c).buffer);
  for (const { region } of [right, packed, left, c]) region.free();
  return multiplyReferenceF32(a, b, M, K, N).every((value, i) => value === got[i]);
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
