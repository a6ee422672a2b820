import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { noSoftwareGpu, softwareGpu } from '@reckon/kernels/testing/software-gpu';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runWgsl } from './wgsl-command.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reckon-wgsl-'));
  if (noSoftwareGpu === undefined) (await softwareGpu()).device.destroy();
});
afterAll(() => rm(folder, { recursive: true }));

const context = {
  terminal: {
    columns: 80,
    say: () => undefined,
    progress: () => undefined,
    tick: () => undefined,
    endProgress: () => undefined,
  },
  env: {},
  json: false,
  signal: new AbortController().signal,
};
const example = (file: string) =>
  fileURLToPath(new URL(`../../../../../examples/custom-wgsl/${file}`, import.meta.url));

test.each([
  ['no shader', []],
  ['two shaders', ['a.wgsl', 'b.wgsl', '--manifest', 'm.json']],
  ['no manifest', ['a.wgsl']],
  ['an unknown option', ['a.wgsl', '--manifest', 'm.json', '--fast']],
  ['a file that is not there', ['/nowhere/a.wgsl', '--manifest', '/nowhere/m.json']],
  ['half a row', [example('shader.wgsl'), '--manifest', example('manifest.json'), '--rows', '1.5']],
])('%s is wrong usage', async (_, args) => {
  await expect(runWgsl(args, context)).rejects.toMatchObject({ code: 'USAGE' });
});

test.skipIf(noSoftwareGpu)(
  `the guide’s example gives the guide’s numbers (${noSoftwareGpu ?? 'SwiftShader'})`,
  async () => {
    const shader = `// How many steps of Collatz’ game lead from each number to 1.
@group(0) @binding(0) var<storage, read_write> steps: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= span.count) { return; }
  let row = span.first + id.x;
  var number = span.firstRow + row + 1u;
  while (number != 1u) {
    if (number % 2u == 0u) { number /= 2u; } else { number = 3u * number + 1u; }
    steps[row]++;
  }
}
`;
    const manifest = {
      entryPoint: 'main',
      workgroupSize: [64, 1, 1],
      bindings: [{ from: 'output', binding: 0, name: 'steps', type: 'u32' }],
    };
    await writeFile(join(folder, 'steps.wgsl'), shader);
    await writeFile(join(folder, 'steps.json'), JSON.stringify(manifest));
    const out = join(folder, 'out');
    const { json, lines } = await runWgsl(
      [
        join(folder, 'steps.wgsl'),
        '--manifest',
        join(folder, 'steps.json'),
        '--rows',
        '1000',
        '--units',
        '2',
        '--check',
        '--out',
        out,
      ],
      context,
    );
    expect(json).toMatchObject({ units: 2, files: [{ name: 'steps.npy' }], checked: true });
    expect(lines.at(-1)).toBe('steps.npy: uint32 [2000]: 0, 1, 7, 2, 5, 8, 16, 3, …');
    expect(await readdir(out)).toEqual(['steps.npy']);
  },
);
