import { fromHex, type Hex, toHex } from '../base/bytes.ts';
import type { Address, NodeId } from '../base/ids.ts';
import { rootOfPath } from '../base/merkle.ts';
import type { RecoverAddress } from '../base/ports.ts';
import { hashTypedData, type TypedDomain } from '../base/typed-data.ts';
import type { ShardEvent } from '../journal/entry.ts';
import type { ShardState } from '../machine/state.ts';
import { hashResultLeaf, type LeafAttestation, verifyLeafAttestation } from '../model/attestation.ts';
import { recoverCheckSigner } from '../model/check-answer.ts';
import { drawFraction } from '../trust/beacon.ts';
import { type Difference, differ } from './difference.ts';

/** A wallet's signature that no key made: the wallet is a contract that must be asked on chain, or it is forged. */
export interface WalletClaim {
  readonly index: number;
  readonly what: string;
  readonly wallet: Address;
  readonly digest: Hex;
  readonly signature: Hex;
}

export interface SignatureOptions {
  recover: RecoverAddress;
  /** Share of the entries that nodes signed that are checked, in [0, 1]; with 0 nothing is. Those of wallets always are. */
  share: number;
  /** Draws which. */
  seed: Uint8Array;
}

export interface SignatureCheck {
  /** `state` before the entry. Wallets whose signature is not a key's are put aside. */
  check(index: number, event: ShardEvent, state: ShardState): Difference | undefined;
  readonly checked: number;
  readonly skipped: number;
  readonly aside: readonly WalletClaim[];
}

/** One signature covers up to 32 results of one node, which are opened about the same time. */
const KEPT = 8192;

export function createSignatureCheck({ recover, share, seed }: SignatureOptions): SignatureCheck {
  const aside: WalletClaim[] = [];
  const passed = new Set<string>();
  let checked = 0;
  let skipped = 0;

  const isChosen = (index: number): boolean =>
    share >= 1 || (share > 0 && drawFraction(seed, `signature ${index}`) < share);

  function judge(index: number, what: string, expected: string, received: string | undefined) {
    checked += 1;
    if (received === expected) return undefined;
    return differ({
      index,
      what: `who signed the ${what}`,
      expected,
      received: received ?? 'nobody: it is no signature',
    });
  }

  function wallet(index: number, what: string, by: Address, digest: Uint8Array, signature: Hex): void {
    if (recover(digest, signature) === by) checked += 1;
    else aside.push({ index, what, wallet: by, digest: toHex(digest), signature });
  }

  function batch(index: number, domain: TypedDomain, nodeId: NodeId, attestation: LeafAttestation) {
    const { leaf, path, count, signature } = attestation;
    const steps = path.map((hash) => fromHex(hash));
    const key = `${nodeId} ${signature} ${toHex(rootOfPath(hashResultLeaf(leaf), steps))} ${count}`;
    if (passed.has(key)) return judge(index, 'results', nodeId, nodeId);
    const signed = verifyLeafAttestation(domain, nodeId, attestation, recover);
    if (!signed) return judge(index, 'results', nodeId, 'somebody else');
    passed.add(key);
    if (passed.size > KEPT) passed.delete(passed.values().next().value as string);
    return judge(index, 'results', nodeId, nodeId);
  }

  function byNode(index: number, domain: TypedDomain, event: ShardEvent): Difference | undefined {
    if (event.type === 'node.joined') {
      if (!isChosen(index)) return void (skipped += 1);
      const { signature, ...consent } = event.consent;
      const signer =
        consent.nodeKey === event.nodeId
          ? recover(hashTypedData(domain, 'Consent', consent), signature)
          : consent.nodeKey;
      return judge(index, 'consent', event.nodeId, signer);
    }
    if (event.type === 'check.answered') {
      if (!isChosen(index)) return void (skipped += 1);
      const { nodeId, workUnitId, answer } = event;
      return judge(index, 'check', nodeId, recoverCheckSigner(domain, nodeId, workUnitId, answer, recover));
    }
    if (event.type !== 'unit.opened') return undefined;
    if (!isChosen(index)) return void (skipped += event.results.length);
    for (const { nodeId, attestation } of event.results) {
      const found = batch(index, domain, nodeId, attestation);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  function byWallet(index: number, domain: TypedDomain, event: ShardEvent, state: ShardState): void {
    if (event.type === 'node.delegated') {
      const { nodeId: nodeKey, payoutAddress, expiry, signature } = event;
      const message = { nodeKey, payoutAddress, scopes: 'rewards', expiry };
      wallet(index, 'delegation', payoutAddress, hashTypedData(domain, 'Delegation', message), signature);
    }
    if (event.type === 'job.posted') {
      const { order, signature } = event;
      wallet(index, 'job order', order.requester, hashTypedData(domain, 'JobOrder', order), signature);
    }
    if (event.type === 'job.controlled') {
      const { jobId, action, nonce, signature } = event;
      const requester = state.jobs.get(jobId)?.order.requester;
      const digest = hashTypedData(domain, 'JobControl', { jobId, action, nonce });
      if (requester !== undefined) wallet(index, `wish to ${action}`, requester, digest, signature);
    }
  }

  return {
    get checked() {
      return checked;
    },
    get skipped() {
      return skipped;
    },
    aside,
    check(index, event, state) {
      const { constants } = state;
      if (constants === undefined || share <= 0) return undefined;
      const domain: TypedDomain = { chainId: constants.chainId, verifyingContract: constants.settlement };
      byWallet(index, domain, event, state);
      return byNode(index, domain, event);
    },
  };
}
