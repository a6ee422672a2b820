import { toUtf8 } from '@reckon/protocol/base/bytes';
import { packParts, unpackParts } from '@reckon/protocol/base/named-parts';
import { customWgslRules } from '../../kernels/custom-wgsl/rules.ts';
import type { InputFile } from '../../kernel.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { toNumbers } from '../../tensor/tensor.ts';
import type { ConformanceKernel } from '../case.ts';

const ROWS = 1021;

/** Whole numbers: products that wrap, shifts, division and remainders, counted bits. */
const whole = `
@group(0) @binding(0) var<storage, read_write> words: array<u32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= span.count) { return; }
  let row = span.first + id.x;
  var x = row * 0x9e3779b9u + 0x7f4a7c15u;
  for (var i = 0u; i < 64u; i++) {
    x = (x ^ (x >> 16u)) * 0x21f0aaadu;
    x = (x ^ (x >> 15u)) * 0x735a2d97u;
    x = x ^ (x / (row + 3u)) ^ (x % (row + 5u)) ^ countOneBits(x) ^ reverseBits(row);
  }
  words[row] = x;
}`;

function wholeReference(): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: ROWS }, (_, row) => {
    let x = (Math.imul(row, 0x9e37_79b9) + 0x7f4a_7c15) >>> 0;
    for (let i = 0; i < 64; i++) {
      x = Math.imul(x ^ (x >>> 16), 0x21f0_aaad) >>> 0;
      x = Math.imul(x ^ (x >>> 15), 0x735a_2d97) >>> 0;
      x = (x ^ Math.floor(x / (row + 3)) ^ (x % (row + 5)) ^ countBits(x) ^ reverseBits(row)) >>> 0;
    }
    return x;
  });
}

function countBits(word: number): number {
  let bits = 0;
  for (let rest = word; rest !== 0; rest = (rest & (rest - 1)) >>> 0) bits++;
  return bits;
}

function reverseBits(word: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit++) reversed = (reversed << 1) | ((word >>> bit) & 1);
  return reversed;
}

/** Functions whose last bits WGSL leaves to the device. */
const floats = `
@group(0) @binding(0) var<storage, read_write> values: array<vec4f>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= span.count) { return; }
  let row = span.first + id.x;
  let x = f32(row) / 512.0 - 1.0;
  values[row] = vec4f(sqrt(1.5 + x), sin(3.0 * x), exp(x), 1.0 / (2.0 + x * x * x));
}`;

function floatReference(): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: ROWS * 4 }, (_, at) => {
    const x = Math.floor(at / 4) / 512 - 1;
    return [Math.sqrt(1.5 + x), Math.sin(3 * x), Math.exp(x), 1 / (2 + x * x * x)][at % 4] as number;
  });
}

const job = (shader: string, output: object, within?: object) => (): ReadonlyMap<string, InputFile> => {
  const bindings = [{ from: 'output', binding: 0, ...output }];
  const manifest = { entryPoint: 'main', workgroupSize: [64, 1, 1], bindings, ...(within && { within }) };
  return new Map([
    ['shader', { fileName: 'shader.wgsl', bytes: toUtf8(shader) }],
    ['manifest', { fileName: 'manifest.json', bytes: toUtf8(JSON.stringify(manifest)) }],
  ]);
};

/** Shaders as a requester writes them: one of whole numbers, which must be equal, and one of floats. */
export const customWgslConformance: ConformanceKernel = {
  rules: customWgslRules,
  cases: [
    { name: 'whole numbers', params: { rows: ROWS, units: 1 }, inputs: job(whole, { name: 'words', type: 'u32' }) },
    {
      name: 'square roots, sines and exponentials',
      params: { rows: ROWS, units: 1 },
      // WGSL promises of a sine only 2⁻¹¹.
      inputs: job(floats, { name: 'values', type: 'f32', shape: [4] }, { absolute: 1e-3, relative: 1e-4 }),
    },
  ],
  reference({ params }) {
    const [output] = (JSON.parse(params) as { outputs: [{ name: string }] }).outputs;
    const bytes =
      output.name === 'words'
        ? encodeNpy({ dtype: 'uint32', shape: [ROWS], data: new Uint8Array(wholeReference().buffer) })
        : encodeNpy({ dtype: 'float32', shape: [ROWS, 4], data: new Uint8Array(floatReference().buffer) });
    return packParts([{ name: output.name, bytes }]);
  },
  numbers: (result) =>
    Float64Array.from(unpackParts(result).flatMap(({ name, bytes }) => Array.from(toNumbers(decodeNpy(name, bytes))))),
};
