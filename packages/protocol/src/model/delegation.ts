import * as v from 'valibot';
import { Address, NodeId, WalletSignature } from '../base/ids.ts';
import { Seconds } from '../base/units.ts';

/** One wallet signature that links a node's rewards to a payout address (EIP-712 `Delegation`). */
export const SignedDelegation = v.strictObject({
  nodeKey: NodeId,
  payoutAddress: Address,
  scopes: v.literal('rewards'),
  expiry: Seconds,
  signature: WalletSignature,
});
export type SignedDelegation = v.InferOutput<typeof SignedDelegation>;
