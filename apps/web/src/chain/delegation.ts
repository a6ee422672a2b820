import { signStruct, type Wallet, walletAddress } from '@reckon/client/chain/sign-order';
import type { NodeId } from '@reckon/protocol/base/ids';
import type { SignedDelegation } from '@reckon/protocol/model/delegation';
import type { RelayConfig } from '@reckon/protocol/wire/http';

/** How long a link lasts; a new signature renews it. */
export const DELEGATION_DAYS = 365;

/**
 * Asks the wallet for the one signature that sends this node's rewards to it.
 * @throws {ReckonError} WALLET_REJECTED, WRONG_NETWORK.
 */
export async function signDelegation(
  wallet: Wallet,
  config: RelayConfig,
  nodeKey: NodeId,
  nowSeconds: number,
): Promise<SignedDelegation> {
  const message = {
    nodeKey,
    payoutAddress: walletAddress(wallet),
    scopes: 'rewards' as const,
    expiry: nowSeconds + DELEGATION_DAYS * 86_400,
  };
  const signature = await signStruct(wallet, config, 'Delegation', message, 'link the wallet');
  return { ...message, signature };
}
