import { readFileSync } from 'node:fs';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InputFile } from '../src/kernel.ts';
import { manifests } from '../src/manifests.ts';
import { kernelRules } from '../src/rules.ts';
import { encodeNpy } from '../src/tensor/npy.ts';
import { digitModel, patterns } from '../testing/digit-model.ts';
import { float32Matrix, int8Matrix } from '../testing/matrices.ts';
import { openTab, type Tab } from './tab.ts';

/** No kernel leaves buffers behind on a GPU: what it keeps for the next unit is the same after every unit. */

let tab: Tab;
beforeAll(async () => {
  tab = await openTab();
}, 120_000);
afterAll(async () => tab?.close());

type Job = [params: Record<string, unknown>, inputs?: Record<string, Uint8Array>];
const example = (name: string) => Uint8Array.from(readFileSync(new URL(`../../../examples/${name}`, import.meta.url)));
const jobs: Readonly<Record<string, () => Job>> = {
  'matmul-i8': () => [{ rows: 16 }, { a: encodeNpy(int8Matrix(32, 64, 1)), b: encodeNpy(int8Matrix(64, 48, 2)) }],
  'matmul-f32': () => [
    { rows: 16 },
    { a: encodeNpy(float32Matrix(32, 64, 1)), b: encodeNpy(float32Matrix(64, 48, 2)) },
  ],
  'monte-carlo': () => [{ problem: 'pi', paths: 4096 }],
  'n-body': () => [{ bodies: 128, targets: 64 }],
  onnx: () => [{ batch: 3 }, { model: digitModel(), images: encodeNpy(patterns(7)) }],
  'custom-wgsl': () => {
    const name = (file: string) => example(`custom-wgsl/${file}`);
    const job = JSON.parse(Buffer.from(name('job.json')).toString()) as {
      stages: [{ params: Record<string, unknown>; inputs: Record<string, string> }];
    };
    const [{ params, inputs }] = job.stages;
    return [params, Object.fromEntries(Object.entries(inputs).map(([input, file]) => [input, name(file)]))];
  },
};
const RUNS = 12;

test.each(manifests.filter(({ backends }) => backends.includes('webgpu')))(
  '$id keeps as many buffers after twelve units as after three',
  async (manifest) => {
    const kernel = kernelName(manifest);
    const [params, inputs = {}] = jobs[manifest.id]?.() ?? [{}];
    const files = Object.entries(inputs).map(([name, bytes]): [string, InputFile] => [
      name,
      { fileName: `${name}.npy`, bytes },
    ]);
    const plan = await kernelRules(kernel).split(params, new Map(files));
    const [unit] = plan.units;
    const parts = [...plan.shared, ...(unit?.blobs ?? [])];
    const blobs = Object.fromEntries(parts.map(({ name, bytes }) => [name, Buffer.from(bytes).toString('base64')]));
    const [counts, on] = await tab.countBuffers({ kernel, params: unit?.params as string, blobs }, RUNS);
    expect(on).toMatch(/^WebGPU · /);
    expect(counts).toHaveLength(RUNS);
    expect(counts.slice(3)).toEqual(counts.slice(3).map(() => counts[2]));
  },
  60_000,
);
