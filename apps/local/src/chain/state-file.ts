import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { callRpc } from './rpc.ts';

const unzip = promisify(gunzip);

/**
 * Keeps the chain's whole state in a file that is always one whole state: anvil's own dump is cut off when it is killed,
 * so its state is fetched, written beside, flushed and renamed.
 */
export async function dumpChain(rpcUrl: string, file: string): Promise<void> {
  const dumped = await callRpc(rpcUrl, 'anvil_dumpState', [true]);
  const packed = Buffer.from(String(dumped).slice(2), 'hex');
  const state = packed[0] === 0x1f && packed[1] === 0x8b ? await unzip(packed) : packed;
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(`${file}.part`, 'w');
  try {
    await handle.writeFile(state);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.part`, file);
}
