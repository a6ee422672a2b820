import { reckonTokenAbi } from '@reckon/contracts/abi/reckon-token';
import { settlementAbi } from '@reckon/contracts/abi/settlement';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { Address } from '@reckon/protocol/base/ids';
import type { Wei } from '@reckon/protocol/base/units';
import type { AccountSummary, RelayConfig } from '@reckon/protocol/wire/http';
import type { Hex, PublicClient } from 'viem';
import { sendAndWait } from './fund-job.ts';
import { requireNetwork, type Wallet } from './sign-order.ts';
import { type ChainCall, guarded } from './wallet-errors.ts';

export interface ClaimOptions {
  wallet: Wallet;
  chain: PublicClient;
  config: RelayConfig;
  /** The account that is paid, as GET /api/accounts/:address tells it. Anybody may send its claim. */
  account: AccountSummary;
}

/**
 * Collects everything the account has earned and not yet been paid, in one transaction.
 * @throws {ReckonError} CLAIM_EMPTY, WRONG_NETWORK, WALLET_REJECTED, CHAIN_REVERTED, CHAIN_UNREACHABLE.
 */
export async function claimReward(options: ClaimOptions): Promise<{ tx: Hex; gasUsed: bigint; amount: Wei }> {
  const { wallet, chain, config, account } = options;
  const { claim } = account;
  if (claim === null) throw new ReckonError('CLAIM_EMPTY', { account: account.account });
  await requireNetwork(wallet, config);
  const call: ChainCall = {
    action: 'claim the reward',
    contract: 'Settlement',
    account: account.account,
    url: config.rpcPath,
  };
  return guarded(call, async () => {
    const settlement = { address: config.contracts.settlement, abi: settlementAbi } as const;
    const paid = await chain.readContract({ ...settlement, functionName: 'claimed', args: [account.account] });
    if (paid >= claim.cumulative) throw new ReckonError('CLAIM_EMPTY', { account: account.account });
    const { request } = await chain.simulateContract({
      ...settlement,
      account: wallet.account,
      functionName: 'claim',
      args: [BigInt(claim.epoch), account.account, claim.cumulative, claim.path],
    });
    const sent = await sendAndWait(
      chain,
      () => wallet.writeContract({ ...request, chain: wallet.chain }),
      'Settlement',
    );
    return { ...sent, amount: claim.cumulative - paid };
  });
}

/** What the account holds of the token, read from the chain. */
export const tokenBalance = (chain: PublicClient, config: RelayConfig, account: Address): Promise<Wei> =>
  guarded({ action: 'read a balance', contract: 'ReckonToken', account, url: config.rpcPath }, () =>
    chain.readContract({
      address: config.contracts.token,
      abi: reckonTokenAbi,
      functionName: 'balanceOf',
      args: [account],
    }),
  );
