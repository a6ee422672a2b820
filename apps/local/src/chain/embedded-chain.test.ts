import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tempFolder } from '../../testing/temp-folder.ts';
import { dataPaths } from '../data-folder.ts';
import { ensureContracts } from './contracts.ts';
import { type Chain, startEmbeddedChain } from './embedded-chain.ts';
import { callRpc } from './rpc.ts';

const operatorKey = `0x${'11'.repeat(32)}` as const;
const operator = '0x19e7e376e7c213b7e7e7e46cc70a5dd086daff2a';
const someone = `0x${'22'.repeat(20)}`;

let folder: Awaited<ReturnType<typeof tempFolder>>;
let running: Chain[] = [];
beforeEach(async () => {
  folder = await tempFolder();
  running = [];
});
afterEach(async () => {
  for (const chain of running) await chain.stop();
  await folder.remove();
});

async function start(): Promise<Chain> {
  const chain = await startEmbeddedChain(dataPaths(folder.path), () => undefined);
  running.push(chain);
  return chain;
}
const balance = (chain: Chain, account = someone) => callRpc(chain.rpcUrl, 'eth_getBalance', [account, 'latest']);
const recorded = async (): Promise<{ pid: number; keeper: number }> =>
  JSON.parse(await readFile(dataPaths(folder.path).chainPid, 'utf8'));
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
async function pay(chain: Chain): Promise<void> {
  const [from] = (await callRpc(chain.rpcUrl, 'eth_accounts')) as string[];
  const hash = await callRpc(chain.rpcUrl, 'eth_sendTransaction', [{ from, to: someone, value: '0x5' }]);
  await expect.poll(() => callRpc(chain.rpcUrl, 'eth_getTransactionReceipt', [hash])).toMatchObject({ status: '0x1' });
}

test('a chain that was stopped goes on from where it was', async () => {
  const first = await start();
  await pay(first);
  const block = await callRpc(first.rpcUrl, 'eth_blockNumber');
  await first.stop();
  const second = await start();
  expect(await balance(second)).toBe('0x5');
  expect(Number(await callRpc(second.rpcUrl, 'eth_blockNumber'))).toBeGreaterThanOrEqual(Number(block));
});

test('contracts are deployed once and found again after everything was killed', async () => {
  const deploy = async (chain: Chain) => {
    await callRpc(chain.rpcUrl, 'anvil_setBalance', [operator, '0xde0b6b3a7640000']);
    const file = dataPaths(folder.path).deployment;
    return ensureContracts({ ...chain, operatorKey, file, epochMs: 1000, save: () => chain.save() });
  };
  const first = await start();
  const deployed = await deploy(first);
  const { pid, keeper } = await recorded();
  process.kill(keeper, 'SIGKILL');
  process.kill(pid, 'SIGKILL');
  await first.exited;
  expect(await deploy(await start())).toEqual(deployed);
});

test('a chain left behind by a killed run gives its newest state and is ended', async () => {
  const first = await start();
  const { pid, keeper } = await recorded();
  process.kill(keeper, 'SIGKILL');
  await first.exited;
  await pay(first);
  const second = await start();
  expect(isAlive(pid)).toBe(false);
  expect(await balance(second)).toBe('0x5');
});

test('a kept deployment whose contracts are gone is refused', async () => {
  const chain = await start();
  await callRpc(chain.rpcUrl, 'anvil_setBalance', [operator, '0xde0b6b3a7640000']);
  const file = dataPaths(folder.path).deployment;
  const options = { ...chain, operatorKey, file, epochMs: 1000, save: () => chain.save() };
  const { contracts } = await ensureContracts(options);
  await callRpc(chain.rpcUrl, 'anvil_setCode', [contracts.escrow, '0x']);
  await expect(ensureContracts(options)).rejects.toMatchObject({ code: 'CHAIN_STATE_LOST' });
});

test('an operator without gas money is told so before anything is deployed', async () => {
  const chain = await start();
  const file = dataPaths(folder.path).deployment;
  const deploying = ensureContracts({ ...chain, operatorKey, file, epochMs: 1000, save: () => chain.save() });
  await expect(deploying).rejects.toMatchObject({ code: 'BALANCE_TOO_SMALL' });
});
