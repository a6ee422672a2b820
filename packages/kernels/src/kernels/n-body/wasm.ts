import { yieldToMessages } from '../../engine/yield.ts';
import type { RunContext } from '../../kernel.ts';
import { instantiate, reserve, type WasmExports } from '../../wasm/instantiate.ts';
import { base64 } from '../../wasm/n-body.wasm.ts';
import { COLUMNS } from './field.ts';
import type { Unit } from './params.ts';

interface Exports {
  field(bodies: number, n: number, first: number, count: number, softening2: number, out: number): void;
}

/** Pairs between two looks at the signal: some 20 ms, or 100 ms on a slow machine. */
const BAND_PAIRS = 2 ** 24;

let loaded: Promise<WasmExports<Exports>> | undefined;

/** The unit's field by WASM SIMD: ax, ay, az, potential, pull for each target, in f64 of f32 sums. */
export async function fieldOnWasm(
  { bodies: n, first, targets, softening }: Unit,
  bodies: Float32Array,
  { signal, progress }: Pick<RunContext, 'signal' | 'progress'>,
): Promise<Float64Array> {
  const wasm = await (loaded ??= instantiate<Exports>(base64));
  // Whole groups of eight, and three bodies after the last target: fillers at the origin, without mass.
  const filled = Math.ceil(n / 8) * 8;
  const out = (filled + 8) * 16;
  const band = Math.max(4, Math.floor(BAND_PAIRS / n / 4) * 4);
  reserve(wasm.memory, out + band * COLUMNS * 8);
  const sources = new Float32Array(wasm.memory.buffer, 0, (filled + 8) * 4);
  sources.fill(0);
  sources.set(bodies);
  const field = new Float64Array(targets * COLUMNS);
  for (let t = 0; t < targets; t += band) {
    signal.throwIfAborted();
    const count = Math.min(band, targets - t);
    wasm.field(0, filled, first + t, Math.ceil(count / 4) * 4, softening * softening, out);
    field.set(new Float64Array(wasm.memory.buffer, out, count * COLUMNS), t * COLUMNS);
    progress((t + count) / targets);
    if (t + count < targets) await yieldToMessages();
  }
  return field;
}
