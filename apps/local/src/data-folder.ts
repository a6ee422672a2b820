import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFolder } from '@reckon/node/headless/folder-lock';

/** Where everything lies in the data folder. */
export const dataPaths = (dataDir: string) => ({
  chainState: join(dataDir, 'chain', 'state.json'),
  chainPid: join(dataDir, 'chain', 'anvil.pid'),
  deployment: join(dataDir, 'chain', 'deployment.json'),
  operatorKey: join(dataDir, 'keys', 'operator.key'),
  sampleKey: join(dataDir, 'keys', 'sample-requester.key'),
  relay: join(dataDir, 'relay'),
  house: join(dataDir, 'house'),
});
export type DataPaths = ReturnType<typeof dataPaths>;

/**
 * Makes the folder ours until the returned function is called.
 * @throws {ReckonError} DATA_LOCKED.
 */
export async function openDataFolder(dataDir: string, fresh: boolean): Promise<() => void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(dataDir);
  process.once('exit', unlock);
  if (fresh) {
    // The named parts only: a folder given by mistake must not lose anything of somebody else's.
    for (const part of ['chain', 'keys', 'relay', 'house'])
      await rm(join(dataDir, part), { recursive: true, force: true });
  }
  return () => {
    process.off('exit', unlock);
    unlock();
  };
}
