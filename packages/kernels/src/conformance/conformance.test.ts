import { hashBlob } from '@reckon/protocol/base/hash';
import { ReckonError } from '@reckon/protocol/base/errors';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import { ConformanceFinding, isMismatch } from '@reckon/protocol/wire/conformance';
import * as v from 'valibot';
import { afterAll, expect, test } from 'vitest';
import { createPool, type KernelPool, type PoolOutput } from '../engine/pool.ts';
import { spawnNodeWorker } from '../engine/worker-node.ts';
import { readFactors } from '../kernels/matmul-f32/params.ts';
import { manifests } from '../manifests.ts';
import { encodeNpy } from '../tensor/npy.ts';
import { toNumbers } from '../tensor/tensor.ts';
import { wat } from '../../testing/wat.ts';
import { type ConformanceKernel, unitOf } from './case.ts';
import { guestBase64, guestText } from './cases/guest-program.ts';
import { findingOf } from './findings.ts';
import { conformanceKernels, nameOf } from './kernels.ts';
import { pinnedDigest, plainName } from './pinned.ts';
import { referenceOf } from './reference.ts';
import { type CaseOutcome, runCase, runPlain } from './run.ts';

const pool = createPool({ spawn: spawnNodeWorker({ limitBytes: 2 ** 31 }), size: 1 });
afterAll(() => pool.close());
const { signal } = new AbortController();

test.each(conformanceKernels.map((kernel) => [nameOf(kernel), kernel] as const))(
  'the pinned digests of %s are those of the plain TypeScript reference',
  async (name, kernel) => {
    expect(kernel.cases.length).toBeGreaterThan(0);
    expect(new Set(kernel.cases.map((each) => each.name)).size).toBe(kernel.cases.length);
    for (const each of kernel.cases) {
      const input = await unitOf(kernel, each);
      const reference = await referenceOf(kernel, input);
      expect(hashBlob(reference), each.name).toBe(pinnedDigest(name, each.name));
      expect(kernel.rules.inspect(input.params, reference)).toBeUndefined();
      if (kernel.plainReference === undefined) continue;
      expect(hashBlob(kernel.plainReference(input)), each.name).toBe(pinnedDigest(name, plainName(each.name)));
    }
  },
);

test('the guest is what its text says', () => {
  expect(Buffer.from(wat(guestText)).toString('base64')).toBe(guestBase64);
});

test('every kernel that is served has cases', () => {
  const names = conformanceKernels.map(nameOf);
  expect(names.toSorted()).toEqual(manifests.map(kernelName).toSorted());
});

test('exact kernels are those that are compared bit by bit', () => {
  for (const { rules, numbers } of conformanceKernels) {
    expect(numbers === undefined).toBe(rules.manifest.agreement.kind === 'exact');
    expect(manifests).toContain(rules.manifest);
  }
});

test.each(conformanceKernels.map((kernel) => [nameOf(kernel), kernel] as const))(
  '%s on WASM: no bit of an exact result differs, a float one is within tolerance',
  async (name, kernel) => {
    if (!kernel.rules.manifest.backends.includes('wasm')) return;
    const outcomes: CaseOutcome[] = [];
    for (const each of kernel.cases) outcomes.push(await runCase(pool, kernel, each, 'wasm', signal));
    const finding = v.parse(ConformanceFinding, findingOf(kernel, 'wasm', outcomes));
    expect(finding).toMatchObject({
      kernel: { name },
      backend: 'wasm',
      cases: kernel.cases.length,
      failed: 0,
      outside: 0,
    });
    expect(isMismatch(finding)).toBe(false);
    expect(finding.bits).toBeGreaterThan(1000);
    if (kernel.numbers === undefined) expect(finding.bitsDiffering).toBe(0);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'compared', referenceDiffers: false });
  },
);

test.each(conformanceKernels.filter(({ plainWasm }) => plainWasm).map((kernel) => [nameOf(kernel), kernel] as const))(
  '%s without relaxed SIMD: no bit differs',
  async (_name, kernel) => {
    const outcomes: CaseOutcome[] = [];
    for (const each of kernel.cases) outcomes.push(await runPlain(kernel, each));
    const finding = findingOf(kernel, 'wasm', outcomes) as ConformanceFinding;
    expect(finding).toMatchObject({ cases: kernel.cases.length, failed: 0, outside: 0, bitsDiffering: 0 });
    expect(isMismatch(finding)).toBe(false);
  },
);

/** A pool whose kernel gives this. */
const poolGiving = (give: (name: string) => Promise<Partial<PoolOutput>>): KernelPool => ({
  size: 1,
  busy: 0,
  close() {},
  run: async ({ kernel }) => ({ bytes: new Uint8Array(0), device: 'WASM SIMD', computeMs: 1, ...(await give(kernel)) }),
});
const exact = conformanceKernels[0] as ConformanceKernel;
const [small] = exact.cases as [ConformanceKernel['cases'][0]];
const right = async (kernel = exact, index = 0) =>
  referenceOf(kernel, await unitOf(kernel, kernel.cases[index] as typeof small));
const outcomeOf = (output: Partial<PoolOutput>, backend: 'wasm' | 'webgpu' = 'wasm') =>
  runCase(
    poolGiving(async () => output),
    exact,
    small,
    backend,
    signal,
  );

test('one flipped bit is one bit that differs, and a mismatch', async () => {
  const bytes = await right();
  bytes[bytes.length - 2] = (bytes.at(-2) as number) ^ 4;
  const outcome = await outcomeOf({ bytes });
  expect(outcome).toMatchObject({ status: 'compared', bits: 8 * bytes.length, bitsDiffering: 1 });
  const finding = findingOf(exact, 'wasm', [outcome]) as ConformanceFinding;
  expect(finding).toMatchObject({ cases: 1, bitsDiffering: 1, maxRelativeError: null });
  expect(isMismatch(finding)).toBe(true);
  expect(findingOf(exact, 'webgpu', [outcome])).toBeUndefined();
});

test('an empty result differs in every bit', async () => {
  const bits = 8 * (await right()).length;
  expect(await outcomeOf({})).toMatchObject({ status: 'compared', bits, bitsDiffering: bits });
});

test('a float result off by a bit is within tolerance; one far off, or of another form, is not', async () => {
  const kernel = conformanceKernels.find(({ rules }) => rules.manifest.id === 'onnx') as ConformanceKernel;
  const bytes = await right(kernel, 1);
  const outcome = (changed: Uint8Array) =>
    runCase(
      poolGiving(async () => ({ bytes: changed })),
      kernel,
      kernel.cases[1] as typeof small,
      'wasm',
      signal,
    );
  const flip = (at: number, mask: number) => {
    const changed = bytes.slice();
    changed[changed.length + at] = (changed.at(at) as number) ^ mask;
    return changed;
  };
  expect(await outcome(bytes)).toMatchObject({ bitsDiffering: 0, float: { worstUlp: 0, within: true } });
  expect(await outcome(flip(-4, 1))).toMatchObject({ bitsDiffering: 1, float: { worstUlp: 1, within: true } });
  const far = await outcome(flip(-1, 0x80));
  expect(far).toMatchObject({ bitsDiffering: 1, float: { within: false } });
  expect(isMismatch(findingOf(kernel, 'wasm', [far]) as ConformanceFinding)).toBe(true);
  expect(await outcome(bytes.slice(0, 9))).toMatchObject({ float: { maxRelative: 2, within: false } });
});

const matmulF32 = conformanceKernels.find(({ rules }) => rules.manifest.id === 'matmul-f32') as ConformanceKernel;

/** A float32 with so many bits after the point, rounded to nearest or cut off. */
function short(value: number, bits: number, cut: boolean): number {
  const word = new DataView(new ArrayBuffer(4));
  word.setFloat32(0, value);
  const dropped = 23 - bits;
  word.setUint32(0, ((word.getUint32(0) + (cut ? 0 : 1 << (dropped - 1))) >>> dropped) << dropped);
  return word.getFloat32(0);
}

test.each(matmulF32.cases.map((each) => [each.name, each] as const))(
  'a GPU that multiplies with ten or seven bits is told by the product %s',
  async (_name, each) => {
    const input = await unitOf(matmulF32, each);
    const { a, b } = readFactors(input);
    const [m, k] = a.shape;
    const n = b.shape[1];
    for (const [bits, cut, outside] of [
      [22, true, 0],
      [10, false, 1],
      [10, true, 1],
      [7, false, 1],
      [7, true, 1],
    ] as const) {
      const [left, right] = [a, b].map((factor) =>
        Float64Array.from(toNumbers(factor), (value) => short(value, bits, cut)),
      ) as [Float64Array, Float64Array];
      const sums = new Float64Array(m * n);
      for (let at = 0; at < m * k; at++) {
        const [i, p] = [Math.floor(at / k), at % k];
        for (let j = 0; j < n; j++)
          sums[i * n + j] = (sums[i * n + j] as number) + (left[at] as number) * (right[p * n + j] as number);
      }
      const data = new Uint8Array(Float32Array.from(sums).buffer);
      const bytes = encodeNpy({ dtype: 'float32', shape: [m, n], data });
      const pool = poolGiving(async () => ({ bytes, device: 'WebGPU · fast and short' }));
      const finding = findingOf(matmulF32, 'webgpu', [await runCase(pool, matmulF32, each, 'webgpu', signal)]);
      expect(finding, `${bits} bits`).toMatchObject({ cases: 1, outside });
    }
  },
);

test('the last bit of a float result of the plain build counts, and is a mismatch', async () => {
  const each = matmulF32.cases[1] as typeof small;
  const bytes = matmulF32.plainReference?.(await unitOf(matmulF32, each)) as Uint8Array;
  const plain = (changed: Uint8Array) => runPlain({ ...matmulF32, plainWasm: async () => changed }, each);
  expect(await plain(bytes)).toMatchObject({ bitsDiffering: 0, referenceDiffers: false, float: { within: true } });
  const changed = bytes.slice();
  changed[changed.length - 4] = (changed.at(-4) as number) ^ 1;
  const outcome = await plain(changed);
  expect(outcome).toMatchObject({ bitsDiffering: 1, float: { worstUlp: 1, within: false } });
  expect(isMismatch(findingOf(matmulF32, 'wasm', [outcome]) as ConformanceFinding)).toBe(true);
  // The other build may round otherwise.
  const relaxed = poolGiving(async () => ({ bytes: changed }));
  expect(await runCase(relaxed, matmulF32, each, 'wasm', signal)).toMatchObject({ float: { within: true } });
});

test('a case that fell back to WASM says nothing of the GPU’s bits, and counts as failed', async () => {
  const bytes = await right();
  expect(await outcomeOf({ bytes, fellBack: 'no WebGPU here' }, 'webgpu')).toMatchObject({
    status: 'unavailable',
    reason: 'no WebGPU here',
  });
  const [fell] = [await outcomeOf({ bytes, fellBack: 'a GPU that adds up wrongly' }, 'webgpu')];
  expect(findingOf(exact, 'webgpu', [fell])).toMatchObject({ cases: 0, failed: 1, bits: 0 });
  // The pool uses WASM for a GPU that was lost before, without a word.
  expect(await outcomeOf({ bytes }, 'webgpu')).toMatchObject({ status: 'unavailable' });
  expect(await outcomeOf({ bytes, device: 'WebGPU · SwiftShader' }, 'webgpu')).toMatchObject({ bitsDiffering: 0 });
});

test('a kernel that throws is a failed case and no mismatch', async () => {
  const throwing = poolGiving(async (kernel) => {
    throw new ReckonError('KERNEL_THREW', { kernel, cause: 'a trap' });
  });
  const outcome = await runCase(throwing, exact, small, 'wasm', signal);
  expect(outcome).toMatchObject({ status: 'failed', error: { code: 'KERNEL_THREW' } });
  const finding = v.parse(ConformanceFinding, findingOf(exact, 'wasm', [outcome]));
  expect(finding).toMatchObject({ cases: 0, failed: 1, bits: 0 });
  expect(isMismatch(finding)).toBe(false);
  const stopped = AbortSignal.abort(new Error('stop'));
  await expect(runCase(throwing, exact, small, 'wasm', stopped)).rejects.toThrow('stop');
});
