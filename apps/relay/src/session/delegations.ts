import { ReckonError } from '@reckon/protocol/base/errors';
import { hashTypedData } from '@reckon/protocol/base/typed-data';
import type { SignedDelegation } from '@reckon/protocol/model/delegation';
import type { SessionContext } from './ports.ts';
import { createBucket } from './rate-limit.ts';

/** Each may ask the chain for a contract wallet's word, and each is journalled. */
const DELEGATIONS_PER_SECOND = 1 / 60;
const DELEGATION_BURST = 10;

/** Links the node to the wallet that its rewards go to, once that wallet has signed. */
export function createDelegations({ ports, nodeId, send, refuse, submit }: SessionContext) {
  const { coordinator, clock } = ports;
  const bucket = createBucket(clock, DELEGATIONS_PER_SECOND, DELEGATION_BURST);

  async function enter(delegation: SignedDelegation): Promise<void> {
    const { signature, ...message } = delegation;
    const { payoutAddress, expiry } = delegation;
    const what = 'delegation';
    const isKnown = () => {
      const payout = coordinator.state.nodes.get(nodeId)?.payout;
      return payout?.address === payoutAddress && payout.expiry === expiry;
    };
    const confirm = () => coordinator.flushed().then(() => send({ type: 'delegated', payoutAddress }));
    if (isKnown()) return await confirm();
    if (!bucket.take()) return refuse(new ReckonError('RATE_LIMITED', { retryAfterMs: 60_000 }), undefined, true);
    if (expiry * 1000 <= clock.now()) {
      throw new ReckonError('SIGNATURE_INVALID', { what, expected: 'one in force', received: 'one that has ended' });
    }
    if (delegation.nodeKey !== nodeId) {
      throw new ReckonError('SIGNATURE_INVALID', { what, expected: `one for ${nodeId}`, received: delegation.nodeKey });
    }
    const digest = hashTypedData(ports.domain, 'Delegation', message);
    if (!(await ports.verifyWallet(payoutAddress, digest, signature))) {
      throw new ReckonError('SIGNATURE_INVALID', { what, expected: payoutAddress, received: 'another signer' });
    }
    if (isKnown()) return await confirm(); // sent twice, and the other was faster
    const at = coordinator.stamp();
    await submit({ type: 'node.delegated', at, nodeId, payoutAddress, expiry, signature });
  }

  return { enter: (delegation: SignedDelegation): void => void enter(delegation).catch((error) => refuse(error)) };
}
