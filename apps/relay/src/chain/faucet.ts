import { reckonTokenAbi } from '@reckon/contracts/abi/reckon-token';
import type { Hex } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { Address, Hash } from '@reckon/protocol/base/ids';
import type { Clock } from '@reckon/protocol/base/ports';
import { encodeFunctionData, parseEther } from 'viem';
import { type ChainSettings, createReader, createSender } from './clients.ts';
import { onChain } from './errors.ts';

const TOKENS = parseEther('1000');
const GAS_MONEY = parseEther('1');
const PAUSE_MS = 60_000;
const MAX_REMEMBERED = 10_000;

export interface Faucet {
  /** Test money and gas for an address. @throws {ReckonError} FAUCET_EXHAUSTED within a minute of the last time. */
  give(account: Address): Promise<{ tx: Hash }>;
}

/** Mints the test token and sends gas money, on a chain where both are worth nothing. */
export function createFaucet(settings: ChainSettings & { token: Address; key: Hex }, clock: Clock): Faucet {
  const reader = createReader(settings);
  const sender = createSender(settings, reader, settings.key);
  const served = new Map<Address, number>();
  return {
    async give(account) {
      const now = clock.now();
      const again = (served.get(account) ?? 0) + PAUSE_MS;
      if (again > now) throw new ReckonError('FAUCET_EXHAUSTED', { account, retryAfterMs: again - now });
      if (served.size >= MAX_REMEMBERED) served.clear();
      served.set(account, now);
      try {
        return await onChain(settings.rpcUrl, 'ReckonToken', async () => {
          await sender.send({ to: account, value: GAS_MONEY });
          const data = encodeFunctionData({ abi: reckonTokenAbi, functionName: 'mint', args: [account, TOKENS] });
          const receipt = await sender.send({ to: settings.token, data });
          if (receipt.status !== 'success') {
            throw new ReckonError('CHAIN_REVERTED', { contract: 'ReckonToken', reason: 'mint' });
          }
          return { tx: receipt.transactionHash };
        });
      } catch (error) {
        served.delete(account);
        throw error;
      }
    },
  };
}
