import { ReckonError } from '@reckon/protocol/base/errors';
import { MAX_PARAMS_CHARS } from '@reckon/protocol/model/job-spec';
import type { SeededRandom } from '@reckon/protocol/testing/seeded-random';
import { expect, test } from 'vitest';
import { hostileNpys, hostileParams, isNpy, withFloats } from './hostile-inputs.ts';
import { watchMemory } from './memory-watch.ts';
import type { InputFile, KernelImplementation, KernelPlan, KernelRules, RunContext, UnitInput } from '../src/kernel.ts';

/** What a kernel brings to be accepted. */
export interface KernelCase {
  rules: KernelRules;
  kernel: KernelImplementation;
  /** A small stage of at least two units. */
  params: Record<string, unknown>;
  inputs: ReadonlyMap<string, InputFile>;
  /** A unit's result by the plain TypeScript reference. */
  reference(input: UnitInput): Promise<Uint8Array> | Uint8Array;
  /** Job parameters to refuse with KERNEL_PARAMS_INVALID. */
  badParams: readonly Record<string, unknown>[];
  /** Unit parameters to refuse with KERNEL_PARAMS_INVALID. */
  badUnitParams: readonly string[];
  /** For a kernel with chunks or a check: small units of one row, of prime sizes, and of the most chunks. */
  shapes?: readonly UnitInput[];
  /** Chunks that the shapes reach at least; 512 unless told. */
  mostChunks?: number;
  /** For a kernel with a check: a well-formed wrong result, made from a right one. */
  mutate?(input: UnitInput, right: Uint8Array, random: SeededRandom): Uint8Array;
}

export const context = (changes: Partial<RunContext> = {}): RunContext => ({
  backend: 'wasm',
  signal: new AbortController().signal,
  progress: () => undefined,
  ...changes,
});

const inputOf = (plan: KernelPlan, index: number): UnitInput => {
  const unit = plan.units[index] as KernelPlan['units'][number];
  return {
    params: unit.params,
    blobs: new Map([...plan.shared, ...unit.blobs].map((part) => [part.name, part.bytes])),
  };
};

/** A kernel without WASM is tested on WebGPU: bring its device, which in Node is `software-gpu.ts`. */
const gpuOnly = ({ kernel }: KernelCase): boolean => !kernel.manifest.backends.includes('wasm');
const contextOf = (kase: KernelCase, changes: Partial<RunContext> = {}): RunContext =>
  context({ backend: gpuOnly(kase) ? 'webgpu' : 'wasm', ...changes });

/** The cases every kernel passes, in Node; `browser/` repeats those that need a GPU in a tab. */
export function testKernel(name: string, make: () => Promise<KernelCase> | KernelCase): void {
  const each = (title: string, check: (kase: KernelCase, plan: KernelPlan) => Promise<void>) =>
    test(`${name}: ${title}`, async () => {
      const kase = await make();
      await check(kase, await kase.rules.split(kase.params, kase.inputs));
    });

  each('both halves carry the same manifest', async ({ rules, kernel }) => {
    expect(kernel.manifest).toBe(rules.manifest);
  });

  each('splitting twice gives the same units, within the limits of a job', async ({ rules, params, inputs }, plan) => {
    expect(await rules.split(params, inputs)).toEqual(plan);
    expect(plan.units.length).toBeGreaterThan(1);
    expect(plan.leaseMs).toSatisfy((ms: number) => Number.isInteger(ms) && ms >= 2_000 && ms <= 600_000);
    expect(plan.creditsPerUnit).toSatisfy((credits: number) => Number.isInteger(credits) && credits >= 1);
    for (const text of [plan.stageParams, ...plan.units.map((unit) => unit.params)]) {
      expect(text.length).toBeLessThanOrEqual(MAX_PARAMS_CHARS);
    }
  });

  each('every unit agrees with the reference, is well-formed and small enough', async (kase, plan) => {
    const { rules, kernel, reference } = kase;
    for (const [index, unit] of plan.units.entries()) {
      const { bytes, device } = await kernel.run(inputOf(plan, index), contextOf(kase));
      expect(rules.inspect(unit.params, bytes)).toBeUndefined();
      expect(rules.agree(bytes, await reference(inputOf(plan, index)), unit.params)).toBe(true);
      expect(bytes.length).toBeLessThanOrEqual(rules.manifest.limits.maxResultBytes);
      const foretold = rules.resultBytes?.(unit.params) ?? bytes.length;
      expect(foretold).toBeGreaterThan(0);
      expect(foretold).toBeLessThanOrEqual(bytes.length);
      expect(device).toMatch(gpuOnly(kase) ? /^WebGPU · / : /^WASM SIMD$/);
    }
  });

  each('the same unit gives the same bytes again', async (kase, plan) => {
    const { kernel } = kase;
    const first = await kernel.run(inputOf(plan, 0), contextOf(kase));
    await kernel.run(inputOf(plan, 1), contextOf(kase));
    expect((await kernel.run(inputOf(plan, 0), contextOf(kase))).bytes).toEqual(first.bytes);
  });

  each('a run leaves its input as it was', async (kase, plan) => {
    const { kernel } = kase;
    const input = inputOf(plan, 0);
    const before = [...input.blobs].map(([blob, bytes]) => [blob, bytes.slice()]);
    await kernel.run(input, contextOf(kase));
    expect([...input.blobs]).toEqual(before);
  });

  each('progress rises to 1', async (kase, plan) => {
    const { kernel } = kase;
    const seen: number[] = [];
    await kernel.run(inputOf(plan, 0), contextOf(kase, { progress: (fraction) => seen.push(fraction) }));
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  each('where its backend is not, it runs on WASM and says so, or refuses', async (kase, plan) => {
    const { kernel } = kase;
    const wasm = kernel.run(inputOf(plan, 0), context());
    if (gpuOnly(kase)) {
      await expect(wasm).rejects.toMatchObject({ code: 'DEVICE_UNSUPPORTED' });
      return;
    }
    const { bytes, fellBack } = await wasm;
    expect(fellBack).toBeUndefined();
    const output = await kernel.run(inputOf(plan, 0), context({ backend: 'webgpu' }));
    expect(output).toMatchObject({ bytes, device: 'WASM SIMD' });
    expect(output.fellBack).toMatch(/WebGPU|WASM/);
  });

  each('an aborted run rejects with the reason', async (kase, plan) => {
    const { kernel } = kase;
    const reason = new Error('stop');
    await expect(kernel.run(inputOf(plan, 0), contextOf(kase, { signal: AbortSignal.abort(reason) }))).rejects.toBe(
      reason,
    );
  });

  each('bad job parameters are refused by name', async ({ rules, params, inputs, badParams }) => {
    for (const bad of [...badParams, { ...params, unheardOf: 1 }]) {
      await expect(async () => rules.split(bad, inputs)).rejects.toMatchObject({ code: 'KERNEL_PARAMS_INVALID' });
    }
  });

  each('numbers that are none or out of bounds are refused by name', async ({ rules, params, inputs }) => {
    for (const bad of hostileParams(rules.manifest, params)) {
      await expect(async () => rules.split(bad, inputs), String(Object.entries(bad))).rejects.toMatchObject({
        code: 'KERNEL_PARAMS_INVALID',
      });
    }
  });

  each('tensors of hostile shapes and numbers give a result or a code, never another error', async (kase, plan) => {
    const { rules, kernel, params, inputs } = kase;
    const refusedAtMost = async (attempt: () => unknown) => {
      try {
        return await attempt();
      } catch (error) {
        return expect(error).toBeInstanceOf(ReckonError);
      }
    };
    for (const [name, { fileName, bytes }] of inputs) {
      if (!isNpy(bytes)) continue;
      for (const bad of [...hostileNpys, ...withFloats(bytes)]) {
        await refusedAtMost(() => rules.split(params, new Map([...inputs, [name, { fileName, bytes: bad }]])));
      }
    }
    const { params: unit, blobs } = inputOf(plan, 0);
    for (const [name, bytes] of blobs) {
      if (!isNpy(bytes)) continue;
      const run = (bad: Uint8Array) =>
        kernel.run({ params: unit, blobs: new Map([...blobs, [name, bad]]) }, contextOf(kase));
      for (const bad of hostileNpys) await expect(run(bad)).rejects.toBeInstanceOf(ReckonError);
      for (const bad of withFloats(bytes)) await refusedAtMost(() => run(bad));
    }
    // Whatever it was given, it goes on.
    await kernel.run(inputOf(plan, 0), contextOf(kase));
  });

  each('a thousand units leave no memory behind', async (kase, plan) => {
    const input = inputOf(plan, plan.units.length - 1);
    const watch = watchMemory();
    try {
      const useAfter = async (units: number) => {
        for (let i = 0; i < units; i++) await kase.kernel.run(input, contextOf(kase));
        return watch.use();
      };
      // A software GPU is slow; in a tab its buffers are counted one by one.
      const units = gpuOnly(kase) ? 100 : 1000;
      const before = await useAfter(units / 10);
      const after = await useAfter(units - units / 10);
      // A guest has a memory for each unit, and the last one may not be collected yet.
      const last = kase.kernel.manifest.guest ? 2 ** 20 : 0;
      expect(after.wasmBytes).toBeLessThanOrEqual(before.wasmBytes + last);
      // What the engine learns of the code as it runs is some hundred kilobytes; a kilobyte a unit would be more. On a busy
      // machine it learns late and more at once, but only once: what leaks grows again.
      const most = 900 * 1024;
      const grown = after.heapBytes - before.heapBytes;
      const again = grown < most ? grown : (await useAfter(units - units / 10)).heapBytes - after.heapBytes;
      expect(again).toBeLessThan(most);
    } finally {
      watch.stop();
    }
  });

  each('bad unit parameters are refused', async (kase, plan) => {
    const { kernel, badUnitParams } = kase;
    const { blobs } = inputOf(plan, 0);
    for (const params of ['', '{', 'null', '[]', '{}', ...badUnitParams]) {
      await expect(kernel.run({ params, blobs }, contextOf(kase))).rejects.toMatchObject({
        code: 'KERNEL_PARAMS_INVALID',
      });
    }
  });

  each('missing, empty and cut-off blobs are refused with a code', async (kase, plan) => {
    const { kernel } = kase;
    const { params, blobs } = inputOf(plan, 0);
    for (const [blob, bytes] of blobs) {
      const without = new Map([...blobs].filter(([key]) => key !== blob));
      await expect(kernel.run({ params, blobs: without }, contextOf(kase))).rejects.toMatchObject({
        code: 'KERNEL_INPUT_MISSING',
      });
      for (const length of [0, Math.min(9, bytes.length - 1), Math.floor(bytes.length / 2), bytes.length - 1]) {
        const cut = new Map([...blobs, [blob, bytes.slice(0, length)]]);
        await expect(kernel.run({ params, blobs: cut }, contextOf(kase))).rejects.toBeInstanceOf(ReckonError);
      }
    }
  });

  each('a result of the wrong form is told from a right one', async (kase, plan) => {
    const { rules, kernel } = kase;
    const { bytes } = await kernel.run(inputOf(plan, 0), contextOf(kase));
    const { params } = inputOf(plan, 0);
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    for (const bad of [
      new Uint8Array(),
      bytes.slice(0, -1),
      bytes.slice(0, 5),
      longer,
      new Uint8Array(bytes.length).fill(255),
    ]) {
      expect(rules.inspect(params, bad)).toEqual(expect.any(String));
      expect(rules.agree(bytes, bad, params)).toBe(false);
    }
    expect(rules.inspect('nonsense', bytes)).toEqual(expect.any(String));
  });

  each('results merge into files, with or without a missing one', async (kase, plan) => {
    const { rules, kernel } = kase;
    const results = [];
    for (const index of plan.units.keys())
      results.push((await kernel.run(inputOf(plan, index), contextOf(kase))).bytes);
    const whole = rules.merge(plan.stageParams, results);
    expect(whole.length).toBeGreaterThan(0);
    expect(rules.merge(plan.stageParams, results)).toEqual(whole);
    const partial = rules.merge(plan.stageParams, [undefined, ...results.slice(1)]);
    expect(partial.length).toBeGreaterThanOrEqual(whole.length);
    expect(partial).not.toEqual(whole);
    expect(() => rules.merge(plan.stageParams, [])).not.toThrow();
  });

  each('a unit can be shown to a person', async ({ rules }, plan) => {
    const { params, blobs } = inputOf(plan, 0);
    expect(rules.preview?.(params, blobs)).toBeDefined();
  });
}
