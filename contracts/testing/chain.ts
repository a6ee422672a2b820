import { createHardhatRuntimeEnvironment } from 'hardhat/hre';
import {
  type Account,
  type Chain,
  createPublicClient,
  createWalletClient,
  custom,
  type CustomTransport,
  type PublicClient,
  type WalletClient,
} from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { hardhat as chain } from 'viem/chains';
import config from '../hardhat.config.ts';
import { CONTRACTS_ROOT } from '../scripts/hardhat-project.ts';

export type TestWallet = WalletClient<CustomTransport, Chain, Account>;

/** An EVM chain inside this process, the same on every run: same accounts, same clock, a block for each transaction. */
export interface TestChain {
  publicClient: PublicClient;
  /** Wallet `index` of the well-known test mnemonic; the first 20 hold ether. */
  wallet(index: number): TestWallet;
  /** Moves the clock on and mines a block. */
  advance(seconds: number): Promise<void>;
  /** Milliseconds since the Unix epoch at the newest block. */
  now(): Promise<number>;
  close(): Promise<void>;
}

export const TEST_MNEMONIC = 'test test test test test test test test test test test junk';
/** When the test chain begins. */
export const TEST_CHAIN_START = '2030-01-01T00:00:00Z';

export async function createTestChain(): Promise<TestChain> {
  const environment = await createHardhatRuntimeEnvironment(config, {}, CONTRACTS_ROOT);
  const override = { initialDate: TEST_CHAIN_START, accounts: { mnemonic: TEST_MNEMONIC } };
  const { provider, close } = await environment.network.create({ network: 'inproc', override });
  const transport = custom(
    { request: (request) => provider.request(request as { method: string }) },
    { retryCount: 0 },
  );
  // The blocks come at once: a poll every millisecond waits for nothing.
  const publicClient = createPublicClient({ chain, transport, pollingInterval: 1, cacheTime: 0 });
  return {
    publicClient,
    wallet: (index) =>
      createWalletClient({ account: mnemonicToAccount(TEST_MNEMONIC, { addressIndex: index }), chain, transport }),
    async advance(seconds) {
      await provider.request({ method: 'evm_increaseTime', params: [seconds] });
      await provider.request({ method: 'evm_mine' });
    },
    now: async () => Number((await publicClient.getBlock()).timestamp) * 1000,
    close: () => close(),
  };
}
