import { fileURLToPath } from 'node:url';
import { type TestPart, testParts } from './parts.ts';
import { add, NOTHING, summaryLine, type Totals } from './totals.ts';

// npm test                      every part
// npm test -- unit browser      those parts
// npm test -- unit packages/x   one part, only files whose path contains the text

const root = fileURLToPath(new URL('../..', import.meta.url));
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());

async function runPart(part: TestPart, filters: readonly string[], failedParts: ReadonlySet<string>): Promise<Totals> {
  if (part.needs && failedParts.has(part.needs)) {
    console.log(`\n${part.name}: not run, because ${part.needs} failed`);
    return { ...NOTHING, failed: 1 };
  }
  console.log(`\n${part.name}`);
  const start = performance.now();
  const totals = await part.run(filters, stop.signal);
  console.log(`${part.name}: ${summaryLine(totals)} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return totals;
}

async function main(): Promise<number> {
  const parts = testParts(root);
  const args = process.argv.slice(2);
  const named = parts.filter((part) => args.includes(part.name));
  const filters = args.filter((arg) => !named.some((part) => part.name === arg));
  const failedParts = new Set<string>();
  let total: Totals = NOTHING;
  for (const part of named.length > 0 ? named : parts) {
    if (stop.signal.aborted) break;
    const totals = await runPart(part, filters, failedParts);
    if (totals.failed > 0) failedParts.add(part.name);
    total = add(total, totals);
  }
  if (total.skipped.length > 0) console.log(`\nSkipped:\n${total.skipped.map((test) => `  ${test}`).join('\n')}`);
  if (stop.signal.aborted) console.log('\nInterrupted; the tests did not all run.');
  console.log(`\n${summaryLine(total)}`);
  if (stop.signal.aborted) return 130;
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

process.exitCode = await main();
