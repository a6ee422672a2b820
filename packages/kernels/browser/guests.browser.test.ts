import { readFileSync } from 'node:fs';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { manifests } from '../src/manifests.ts';
import { kernelRules } from '../src/rules.ts';
import { encodeNpy } from '../src/tensor/npy.ts';
import { guest } from '../testing/wat.ts';
import type { PageUnit } from './page-api.ts';
import { openTab, type Tab } from './tab.ts';

/** Requesters' programs in a real tab, in the product's own workers, served as the product serves them. */

let tab: Tab;
/** Files that the page itself is made of. */
let ofPage: number;
beforeAll(async () => {
  tab = await openTab();
  ofPage = tab.fetched.length;
}, 120_000);
afterAll(async () => tab?.close());

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const digits: PageUnit = {
  worker: 'product',
  kernel: 'onnx@1.1.0',
  params: '{"rows":1,"outputs":[{"name":"probabilities","dtype":"float32","tail":[10]}]}',
  blobs: {
    model: base64(readFileSync(new URL('../../../examples/digits/digits.onnx', import.meta.url))),
    images: base64(encodeNpy({ dtype: 'float32', shape: [1, 1, 28, 28], data: new Uint8Array(4 * 784) })),
  },
  backends: ['wasm'],
};

/** A unit of `custom-wasm` around a module's `run`. */
async function moduleUnit(run: string, more?: string, memory?: string): Promise<PageUnit> {
  const kernel = 'custom-wasm@1.0.0';
  const module = guest(run, more, memory);
  const plan = await kernelRules(kernel).split({}, new Map([['module', { fileName: 'a.wasm', bytes: module }]]));
  const params = plan.units[0]?.params as string;
  return { worker: 'product', kernel, params, blobs: { module: base64(module) }, backends: ['wasm'] };
}
const WRITES = '(call $write (i32.const 0) (i32.const 4)) (i32.const 0)';
const IMPORT = '(import "reckon" "output_write" (func $write (param i32 i32)))';

test.each(manifests.filter((manifest) => manifest.guest === true))(
  'the guests’ worker runs $id without loading anything more',
  async (manifest) => {
    const unit: PageUnit = { ...digits, kernel: kernelName(manifest), params: '[]', backends: [...manifest.backends] };
    // Refused by the kernel itself, which is thus in the worker's one file.
    expect(await tab.run(unit)).toMatchObject({ ok: false, code: 'KERNEL_PARAMS_INVALID' });
    const scripts = tab.fetched.slice(ofPage).filter((path) => path.endsWith('js'));
    expect(new Set(scripts)).toEqual(new Set([expect.stringMatching(/^\/assets\/guest-worker-[\w-]+\.js$/)]));
  },
);

test('no guest runs where the server does not seal its worker; our own kernels do', async () => {
  const unsealed = await tab.openUnsealed();
  expect(await unsealed.run(digits)).toMatchObject({
    ok: false,
    code: 'KERNEL_THREW',
    message: expect.stringContaining('without the content policy that shuts off the network'),
  });
  const params = (await kernelRules('mandelbrot@1.0.0').split({ width: 32, height: 16, tile: 16 }, new Map())).units[0]
    ?.params as string;
  const own = { worker: 'product', kernel: 'mandelbrot@1.0.0', params, blobs: {}, backends: ['wasm'] } as const;
  expect(await unsealed.run({ ...own, backends: ['wasm'] })).toMatchObject({ ok: true });
});

test('a model runs in a sealed worker', async () => {
  expect(await tab.run(digits)).toMatchObject({ ok: true, device: 'WASM SIMD' });
});

test('a module that never returns holds up nobody, and is stopped', async () => {
  const endless = await moduleUnit('(loop $on (br $on)) (i32.const 0)');
  let ended = false;
  const hanging = tab.run({ ...endless, worker: 'pair' }).finally(() => {
    ended = true;
  });
  hanging.catch(() => undefined); // it ends with the tab
  const good = await moduleUnit(WRITES, IMPORT);
  for (let i = 0; i < 3; i++) expect(await tab.run({ ...good, worker: 'pair' })).toMatchObject({ ok: true });
  expect(ended).toBe(false);
  expect(await tab.run({ ...endless, maxMs: 300 })).toMatchObject({ ok: false, code: 'KERNEL_TIMEOUT' });
  expect(await tab.run(good)).toMatchObject({ ok: true });
});

test.each([
  [
    'grows without end',
    '(loop $on (br_if $on (i32.ne (memory.grow (i32.const 64)) (i32.const -1)))) unreachable',
    '4096',
  ],
  [
    'grows past its own maximum',
    '(drop (memory.grow (i32.const 3))) (i32.store (i32.const 200000) (i32.const 1)) (i32.const 0)',
    '2',
  ],
])('a module that %s is ended with a code, and the next unit runs', async (_, run, most) => {
  const memory = `(memory (export "memory") 1 ${most})`;
  const output = await tab.run(await moduleUnit(run, '', memory));
  expect(output).toMatchObject({ ok: false, code: expect.stringMatching(/^(GUEST_TRAPPED|KERNEL_MEMORY)$/) });
  expect(await tab.run(await moduleUnit(WRITES, IMPORT))).toMatchObject({ ok: true });
});

test('a module that asks for more memory than guests may have is refused before it runs', async () => {
  await expect(moduleUnit(WRITES, IMPORT, '(memory (export "memory") 1 65536)')).rejects.toMatchObject({
    code: expect.stringMatching(/^GUEST_/),
  });
});

test('memory that grows until there is none ends with KERNEL_MEMORY', async () => {
  const unit: PageUnit = { worker: 'hostile', kernel: 'grows-wasm@1.0.0', params: 'p', blobs: {}, backends: ['wasm'] };
  expect(await tab.run(unit)).toMatchObject({ ok: false, code: 'KERNEL_MEMORY' });
  expect(await tab.run({ ...unit, kernel: 'echo@1.0.0' })).toMatchObject({ ok: true });
});

test('memory that an engine makes for a guest is held to the kernel’s bound', async () => {
  const kernel = 'greedy-guest@1.0.0';
  const output = await tab.run({ worker: 'hostile', kernel, params: 'p', blobs: {}, backends: ['wasm'] });
  if (!output.ok) throw new Error(output.message);
  expect(Number(atob(output.base64)) / 2 ** 20).toSatisfy((megabytes: number) => megabytes > 94 && megabytes <= 96);
});
