import { writeFile } from 'node:fs/promises';
import { GAS_FILE, measureGas } from './gas.ts';

// Measures again after a wanted change of the contracts and writes gas.json, which a test holds to the last unit.
const gas = await measureGas();
await writeFile(GAS_FILE, `${JSON.stringify(gas, null, 2)}\n`);
process.stdout.write(`${JSON.stringify(gas, null, 2)}\n`);
