import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createArena, type Region } from './arena.ts';
import { atOnce, inBands } from './banded.ts';
import { depths, parts } from './depth.ts';
import type { GemmEngine } from './engine.ts';
import { loadRelaxedGemm } from './load.ts';
import { createFasterOf } from './faster-of.ts';
import { answersRight } from './self-test.ts';
import { sevenBitShift } from './seven-bits.ts';

test('regions never overlap, gaps are used again, and all can be given back', () => {
  const steps = fc.array(
    fc.oneof(fc.record({ take: fc.integer({ min: 0, max: 5000 }) }), fc.record({ free: fc.nat() })),
  );
  fc.assert(
    fc.property(steps, (asked) => {
      const memory = new WebAssembly.Memory({ initial: 1 });
      const arena = createArena(memory);
      const held: Region[] = [];
      for (const step of asked) {
        if ('take' in step) held.push(arena.allocate(step.take));
        else held.splice(step.free % Math.max(1, held.length), 1)[0]?.free();
        const sorted = held.toSorted((a, b) => a.at - b.at);
        for (const [i, region] of sorted.entries()) {
          expect(region.at % 64).toBe(0);
          expect(region.at).toBeGreaterThanOrEqual(
            i === 0 ? 0 : (sorted[i - 1] as Region).at + (sorted[i - 1] as Region).bytes,
          );
          expect(region.at + region.bytes).toBeLessThanOrEqual(memory.buffer.byteLength);
        }
      }
      for (const region of held) region.free();
      for (const region of held) region.free();
      expect(arena.used).toBe(0);
      expect(arena.allocate(1).at).toBe(0);
    }),
    { numRuns: 100 },
  );
});

test('parts cover every row, panel and step once, the depths of a place in rising order', () => {
  const sizes = fc.tuple(
    fc.integer({ min: 1, max: 700 }),
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 1, max: 900 }),
  );
  fc.assert(
    fc.property(sizes, fc.constantFrom(1, 2, 4), ([rows, panels, steps], lanes) => {
      const reached = new Map<string, number>();
      for (const { depth, row, rows: height, panel, panels: width } of parts(rows, panels, steps, lanes)) {
        const place = `${row} ${height} ${panel} ${width}`;
        expect(depth.from).toBe(reached.get(place) ?? 0);
        if (rows > 8) expect(depth.steps).toBeLessThanOrEqual(320);
        reached.set(place, depth.from + depth.steps);
      }
      let area = 0;
      for (const [place, end] of reached) {
        const [, height = 0, , width = 0] = place.split(' ').map(Number);
        area += height * width;
        expect(end).toBe(steps);
      }
      expect(area).toBe(rows * panels);
      expect(depths(steps).reduce((sum, depth) => sum + depth.steps, 0)).toBe(steps);
    }),
    { numRuns: 200 },
  );
});

test.each([
  [0, 127, 0],
  [5, 5, 0],
  [-1, 63, 64],
  [-64, 63, 64],
  [-65, 0, undefined],
  [-1, 64, undefined],
  [-128, 127, undefined],
])('elements from %i to %i are moved by %s', (lowest, highest, shift) => {
  expect(sevenBitShift({ lowest, highest })).toBe(shift);
});

test('each way is tried four times, then the fastest is taken; short times say nothing', () => {
  const choice = createFasterOf(['dear', 'cheap']);
  for (let i = 0; i < 8; i++) {
    choice.note('dear', 10, 0.1);
    const way = choice.pick();
    choice.note(way, way === 'cheap' ? 20 : 10, 1);
  }
  expect(choice.pick()).toBe('cheap');
  // Judged in its slow beginnings, a way is tried again in time.
  for (let i = 0; i < 16; i++) {
    const way = choice.pick();
    choice.note(way, way === 'cheap' ? 20 : 100, 1);
  }
  expect(choice.pick()).toBe('dear');
});

test('an engine whose dot reads 7 bits otherwise fails the self-test', async () => {
  const engine = (await loadRelaxedGemm()) as GemmEngine;
  expect(answersRight(engine)).toBe(true);
  const { wasm, relaxed } = engine;
  if (relaxed === undefined) throw new Error('no relaxed SIMD');
  for (const way of ['right7', 'left7', 'halves'] as const) {
    const wrong: typeof relaxed = {
      ...relaxed,
      [way]: (...place: Parameters<typeof relaxed.right7>) => {
        relaxed[way](...place);
        // One off in one element, as a sum that saturates would be.
        new Int32Array(wasm.memory.buffer, place[4], 1)[0] =
          1 + (new Int32Array(wasm.memory.buffer, place[4], 1)[0] as number);
      },
    };
    expect(answersRight({ ...engine, relaxed: wrong })).toBe(false);
  }
  const wrongFloat: typeof wasm = {
    ...wasm,
    f32(...place) {
      wasm.f32(...place);
      new Float32Array(wasm.memory.buffer, place[4], 1)[0] = 0.5;
    },
  };
  expect(answersRight({ ...engine, wasm: wrongFloat })).toBe(false);
});

test('a build that fails the self-test is not used', async () => {
  const { instantiate } = WebAssembly;
  const spoilt = vi.spyOn(WebAssembly, 'instantiate').mockImplementation((async (bytes: BufferSource) => {
    const { module, instance } = await instantiate(bytes);
    // Finds nothing to multiply.
    return { module, instance: { exports: { ...instance.exports, halves: () => undefined } } };
  }) as never);
  expect(await loadRelaxedGemm()).toBeUndefined();
  spoilt.mockRestore();
  expect(await loadRelaxedGemm()).toBeDefined();
});

function* counting(to: number, ended: { value: boolean }): Generator<number, string, undefined> {
  try {
    for (let i = 1; i <= to; i++) yield i / to;
    return 'product';
  } finally {
    ended.value = true;
  }
}

test('a product in bands gives what it gives at once, and tells how far it is', async () => {
  const seen: number[] = [];
  const signal = new AbortController().signal;
  const progress = (share: number) => seen.push(share);
  expect(await inBands(counting(4, { value: false }), { signal, progress })).toBe('product');
  expect(seen).toEqual([0.25, 0.5, 0.75, 1]);
  expect(atOnce(counting(4, { value: false }))).toBe('product');
});

test('an abort between two steps rejects with its reason and ends the steps, which free what they hold', async () => {
  const controller = new AbortController();
  const ended = { value: false };
  const reason = new Error('stop');
  let steps = 0;
  const progress = () => {
    if (++steps === 3) controller.abort(reason);
  };
  await expect(inBands(counting(1e6, ended), { signal: controller.signal, progress })).rejects.toBe(reason);
  expect([steps, ended.value]).toEqual([3, true]);
});
