import { instantiate, reserve, type WasmExports } from '../../wasm/instantiate.ts';
import { base64 } from '../../wasm/monte-carlo.wasm.ts';
import { drawsOf, type Unit } from './params.ts';
import type { Words4 } from './philox.ts';
import type { BlockRecord } from './record.ts';
import { normalTable, powerTable } from './tables.ts';
import { counterOf, keyOf } from './words.ts';

interface Exports {
  philox(out: number, groups: number, ...counterAndKey: number[]): void;
  threefry(out: number, groups: number, ...counterAndKey: number[]): void;
  points(words: number, count: number): number;
  grow(words: number, count: number, normals: number, drift: number, spread: number): void;
  payoffs(logs: number, count: number, steps: number, powers: number, strike: number, put: number, sums: number): void;
}

/** Where things lie in the module's memory. */
const NORMALS = 0;
const POWERS = NORMALS + 4096;
const SUMS = POWERS + 256;
const WORDS = 8192;
/** Words made at a time: they stay in a processor's first cache. */
const BATCH = 4096;
/** Words that may be read after the last path's, and made to fill whole vectors. */
const SLACK = 3 * 256 + 32;

let loaded: Promise<WasmExports<Exports>> | undefined;

async function load(): Promise<WasmExports<Exports>> {
  const wasm = await instantiate<Exports>(base64);
  reserve(wasm.memory, WORDS + (BATCH + SLACK) * 4);
  new Uint32Array(wasm.memory.buffer, NORMALS, normalTable.length).set(normalTable);
  new Uint32Array(wasm.memory.buffer, POWERS, powerTable.length).set(powerTable);
  return wasm;
}

/** `groups` (a multiple of four) groups of four words, for the counters from `counter` on. */
export async function wordsOnWasm(
  generator: Unit['generator'],
  groups: number,
  counter: Words4,
  key: Words4,
): Promise<Uint32Array> {
  const wasm = await (loaded ??= load());
  if (generator === 'philox4x32-10') wasm.philox(WORDS, groups, ...counter, key[0], key[1]);
  else wasm.threefry(WORDS, groups, ...counter, ...key);
  return new Uint32Array(wasm.memory.buffer, WORDS, groups * 4).slice();
}

/** Adds up the values of paths `from` to `to` − 1 of a unit by WASM SIMD. */
export async function sumOnWasm(unit: Unit, from: number, to: number): Promise<BlockRecord> {
  const wasm = await (loaded ??= load());
  const draws = drawsOf(unit);
  const key = keyOf(unit);
  const sums = new BigUint64Array(wasm.memory.buffer, SUMS, 3).fill(0n);
  const batch = Math.floor(BATCH / draws);
  let hits = 0;
  for (let path = from; path < to; path += batch) {
    const count = Math.min(batch, to - path);
    const first = path * draws;
    const counter = counterOf(unit, first);
    const groups = Math.ceil(((first % 4) + count * draws) / 16) * 4;
    if (unit.generator === 'philox4x32-10') wasm.philox(WORDS, groups, ...counter, key[0], key[1]);
    else wasm.threefry(WORDS, groups, ...counter, ...key);
    const words = WORDS + (first % 4) * 4;
    if (unit.problem === 'pi') {
      hits += wasm.points(words, count);
      continue;
    }
    wasm.grow(words, count * draws, NORMALS, unit.drift, unit.spread);
    wasm.payoffs(words, count, draws, POWERS, unit.strike, unit.option === 'put' ? 1 : 0, SUMS);
  }
  if (unit.problem === 'pi') return { count: to - from, sum: BigInt(hits), squares: BigInt(hits) };
  const [sum = 0n, low = 0n, high = 0n] = sums;
  return { count: to - from, sum, squares: (high << 32n) + low };
}
