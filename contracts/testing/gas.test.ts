import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { GAS_FILE, measureGas } from './gas.ts';

/** EIP-7825: the most gas one transaction may have. */
const TRANSACTION_GAS_LIMIT = 2 ** 24;

test('gas is exactly what gas.json says; after a wanted change run contracts/testing/write-gas.ts', async () => {
  const measured = await measureGas();
  expect(measured).toEqual(JSON.parse(readFileSync(GAS_FILE, 'utf8')));
  expect(measured['postEpoch200ChargesClosing']).toBeLessThan(TRANSACTION_GAS_LIMIT);
}, 60_000);
