import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { saveText } from '@reckon/client/files/save-text';
import { ReckonError } from '@reckon/protocol/base/errors';
import { anvilProgram } from './anvil-program.ts';
import { endOrphan } from './orphan.ts';
import { callRpc } from './rpc.ts';
import { dumpChain } from './state-file.ts';

export interface KeeperOptions {
  port: number;
  stateFile: string;
  /** Names the running anvil, so that one left by a crash is found. */
  pidFile: string;
  chainId: number;
}

export interface Keeper {
  readonly rpcUrl: string;
  /** Writes the state now. */
  dump(): Promise<void>;
  /** Writes the state and ends the chain. */
  stop(): Promise<void>;
  readonly exited: Promise<void>;
}

const READY_MS = 20_000;
/** A dump of a long chain takes about 0.1 s; looking once a second bounds what a crash of the machine can lose. */
const DUMP_EVERY_MS = 1_000;
/** Mined at once on a transaction, and this often besides so that time passes. */
const BLOCK_SECONDS = 4;

/** Starts anvil from its kept state and keeps that state on disk. */
export async function startKeeper({ port, stateFile, pidFile, chainId }: KeeperOptions): Promise<Keeper> {
  await endOrphan(pidFile, stateFile);
  const flags = ['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(chainId), '--hardfork', 'osaka'];
  flags.push(
    '--block-time',
    String(BLOCK_SECONDS),
    '--mixed-mining',
    '--silent',
    '--accounts',
    '1',
    '--no-request-size-limit',
  );
  if (existsSync(stateFile)) flags.push('--load-state', stateFile);
  const anvil = spawn(anvilProgram(), flags, {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: process.platform !== 'win32',
  });
  const said = lastWords(anvil);
  const exited = new Promise<void>((resolve) => {
    anvil.once('exit', () => resolve());
    anvil.once('error', () => resolve());
  });
  process.once('exit', () => anvil.kill('SIGKILL'));
  const rpcUrl = `http://127.0.0.1:${port}`;
  await saveText(pidFile, JSON.stringify({ pid: anvil.pid, keeper: process.pid, rpcUrl }));
  await untilReady(anvil, rpcUrl, said);

  let seen = await blockNumber(rpcUrl);
  let dumping: Promise<void> = Promise.resolve();
  /** `always`: also when only empty blocks have come. One dump at a time. */
  const write = (always: boolean): Promise<void> => {
    dumping = dumping
      .catch(() => undefined) // the caller of that dump has heard of it
      .then(async () => {
        const newest = await blockNumber(rpcUrl);
        if (!always && !(await hasTransactions(rpcUrl, seen + 1, newest))) return;
        await dumpChain(rpcUrl, stateFile);
        seen = newest;
      });
    return dumping;
  };
  const dump = () => write(true);
  let troubled = false;
  /** A full disk must be heard of, once; a chain that has ended is told of by `exited`. */
  const report = (error: unknown): void => {
    if (troubled || anvil.exitCode !== null || anvil.signalCode !== null) return;
    troubled = true;
    process.stderr.write(`the chain's state could not be kept: ${String(error)}\n`);
  };
  const timer = setInterval(() => void write(false).catch(report), DUMP_EVERY_MS);
  return {
    rpcUrl,
    dump,
    exited,
    async stop() {
      clearInterval(timer);
      await dump().catch(report); // a dead chain has nothing to write; the last dump stands
      anvil.kill('SIGKILL'); // its state is written; a gentler end would only wait
      await exited;
      await rm(pidFile, { force: true });
    },
  };
}

const blockNumber = async (rpcUrl: string): Promise<number> => Number(await callRpc(rpcUrl, 'eth_blockNumber'));

/** Whether any of these blocks holds one: the empty ones, which only let time pass, are not worth a dump. */
async function hasTransactions(rpcUrl: string, from: number, to: number): Promise<boolean> {
  for (let block = from; block <= to; block++) {
    const count = await callRpc(rpcUrl, 'eth_getBlockTransactionCountByNumber', [`0x${block.toString(16)}`]);
    if (Number(count) > 0) return true;
  }
  return false;
}

function lastWords(anvil: ChildProcess): () => string {
  let text = '';
  anvil.stderr?.setEncoding('utf8');
  anvil.stderr?.on('data', (chunk: string) => {
    text = (text + chunk).slice(-500);
  });
  return () => text.trim();
}

async function untilReady(anvil: ChildProcess, rpcUrl: string, said: () => string): Promise<void> {
  for (const until = Date.now() + READY_MS; ; ) {
    try {
      await callRpc(rpcUrl, 'eth_chainId', [], 2_000);
      return;
    } catch (error) {
      const ended = anvil.exitCode !== null || anvil.signalCode !== null || anvil.pid === undefined;
      if (ended) throw new ReckonError('CHAIN_UNREACHABLE', { url: rpcUrl, cause: `anvil ended: ${said()}` });
      if (Date.now() > until) throw error;
    }
    await sleep(30);
  }
}
