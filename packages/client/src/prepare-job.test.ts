import { kernelRules } from '@reckon/kernels/rules';
import { DEFAULT_TRUST } from '@reckon/protocol/model/trust-constants';
import { hashBlob } from '@reckon/protocol/base/hash';
import { parseJobFile } from '@reckon/protocol/model/job-file';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type JobConfig, prepareJob } from './prepare-job.ts';

const kernel = 'mandelbrot@1.0.0';
const { digest } = kernelRules(kernel).manifest;
const config = (change: Partial<JobConfig> = {}): JobConfig => ({
  feeBps: 500,
  kernels: [{ name: kernel, digest }],
  token: { symbol: 'tRKN', decimals: 18, test: true },
  trust: DEFAULT_TRUST,
  ...change,
});
const picture = (change: Record<string, unknown> = {}) =>
  parseJobFile({
    title: 'A picture',
    requester: 'Ada',
    stages: [
      {
        kernel,
        params: { width: 64, height: 64, tile: 32 },
        verify: { kind: 'quorum', quorum: 2, maxReplicas: 5 },
        pricePerUnit: '0.01',
        ...change,
      },
    ],
  });

test('a job is cut, priced and named by the digest of its spec', async () => {
  const job = await prepareJob(picture(), new Map(), config());
  expect(job.units).toBe(4);
  expect(job.budget).toBe(4n * 10n ** 16n);
  expect(job.specDigest).toBe(hashBlob(job.specBytes));
  expect(job.blobs.at(-1)).toEqual({ digest: job.specDigest, bytes: job.specBytes });
  expect(job.price).toMatchObject({ worst: job.budget });
  expect(job.verification).toMatchObject({ price: { executions: 2 }, promise: { undetected: null } });
});

test('fee and rewards add up to the escrow, to the wei, whatever the price', async () => {
  const amount = fc.bigInt({ min: 1n, max: 10n ** 27n });
  await fc.assert(
    fc.asyncProperty(amount, fc.integer({ min: 0, max: 10_000 }), async (wei, feeBps) => {
      const digits = wei.toString().padStart(19, '0');
      const pricePerUnit = `${digits.slice(0, -18)}.${digits.slice(-18)}`;
      const { price, budget, spec } = await prepareJob(picture({ pricePerUnit }), new Map(), config({ feeBps }));
      expect(spec.stages[0]?.pricePerUnit).toBe(wei);
      expect(budget).toBe(wei * 4n);
      expect(price.fee + price.rewards).toBe(budget);
      expect(price.worst).toBe(budget);
    }),
    { numRuns: 30 },
  );
});

test('an unknown kernel is refused with the known ones', async () => {
  const preparing = prepareJob(picture({ kernel: 'protein@1.0.0' }), new Map(), config());
  await expect(preparing).rejects.toMatchObject({ code: 'KERNEL_UNKNOWN', details: { kernel: 'protein@1.0.0' } });
});

test('another version of a kernel is refused', async () => {
  const preparing = prepareJob(picture({ kernel: 'mandelbrot@9.0.0' }), new Map(), config());
  await expect(preparing).rejects.toMatchObject({ code: 'KERNEL_VERSION_UNKNOWN' });
});

test('a kernel that the relay does not run is refused before anything is signed', async () => {
  const preparing = prepareJob(picture(), new Map(), config({ kernels: [] }));
  await expect(preparing).rejects.toMatchObject({ code: 'KERNEL_VERSION_UNKNOWN', details: { known: 'none' } });
});

test('a relay with another build of the kernel is refused', async () => {
  const other = hashBlob(new Uint8Array(1)) as never;
  const preparing = prepareJob(picture(), new Map(), config({ kernels: [{ name: kernel, digest: other }] }));
  await expect(preparing).rejects.toMatchObject({ code: 'KERNEL_DIGEST_MISMATCH', details: { expected: other } });
});

test('an input that is named but not given is refused', async () => {
  const preparing = prepareJob(picture({ inputs: { model: 'a.onnx' } }), new Map(), config());
  await expect(preparing).rejects.toMatchObject({ code: 'KERNEL_INPUT_MISSING', details: { input: 'model' } });
});

test('who goes first is part of what is signed', async () => {
  const greenest = await prepareJob(picture({ prefer: 'greenest' }), new Map(), config());
  expect(greenest.spec.stages[0]?.prefer).toBe('greenest');
  expect((await prepareJob(picture(), new Map(), config())).spec.stages[0]).not.toHaveProperty('prefer');
});

test('a sample is priced by the chunks a unit really has', async () => {
  const verify = { kind: 'sample', chunks: 8, checkers: 1, maxReplicas: 3 };
  const { verification } = await prepareJob(picture({ verify }), new Map(), config());
  // A tile of 32 rows has 32 chunks.
  expect(verification.price.executions).toBe(1.25);
  expect(verification.promise.undetected).toBeCloseTo(0.05 + 0.95 * 0.9 ** 8, 12);
});

test.each([
  ['certificate', { kind: 'certificate', maxReplicas: 3 }],
  ['sample', { kind: 'sample', chunks: 8, checkers: 1, maxReplicas: 3 }, 'onnx@1.1.0'],
])(
  'a policy that the kernel cannot be verified by is refused with those it can: %s',
  async (policy, verify, name = kernel) => {
    const { manifest } = kernelRules(name);
    const served = config({ kernels: [{ name, digest: manifest.digest }] });
    await expect(prepareJob(picture({ kernel: name, verify, params: {} }), new Map(), served)).rejects.toMatchObject({
      code: 'POLICY_UNSUPPORTED',
      details: { kernel: name, policy, supported: manifest.policies.join(', ') },
    });
  },
);

test('a parameter out of bounds is refused by name', async () => {
  const preparing = prepareJob(picture({ params: { width: 1 } }), new Map(), config());
  await expect(preparing).rejects.toMatchObject({ code: 'KERNEL_PARAMS_INVALID', details: { path: 'width' } });
});

test('a model that is not ONNX is refused by its file', async () => {
  const onnx = kernelRules('onnx@1.1.0').manifest;
  const stage = { kernel: 'onnx@1.1.0', params: {}, inputs: { model: 'm.onnx', images: 'i.npy' } };
  const inputs = new Map([
    ['model', { fileName: 'm.onnx', bytes: new TextEncoder().encode('hello') }],
    ['images', { fileName: 'i.npy', bytes: new Uint8Array(4) }],
  ]);
  const served = config({ kernels: [{ name: 'onnx@1.1.0', digest: onnx.digest }] });
  await expect(prepareJob(picture(stage), inputs, served)).rejects.toMatchObject({ code: 'MODEL_NOT_ONNX' });
});
