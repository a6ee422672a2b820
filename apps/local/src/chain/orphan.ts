import { readFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { callRpc } from './rpc.ts';
import { dumpChain } from './state-file.ts';

const Running = v.object({ pid: v.number(), keeper: v.number(), rpcUrl: v.string() });
/** A keeper that lost its parent writes the state and ends by itself within this time. */
const KEEPER_MS = 5_000;

/**
 * Ends a chain that a killed run has left behind, keeping its state. It is ours only when the process and its RPC, which
 * only listens on this machine, are both where the file says.
 */
export async function endOrphan(pidFile: string, stateFile: string): Promise<void> {
  const text = await readFile(pidFile, 'utf8').catch(() => undefined);
  const running = text === undefined ? undefined : v.safeParse(Running, tryJson(text));
  if (running?.success !== true) return;
  const { pid, keeper, rpcUrl } = running.output;
  for (const until = Date.now() + KEEPER_MS; isAlive(keeper) && isAlive(pid) && Date.now() < until; ) await sleep(50);
  if (isAlive(pid) && (await isAnvil(rpcUrl))) {
    await dumpChain(rpcUrl, stateFile);
    process.kill(pid, 'SIGKILL');
    for (const until = Date.now() + KEEPER_MS; isAlive(pid) && Date.now() < until; ) await sleep(20);
  }
  await rm(pidFile, { force: true });
}

const tryJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // cut off: nothing was running behind it
  }
};

const isAnvil = async (rpcUrl: string): Promise<boolean> =>
  String(await callRpc(rpcUrl, 'web3_clientVersion', [], 2_000).catch(() => '')).startsWith('anvil/');

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // gone, or another person's by now
  }
}
