import { readFileSync } from 'node:fs';
import { unpackParts } from '@reckon/protocol/base/named-parts';
import type { Backend } from '@reckon/protocol/model/kernel-manifest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mandelbrotReference } from '../src/kernels/mandelbrot/reference.ts';
import { readTile } from '../src/kernels/mandelbrot/params.ts';
import { monteCarloChunks } from '../src/kernels/monte-carlo/chunks.ts';
import { matmulReference } from '../src/kernels/matmul-i8/reference.ts';
import { outputsAgree } from '../src/kernels/onnx/agreement.ts';
import { onnxReference } from '../src/kernels/onnx/reference.ts';
import { kernelRules } from '../src/rules.ts';
import { decodeNpy, encodeNpy } from '../src/tensor/npy.ts';
import type { Tensor } from '../src/tensor/tensor.ts';
import { int8Matrix } from '../testing/matrices.ts';
import type { PageUnit } from './page-api.ts';
import { openTab, type Tab } from './tab.ts';

let tab: Tab;
beforeAll(async () => {
  tab = await openTab();
}, 120_000);
afterAll(() => tab?.close());

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'));

async function run(unit: PageUnit) {
  const output = await tab.run(unit);
  if (!output.ok) throw new Error(`${output.code}: ${output.message}`);
  return { ...output, bytes: bytesOf(output.base64) };
}

const a = int8Matrix(37, 131, 1);
const b = int8Matrix(131, 45, 2);
const product: Omit<PageUnit, 'worker' | 'backends'> = {
  kernel: 'matmul-i8@1.1.0',
  params: '{"rows":37,"columns":45}',
  blobs: { a: base64(encodeNpy(a)), b: base64(encodeNpy(b)) },
};
const expectedProduct = () => {
  const c = matmulReference(a, b);
  return encodeNpy({ dtype: 'int32', shape: [37, 45], data: new Uint8Array(c.buffer) });
};

const model = Uint8Array.from(readFileSync(new URL('../../../examples/digits/digits.onnx', import.meta.url)));
const pixels = Float32Array.from({ length: 8 * 784 }, (_, i) => ((i * 7919) % 256) / 255);
const images: Tensor = { dtype: 'float32', shape: [8, 1, 28, 28], data: new Uint8Array(pixels.buffer) };
const digits: Omit<PageUnit, 'worker' | 'backends'> = {
  kernel: 'onnx@1.1.0',
  params: '{"rows":8,"outputs":[{"name":"probabilities","dtype":"float32","tail":[10]}]}',
  blobs: { model: base64(model), images: base64(encodeNpy(images)) },
};

async function expectDigits(bytes: Uint8Array): Promise<void> {
  const [part] = unpackParts(bytes);
  const reference = await onnxReference(model, new Map([['images', images]]));
  expect(kernelRules('onnx@1.1.0').inspect(digits.params, bytes)).toBeUndefined();
  const got = decodeNpy('probabilities', part?.bytes as Uint8Array);
  expect(outputsAgree(got, reference.get('probabilities') as Tensor)).toBe(true);
}

test('a tab reports WebGPU, and that its adapter is software', async () => {
  const capabilities = await tab.probe();
  expect(capabilities).toMatchObject({ backends: ['webgpu', 'wasm'], simd: true, webgpu: { packedDot: true } });
  expect(capabilities.device).toMatch(/^WebGPU · /);
});

test.each<[Backend, RegExp]>([
  ['wasm', /^WASM SIMD$/],
  ['webgpu', /^WebGPU · /],
])('matmul-i8 on %s gives the bytes of the reference', async (backend, device) => {
  const output = await run({ ...product, worker: 'product', backends: [backend] });
  expect(output.fellBack).toBeUndefined();
  expect(output.device).toMatch(device);
  expect(output.bytes).toEqual(expectedProduct());
});

test('mandelbrot gives the bytes of the reference', async () => {
  const plan = await kernelRules('mandelbrot@1.0.0').split({ width: 65, height: 33, tile: 40 }, new Map());
  const params = plan.units[1]?.params as string;
  const output = await run({ worker: 'product', kernel: 'mandelbrot@1.0.0', params, blobs: {}, backends: ['wasm'] });
  expect(output.bytes).toEqual(new Uint8Array(mandelbrotReference(readTile(params)).buffer));
});

const paths = {
  generator: 'philox4x32-10',
  seed: 2 ** 40 + 3,
  stream: 5,
  first: 2 ** 33 + 1,
  paths: 1500,
  pathsPerBlock: 700,
};
const option = { option: 'call', drift: -(2 ** 21), spread: 2 ** 29, strike: 2 ** 22 + 1 };
const problems = [
  { problem: 'pi', ...paths },
  { problem: 'pi', ...paths, generator: 'threefry4x32-20', paths: 1 },
  // From here the counter carries into its second word.
  { problem: 'european', ...paths, ...option, first: 2 ** 34 - 500 },
  {
    problem: 'european',
    ...paths,
    ...option,
    option: 'put',
    drift: 140_000_000,
    spread: 2_300_000_000,
    paths: 100_000,
    pathsPerBlock: 65_536,
  },
  { problem: 'asian', ...paths, ...option, steps: 7 },
  { problem: 'asian', ...paths, ...option, option: 'put', steps: 256, generator: 'threefry4x32-20', spread: 2 ** 31 },
];
const onMonteCarlo = problems.flatMap((of) => [
  { backend: 'wasm' as const, of },
  { backend: 'webgpu' as const, of },
]);

test.each(onMonteCarlo)(
  'monte-carlo on $backend gives the bytes of the reference: $of.problem',
  async ({ backend, of }) => {
    const params = JSON.stringify(of);
    const output = await run({
      worker: 'product',
      kernel: 'monte-carlo@1.0.0',
      params,
      blobs: {},
      backends: [backend],
    });
    expect(output.fellBack).toBeUndefined();
    expect(output.device).toMatch(backend === 'wasm' ? /^WASM SIMD$/ : /^WebGPU · /);
    const blocks = Array.from({ length: monteCarloChunks.count(params) }, (_, i) =>
      monteCarloChunks.compute({ params, blobs: new Map() }, i),
    );
    expect(output.bytes).toEqual(Uint8Array.from(blocks.flatMap((block) => [...block])));
  },
);

test('a tab checks a product as Node does: the right one passes, a wrong element is named', async () => {
  const check = (result: Uint8Array) => tab.check({ ...product, result: base64(result) });
  const right = expectedProduct();
  expect(await check(right)).toEqual({ passed: true, errorLog2: -63 });
  const at = right.length - 4 * (5 * 45) + 8;
  expect(await check(right.with(at, (right[at] as number) ^ 1))).toEqual({
    passed: false,
    cause: 'Row 32 is not that of the product.',
  });
  expect(await check(right.with(at + 3, 0x7f))).toEqual({
    passed: false,
    cause: expect.stringMatching(/^Row 32, column 2 is/),
  });
});

test('chunks computed alone in a tab are those of the reference', async () => {
  const plan = await kernelRules('mandelbrot@1.0.0').split({ width: 65, height: 33, tile: 40 }, new Map());
  const mandelbrot = { kernel: 'mandelbrot@1.0.0', params: plan.units[0]?.params as string, blobs: {} };
  const tile = new Uint8Array(mandelbrotReference(readTile(mandelbrot.params)).buffer);
  for (const [unit, right] of [
    [product, expectedProduct()],
    [mandelbrot, tile],
  ] as const) {
    const chunks = [0, 3, 32];
    const output = await run({ ...unit, worker: 'product', backends: ['wasm'], chunks });
    expect(output.device).toBe('TypeScript');
    const rules = kernelRules(unit.kernel).chunks;
    const expected = chunks.map((i) => ({ name: `${i}`, bytes: rules?.slice(unit.params, right, i).slice() }));
    expect(unpackParts(output.bytes).map(({ name, bytes }) => ({ name, bytes: bytes.slice() }))).toEqual(expected);
  }
});

test('onnx on wasm agrees with the reference, and fetches no WebGPU engine', async () => {
  const output = await run({ ...digits, worker: 'product', backends: ['wasm'] });
  expect(output.device).toBe('WASM SIMD');
  await expectDigits(output.bytes);
  expect(tab.fetched.filter((path) => path.includes('asyncify'))).toEqual([]);
});

test('onnx on webgpu agrees with the reference', async () => {
  const output = await run({ ...digits, worker: 'product', backends: ['webgpu'] });
  expect(output.fellBack).toBeUndefined();
  expect(output.device).toMatch(/^WebGPU · /);
  await expectDigits(output.bytes);
});

test('matmul-i8 on a GPU that is lost falls back to wasm in the same run and says so', async () => {
  const output = await run({ ...product, worker: 'losing-gpu', backends: ['webgpu'] });
  expect(output.device).toBe('WASM SIMD');
  expect(output.fellBack).toMatch(/GPU device was lost/);
  expect(output.bytes).toEqual(expectedProduct());
  expect(await tab.gpuLosses()).toHaveLength(1);
});

test('onnx on a GPU that is lost falls back to wasm in the same run and says so', async () => {
  const output = await run({ ...digits, worker: 'losing-gpu', backends: ['webgpu'] });
  expect(output.device).toBe('WASM SIMD');
  expect(output.fellBack).toMatch(/GPU device was lost/);
  await expectDigits(output.bytes);
});

test('monte-carlo on a GPU that is lost falls back to wasm in the same run and says so', async () => {
  const params = JSON.stringify(problems[2]);
  const unit = { kernel: 'monte-carlo@1.0.0', params, blobs: {} };
  const output = await run({ ...unit, worker: 'losing-gpu', backends: ['webgpu'] });
  expect(output.fellBack).toMatch(/GPU device was lost/);
  expect(output.bytes).toEqual((await run({ ...unit, worker: 'product', backends: ['wasm'] })).bytes);
});

test.each(['matmul-i8', 'onnx'])('%s continues on a new device after a loss', async (id) => {
  const unit = id === 'onnx' ? digits : product;
  const worker = id === 'onnx' ? 'losing-gpu-once-b' : 'losing-gpu-once-a';
  expect((await run({ ...unit, worker, backends: ['webgpu'] })).fellBack).toMatch(/GPU device was lost/);
  const next = await run({ ...unit, worker, backends: ['webgpu'] });
  expect(next.fellBack).toBeUndefined();
  expect(next.device).toMatch(/^WebGPU · /);
  await (id === 'onnx' ? expectDigits(next.bytes) : expect(next.bytes).toEqual(expectedProduct()));
});

test.each([
  ['throws', 'KERNEL_THREW'],
  ['refuses', 'TENSOR_SHAPE'],
  ['hangs', 'KERNEL_TIMEOUT'],
  ['too-large', 'KERNEL_RESULT_TOO_LARGE'],
])('a kernel that %s is refused with %s, and the next unit runs', async (id, code) => {
  const unit: PageUnit = { worker: 'hostile', kernel: `${id}@1.0.0`, params: 'p', blobs: {}, backends: ['wasm'] };
  expect(await tab.run({ ...unit, ...(id === 'hangs' && { maxMs: 300 }) })).toMatchObject({ ok: false, code });
  expect(await tab.run({ ...unit, kernel: 'echo@1.0.0' })).toMatchObject({ ok: true, base64: btoa('p  wasm') });
});
