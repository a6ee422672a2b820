import { readFileSync } from 'node:fs';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import { expect, test } from 'vitest';
import { manifests } from '../src/manifests.ts';
import { buildWasm, digestOf, wasmNames, wasmSource } from './wasm-artifacts.ts';

test.each(wasmNames)('the committed %s module is what its source builds to', async (name) => {
  const committed = readFileSync(new URL(`../src/wasm/${name}.wasm.ts`, import.meta.url), 'utf8');
  const bytes = await buildWasm(name);
  // Compared without white space, which the formatter may choose.
  const squeeze = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
  expect(squeeze(committed)).toBe(squeeze(wasmSource(name, bytes)));
  expect(WebAssembly.validate(bytes as Uint8Array<ArrayBuffer>)).toBe(true);
});

test.each(manifests)('the committed digest of $id is that of its manifest and code', async (manifest) => {
  expect(await digestOf(manifest), `run npm run build:wasm for ${kernelName(manifest)}`).toBe(manifest.digest);
});

test('any change of the manifest changes the digest', async () => {
  const [, matmul] = manifests;
  const changed = {
    ...(matmul as (typeof manifests)[number]),
    limits: { maxResultBytes: 1, maxMemoryBytes: 1, maxMs: 1 },
  };
  expect(await digestOf(changed)).not.toBe(changed.digest);
});
