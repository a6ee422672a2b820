import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import { manifests } from '../src/manifests.ts';
import { buildExampleModule, exampleModule } from './example-module.ts';
import { tablesSource } from './monte-carlo-tables.ts';
import { buildWasm, digestOf, digestsSource, wasmNames, wasmSource } from './wasm-artifacts.ts';

/** `npm run build:wasm`: rebuilds the committed WASM modules and the kernels' digests. */

const source = (path: string) => fileURLToPath(new URL(`../src/${path}`, import.meta.url));

for (const name of wasmNames) {
  const bytes = await buildWasm(name);
  writeFileSync(source(`wasm/${name}.wasm.ts`), wasmSource(name, bytes));
  console.log(`${name}: ${bytes.length} bytes of WASM`);
}
writeFileSync(exampleModule, await buildExampleModule());
writeFileSync(source('kernels/monte-carlo/tables.generated.ts'), tablesSource());
const digests = [];
for (const manifest of manifests) {
  const name = kernelName(manifest);
  const digest = await digestOf(manifest);
  digests.push({ name, digest });
  console.log(`${name}: ${digest}`);
}
writeFileSync(source('digests.generated.ts'), digestsSource(digests));
