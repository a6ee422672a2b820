import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { customWasmKernel } from '../src/kernels/custom-wasm/run.ts';
import { context } from '../testing/kernel-acceptance.ts';
import { buildAssemblyScript, exampleAbi } from './example-module.ts';

/** All that needs a heap: arrays, a map, text, an object, and a variable set before `run`. */
const SOURCE = `
import { output_write, unit_index } from './reckon';

class Sum { total: f64 = 0; add(value: f64): void { this.total += value; } }
const ready = new Float64Array(3);
for (let i = 0; i < 3; i++) ready[i] = i + 1;
let runs = 0;

export function run(): i32 {
  runs++;
  const sum = new Sum();
  for (let i = 0; i < ready.length; i++) sum.add(ready[i]);
  const squares = new StaticArray<i32>(4);
  for (let i = 0; i < squares.length; i++) squares[i] = i * i;
  const more: i32[] = [];
  for (let i = 0; i < 100_000; i++) more.push(i);
  const names = new Map<string, i32>();
  names.set('last', more[more.length - 1]);
  const text = String.UTF8.encode('unit ' + unit_index().toString() + ', ' + sum.total.toString() + ', ' +
    squares.join('-') + ', ' + names.get('last').toString() + ', run ' + runs.toString());
  output_write(changetype<usize>(text), text.byteLength);
  return 0;
}
`;

test('AssemblyScript that makes arrays, objects and text runs, built by the guide’s command', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reckon-heap-'));
  try {
    await writeFile(join(folder, 'heap.as.ts'), SOURCE);
    await copyFile(exampleAbi, join(folder, 'reckon.ts'));
    const module = await buildAssemblyScript(folder, 'heap.as.ts');
    for (const unit of [0, 7, 7]) {
      const params = JSON.stringify({ unit, units: 9, outputRowBytes: 1, params: '{}' });
      const { bytes } = await customWasmKernel.run({ params, blobs: new Map([['module', module]]) }, context({}));
      expect(Buffer.from(bytes.subarray(4)).toString()).toBe(`unit ${unit}, 6.0, 0-1-4-9, 99999, run 1`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
