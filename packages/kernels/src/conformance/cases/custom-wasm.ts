import { customWasmRules } from '../../kernels/custom-wasm/rules.ts';
import { RESULT_HEADER, sealResult } from '../../kernels/custom-wasm/result.ts';
import type { ConformanceKernel } from '../case.ts';
import { guestBase64 } from './guest-program.ts';

const TURNS = 1024;
const TURN_BYTES = 32;
const WORD = (1n << 64n) - 1n;
/** What guests are given for every NaN. */
const F32_NAN = 0x7fc0_0000;

/** The program of guest-program.ts in plain TypeScript. */
function programReference(): Uint8Array {
  const bytes = new Uint8Array(RESULT_HEADER + TURNS * TURN_BYTES);
  const view = new DataView(bytes.buffer, RESULT_HEADER);
  const { fround } = Math;
  let d = 0.1;
  let f = fround(0.1);
  let w = 0x9e37_79b9_7f4a_7c15n;
  for (let i = 0, at = 0; i < TURNS; i++, at += TURN_BYTES) {
    d = 3.9 * d * (1 - d);
    f = fround(fround(3.875 * f) * fround(1 - f));
    w = (w ^ (w << 13n)) & WORD;
    w ^= w >> 7n;
    w = (w ^ (w << 17n)) & WORD;
    view.setFloat64(at, d, true);
    view.setFloat64(at + 8, Math.sqrt(d) / nearest(d * 9), true);
    view.setBigUint64(at + 16, (w * 0x2545_f491_4f6c_dd1dn) & WORD, true);
    view.setFloat32(at + 24, f, true);
    view.setUint32(at + 28, i % 2 === 0 ? F32_NAN : 0, true);
  }
  sealResult(bytes);
  return bytes;
}

/** To the nearest whole number, halves to the even one, as `f64.nearest`. */
function nearest(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** A requester's module: float arithmetic whose every step the standard fixes, once its NaN are made one. */
export const customWasmConformance: ConformanceKernel = {
  rules: customWasmRules,
  cases: [
    {
      name: 'floats that a wrong rounding would scatter, and NaN',
      params: { units: 1, seconds: 1 },
      inputs: () => {
        const bytes = Uint8Array.from(atob(guestBase64), (char) => char.charCodeAt(0));
        return new Map([['module', { fileName: 'program.wasm', bytes }]]);
      },
    },
  ],
  reference: programReference,
};
