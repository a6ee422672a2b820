import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createTestChain } from './chain.ts';
import { GAS_FILE, measureGas } from './gas.ts';

/** EIP-7825: the most gas one transaction may have. */
const TRANSACTION_GAS_LIMIT = 2 ** 24;

test('gas is exactly what gas.json says; after a wanted change run contracts/testing/write-gas.ts', async () => {
  const chain = await createTestChain();
  try {
    const measured = await measureGas(chain);
    expect(measured).toEqual(JSON.parse(readFileSync(GAS_FILE, 'utf8')));
    expect(measured['postEpoch200ChargesClosing']).toBeLessThan(TRANSACTION_GAS_LIMIT);
  } finally {
    await chain.close();
  }
}, 60_000);
