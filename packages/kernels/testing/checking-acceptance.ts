import { concat, equalBytes } from '@reckon/protocol/base/bytes';
import { MAX_CHUNKS } from '@reckon/protocol/model/kernel-manifest';
import { createSeededRandom } from '@reckon/protocol/testing/seeded-random';
import { expect, test } from 'vitest';
import { computeChunks } from '../src/engine/compute-chunks.ts';
import type { ChunkRules, KernelRules, UnitInput } from '../src/kernel.ts';
import { context, type KernelCase } from './kernel-acceptance.ts';

type Check = NonNullable<KernelRules['check']>;

/** The cases for kernels whose results can be checked without running the whole unit again. */
export function testChecking(name: string, make: () => Promise<KernelCase> | KernelCase): void {
  const each = (title: string, check: (kase: KernelCase, units: Unit[]) => Promise<void>) =>
    test(`${name}: ${title}`, async () => {
      const kase = await make();
      await check(kase, await unitsOf(kase));
    });

  each('the manifest says what the rules can do', async ({ rules, kernel }) => {
    const { manifest, chunks, check } = rules;
    expect(kernel.chunks).toBe(chunks);
    expect(manifest.chunking !== undefined).toBe(chunks !== undefined);
    expect(manifest.certificate !== undefined).toBe(check !== undefined);
    expect(manifest.policies.includes('sample')).toBe(chunks !== undefined);
    expect(manifest.policies.includes('certificate')).toBe(check !== undefined);
    if (manifest.policies.length > 1) expect(manifest.agreement.kind).toBe('exact');
    const { leastHarmfulShare = 0.1 } = manifest.chunking ?? {};
    expect(leastHarmfulShare).toSatisfy((share: number) => share > 0 && share <= 1);
  });

  each('the chunks of a result are the whole result, in order', async ({ rules }, units) => {
    for (const { input, right } of units) {
      const [chunks, count] = chunksOf(rules, input);
      expect(count).toSatisfy((n: number) => Number.isInteger(n) && n >= 1 && n <= MAX_CHUNKS);
      const slices = Array.from({ length: count }, (_, i) => chunks.slice(input.params, right, i));
      expect(slices.every((slice) => slice.length > 0)).toBe(true);
      expect(equalBytes(concat(...slices), right)).toBe(true);
    }
  });

  each('a chunk computed alone is that of a right result', async ({ rules }, units) => {
    for (const { input, right } of units) {
      const [chunks, count] = chunksOf(rules, input);
      for (let i = 0; i < count; i++) {
        expect(equalBytes(chunks.compute(input, i), chunks.slice(input.params, right, i)), `chunk ${i}`).toBe(true);
      }
    }
  });

  each('the shapes reach from one chunk to the most', async ({ rules, mostChunks = 512 }, units) => {
    const counts = units.map(({ input }) => chunksOf(rules, input)[1]);
    expect(Math.min(...counts)).toBe(1);
    expect(Math.max(...counts)).toBeGreaterThanOrEqual(mostChunks);
  });

  each('chunks that are none are refused', async ({ rules, kernel }, units) => {
    const { input, right } = units[0] as Unit;
    const [chunks, count] = chunksOf(rules, input);
    const refused = expect.objectContaining({ code: 'KERNEL_PARAMS_INVALID' });
    for (const index of [-1, count, 0.5, Number.NaN]) {
      expect(() => chunks.compute(input, index)).toThrow(refused);
      expect(() => chunks.slice(input.params, right, index)).toThrow(refused);
    }
    expect(() => chunks.count('{}')).toThrow(refused);
    for (const none of [[], Array.from({ length: 65 }, () => 0)]) {
      await expect(computeChunks(kernel, input, none, context())).rejects.toEqual(refused);
    }
  });

  each('right results pass its check, whatever the random numbers', async ({ rules }, units) => {
    if (rules.check === undefined) return;
    for (const { input, right } of units) {
      for (let seed = 0; seed < 20; seed++) {
        // A copy of every blob, so that nothing is known of it from before.
        const blobs = new Map([...input.blobs].map(([blob, bytes]) => [blob, bytes.slice()]));
        const { errorLog2 } = rules.manifest.certificate ?? { errorLog2: 0 };
        const outcome = await rules.check({ ...input, blobs }, right, createSeededRandom(seed));
        expect(outcome).toEqual({ passed: true, errorLog2 });
      }
    }
  });

  each('no mutant passes its check, and the right result still does', async ({ rules, mutate }, units) => {
    if (rules.check === undefined) return;
    const random = createSeededRandom(1);
    for (const { input, right } of units) {
      for (let i = 0; i < 60; i++) {
        const mutant = mutate?.(input, right, random) as Uint8Array;
        expect(rules.inspect(input.params, mutant)).toBeUndefined();
        expect(equalBytes(mutant, right)).toBe(false);
        expect(await rules.check(input, mutant, random)).toEqual({ passed: false, cause: expect.any(String) });
      }
      expect(await rules.check(input, right, random)).toMatchObject({ passed: true });
    }
  });

  each('its check never throws on hostile bytes', async ({ rules }, units) => {
    if (rules.check === undefined) return;
    const random = createSeededRandom(2);
    for (const { input, right } of units) {
      for (const bytes of hostileBytes(right, random.bytes)) await expectRefused(rules.check, input, bytes);
    }
  });

  each('its check refuses bad inputs with a code', async ({ rules }, units) => {
    if (rules.check === undefined) return;
    const { input, right } = units[0] as Unit;
    const bad = [
      { ...input, params: '{}' },
      { ...input, blobs: new Map<string, Uint8Array>() },
    ];
    for (const refused of bad) {
      await expect(rules.check(refused, right, createSeededRandom(3))).rejects.toMatchObject({ name: 'ReckonError' });
    }
  });
}

interface Unit {
  input: UnitInput;
  right: Uint8Array;
}

const unitsOf = async ({ shapes = [], reference }: KernelCase): Promise<Unit[]> =>
  Promise.all(shapes.map(async (input) => ({ input, right: await reference(input) })));

function chunksOf({ chunks }: KernelRules, { params }: UnitInput): [chunks: ChunkRules, count: number] {
  if (chunks === undefined) throw new Error('a kernel without chunks has only the cases of testKernel');
  return [chunks, chunks.count(params)];
}

async function expectRefused(check: Check, input: UnitInput, bytes: Uint8Array): Promise<void> {
  expect(await check(input, bytes, createSeededRandom(4))).toMatchObject({ passed: false });
}

/** Each byte of the beginning changed, the end cut and grown, and noise. */
function* hostileBytes(right: Uint8Array, noise: (length: number) => Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < Math.min(right.length, 130); at++) {
    yield right.with(at, (right[at] as number) ^ 0x01);
    yield right.with(at, 0xff === right[at] ? 0 : 0xff);
  }
  for (const length of [0, 1, 9, right.length - 1]) yield right.slice(0, length);
  yield concat(right, Uint8Array.of(0));
  yield noise(right.length);
}
