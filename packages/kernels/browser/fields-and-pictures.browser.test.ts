import type { Backend } from '@reckon/protocol/model/kernel-manifest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeField } from '../src/kernels/n-body/field.ts';
import { plummerSphere } from '../src/kernels/n-body/plummer.ts';
import { fieldReference } from '../src/kernels/n-body/reference.ts';
import { readTile } from '../src/kernels/render/params.ts';
import { renderReference } from '../src/kernels/render/reference.ts';
import { kernelRules } from '../src/rules.ts';
import { encodeNpy } from '../src/tensor/npy.ts';
import type { PageUnit } from './page-api.ts';
import { openTab, type Tab } from './tab.ts';

let tab: Tab;
beforeAll(async () => {
  tab = await openTab();
}, 120_000);
afterAll(() => tab?.close());

async function run(unit: PageUnit) {
  const output = await tab.run(unit);
  if (!output.ok) throw new Error(`${output.code}: ${output.message}`);
  return { ...output, bytes: Uint8Array.from(Buffer.from(output.base64, 'base64')) };
}

const bodies = plummerSphere(2500, 11);
const file = encodeNpy({ dtype: 'float32', shape: [2500, 4], data: new Uint8Array(bodies.buffer) });
const slice = { bodies: 2500, first: 130, targets: 300, softening: 0.01 };
const gravity: Omit<PageUnit, 'worker' | 'backends'> = {
  kernel: 'n-body@1.0.0',
  params: JSON.stringify(slice),
  blobs: { bodies: Buffer.from(file).toString('base64') },
};

function expectField(bytes: Uint8Array): void {
  const rules = kernelRules('n-body@1.0.0');
  const right = encodeField(slice, bodies, fieldReference(bodies, slice.first, slice.targets, slice.softening));
  expect(rules.inspect(gravity.params, bytes)).toBeUndefined();
  expect(rules.agree(bytes, right, gravity.params)).toBe(true);
}

test.each<[Backend, RegExp]>([
  ['wasm', /^WASM SIMD$/],
  ['webgpu', /^WebGPU · /],
])('n-body on %s agrees with the reference', async (backend, device) => {
  const output = await run({ ...gravity, worker: 'product', backends: [backend] });
  expect(output.fellBack).toBeUndefined();
  expect(output.device).toMatch(device);
  expectField(output.bytes);
});

test('n-body on a GPU that is lost falls back to wasm in the same run and says so', async () => {
  const output = await run({ ...gravity, worker: 'losing-gpu', backends: ['webgpu'] });
  expect(output.device).toBe('WASM SIMD');
  expect(output.fellBack).toMatch(/GPU device was lost/);
  expectField(output.bytes);
});

test.each(['cornell', 'spheres', 'gallery'])('render gives the bytes of the reference in a tab: %s', async (scene) => {
  const picture = { scene, width: 40, height: 30, tile: 32, samples: 4, turn: 12.5, tilt: 3, seed: 5 };
  const plan = await kernelRules('render@1.0.0').split(picture, new Map());
  const params = plan.units[0]?.params as string;
  const output = await run({ worker: 'product', kernel: 'render@1.0.0', params, blobs: {}, backends: ['wasm'] });
  expect(output.bytes).toEqual(new Uint8Array(renderReference(readTile(params)).buffer));
});
