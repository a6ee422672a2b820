import { afterAll, beforeAll, expect, test } from 'vitest';
import { matmulF32Rules } from '../src/kernels/matmul-f32/rules.ts';
import { GEMM_PLANS } from '../src/gemm/gpu/plans.ts';
import { multiplyReferenceF32 } from '../src/gemm/reference.ts';
import { encodeNpy } from '../src/tensor/npy.ts';
import type { PageUnit } from './page-api.ts';
import { openTab, type Tab } from './tab.ts';

let tab: Tab;
beforeAll(async () => {
  tab = await openTab();
}, 120_000);
afterAll(() => tab?.close());

const [m, k, n] = [37, 131, 45];
const values = (count: number, step: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i * step) * 3);
const [a, b] = [values(m * k, 0.7), values(k * n, 1.3)];
const npy = (shape: [number, number], data: Float32Array) =>
  encodeNpy({ dtype: 'float32', shape, data: new Uint8Array(data.buffer as ArrayBuffer) });
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'));

async function unit(): Promise<Omit<PageUnit, 'worker' | 'backends'>> {
  const inputs = new Map([
    ['a', { fileName: 'a.npy', bytes: npy([m, k], a) }],
    ['b', { fileName: 'b.npy', bytes: npy([k, n], b) }],
  ]);
  const plan = await matmulF32Rules.split({ rows: m }, inputs);
  const parts = [...plan.shared, ...(plan.units[0]?.blobs ?? [])];
  return {
    kernel: 'matmul-f32@1.0.0',
    params: plan.units[0]?.params as string,
    blobs: Object.fromEntries(parts.map(({ name, bytes }) => [name, Buffer.from(bytes).toString('base64')])),
  };
}

test.each(['wasm', 'webgpu'] as const)('matmul-f32 on %s agrees with the reference', async (backend) => {
  const of = await unit();
  const output = await tab.run({ ...of, worker: 'product', backends: [backend] });
  expect(output).toMatchObject({
    ok: true,
    device: expect.stringMatching(backend === 'wasm' ? /^WASM/ : /^WebGPU · /),
  });
  if (!output.ok) return;
  expect(output.fellBack).toBeUndefined();
  const reference = npy([m, n], multiplyReferenceF32(a, b, m, k, n));
  expect(matmulF32Rules.inspect(of.params, bytesOf(output.base64))).toBeUndefined();
  expect(matmulF32Rules.agree(bytesOf(output.base64), reference, of.params)).toBe(true);
});

test('matmul-f32 on a GPU that is lost falls back to wasm in the same run and says so', async () => {
  const of = await unit();
  const output = await tab.run({ ...of, worker: 'losing-gpu', backends: ['webgpu'] });
  expect(output).toMatchObject({ ok: true, fellBack: expect.stringMatching(/GPU device was lost/) });
});

test('every plan multiplies floats within their bound in a tab', async () => {
  const worst = await tab.compareProducts();
  expect(worst).toHaveLength(GEMM_PLANS.length);
  for (const [plan, ofBound] of worst) expect({ plan, right: ofBound <= 1, ofBound }).toMatchObject({ right: true });
}, 120_000);
