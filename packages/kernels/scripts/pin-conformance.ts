import { readFileSync, writeFileSync } from 'node:fs';
import { hashBlob } from '@reckon/protocol/base/hash';
import { unitOf } from '../src/conformance/case.ts';
import { conformanceKernels, nameOf } from '../src/conformance/kernels.ts';
import { plainName } from '../src/conformance/pinned.ts';
import { referenceOf } from '../src/conformance/reference.ts';

// Writes the table of src/conformance/pinned.ts from the plain TypeScript references. Digests of kernels that were
// published must not change by it: `git diff` shows.
const file = new URL('../src/conformance/pinned.ts', import.meta.url);
const rows: string[] = [];
for (const kernel of conformanceKernels) {
  rows.push(`  '${nameOf(kernel)}': {`);
  for (const which of kernel.cases) {
    const digest = hashBlob(await referenceOf(kernel, await unitOf(kernel, which)));
    rows.push(`    '${which.name}': '${digest}',`);
    if (kernel.plainReference === undefined) continue;
    const plain = hashBlob(kernel.plainReference(await unitOf(kernel, which)));
    rows.push(`    '${plainName(which.name)}': '${plain}',`);
  }
  rows.push('  },');
}
const text = readFileSync(file, 'utf8');
const table = /(const PINNED[^{]*\{)[^;]*(\};\n)/;
if (!table.test(text)) throw new Error('pinned.ts has no table');
writeFileSync(
  file,
  text.replace(table, (_whole, head: string, tail: string) => `${head}\n${rows.join('\n')}\n${tail}`),
);
