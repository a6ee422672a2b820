import { writeFile } from 'node:fs/promises';
import { createTestChain } from './chain.ts';
import { GAS_FILE, measureGas } from './gas.ts';

// Measures again after a wanted change of the contracts and writes gas.json, which a test holds to the last unit.
const chain = await createTestChain();
try {
  const text = `${JSON.stringify(await measureGas(chain), null, 2)}\n`;
  await writeFile(GAS_FILE, text);
  process.stdout.write(text);
} finally {
  await chain.close();
}
