import { fileURLToPath } from 'node:url';
import { createHardhatRuntimeEnvironment } from 'hardhat/hre';
import type { HardhatRuntimeEnvironment } from 'hardhat/types/hre';
import config from '../hardhat.config.ts';

/** The contracts' folder, ending in a slash. */
export const CONTRACTS_ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Hardhat on this project, from whatever folder the command was called. */
export function loadHardhat(): Promise<HardhatRuntimeEnvironment> {
  return createHardhatRuntimeEnvironment(config, { config: `${CONTRACTS_ROOT}hardhat.config.ts` }, CONTRACTS_ROOT);
}
