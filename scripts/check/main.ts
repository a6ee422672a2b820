import { fileURLToPath } from 'node:url';
import { type Part } from './part.ts';
import { checkParts } from './parts.ts';

/** More at a time than this makes each slower on the two cores of a small machine. */
const AT_A_TIME = 2;

const root = fileURLToPath(new URL('../..', import.meta.url));
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

async function report(part: Part): Promise<boolean> {
  const start = performance.now();
  const { problems } = await part.run(stop.signal);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${problems ? '✗' : '✓'} ${part.name.padEnd(12)} ${seconds.padStart(5)} s`);
  if (problems) console.log(problems.replace(/^/gm, '    '));
  return problems === '';
}

async function main(): Promise<number> {
  const wanted = process.argv.slice(2);
  const waiting = checkParts(root).filter((part) => wanted.length === 0 || wanted.includes(part.name));
  const passed: boolean[] = [];
  const lane = async () => {
    for (let part = waiting.shift(); part; part = waiting.shift()) passed.push(await report(part));
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, lane));
  const failed = passed.filter((ok) => !ok).length;
  console.log(`check: ${passed.length - failed} passed, ${failed} failed`);
  return failed === 0 && passed.length > 0 ? 0 : 1;
}

process.exitCode = await main();
