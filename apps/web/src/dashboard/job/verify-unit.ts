import { createChainReader } from '@reckon/client/chain/relay-chain';
import { relayDomain } from '@reckon/client/chain/sign-order';
import type { RelayClient } from '@reckon/client/relay-client';
import { settlementAbi } from '@reckon/contracts/abi/settlement';
import { fromHex } from '@reckon/protocol/base/bytes';
import { hashBlob } from '@reckon/protocol/base/hash';
import { verifyMembership } from '@reckon/protocol/base/merkle';
import { recoverAddress } from '@reckon/protocol/base/signature';
import { verifyLeafAttestation } from '@reckon/protocol/model/attestation';
import { hashReceiptLeaf } from '@reckon/protocol/model/receipt';
import type { RelayConfig, ResultBundle } from '@reckon/protocol/wire/http';

/** One act of checking, done here, in words. `open`: not settled yet. */
export interface UnitCheck {
  name: string;
  status: 'ok' | 'failed' | 'open';
  words: string;
}

type BundleUnit = ResultBundle['units'][number];

/** Works out again, in this browser, everything the network says of one accepted unit. */
export async function verifyUnit(
  relay: RelayClient,
  config: RelayConfig,
  bundle: ResultBundle,
  index: number,
): Promise<UnitCheck[]> {
  const unit = bundle.units.find((candidate) => candidate.index === index);
  if (unit === undefined || unit.canonical === null) {
    return [{ name: 'Result', status: 'open', words: 'this unit has no accepted result yet' }];
  }
  const bytes = await relay.downloadBlob(unit.canonical);
  const digest = hashBlob(bytes);
  return [
    digest === unit.canonical
      ? { name: 'Result', status: 'ok', words: `${bytes.length} bytes were fetched and hash to the digest` }
      : { name: 'Result', status: 'failed', words: `the bytes hash to ${digest}` },
    checkAttestations(bundle, unit),
    checkPaths(unit),
    await checkChain(config, unit),
  ];
}

/** Every attesting node signed exactly this unit. */
export function checkAttestations(bundle: Pick<ResultBundle, 'chainId' | 'contracts'>, unit: BundleUnit): UnitCheck {
  const name = 'Signatures';
  const domain = relayDomain(bundle);
  const wrong = unit.attestations.find(
    ({ nodeId, attestation }) =>
      attestation.leaf.workUnitId !== unit.workUnitId ||
      !verifyLeafAttestation(domain, nodeId, attestation, recoverAddress),
  );
  if (wrong !== undefined) return { name, status: 'failed', words: `node ${wrong.nodeId} did not sign this result` };
  const nodes = new Set(unit.attestations.map(({ nodeId }) => nodeId)).size;
  return nodes === 0
    ? { name, status: 'failed', words: 'no node attested this result' }
    : { name, status: 'ok', words: `${nodes} ${nodes === 1 ? 'node' : 'different nodes'} signed this result` };
}

/** Every receipt lies in the tree whose root its epoch posted. */
export function checkPaths(unit: BundleUnit): UnitCheck {
  const name = 'Receipts';
  if (unit.receipts.length === 0) return { name, status: 'open', words: 'its epoch is not sealed yet' };
  const wrong = unit.receipts.find(
    ({ receipt, path, receiptsRoot }) =>
      !verifyMembership(
        fromHex(receiptsRoot),
        hashReceiptLeaf(receipt),
        path.map((hash) => fromHex(hash)),
      ),
  );
  return wrong === undefined
    ? { name, status: 'ok', words: `${unit.receipts.length} Merkle paths lead to the epoch's root` }
    : { name, status: 'failed', words: `the receipt of ${wrong.receipt.nodeId} is not in its epoch's tree` };
}

async function checkChain(config: RelayConfig, unit: BundleUnit): Promise<UnitCheck> {
  const name = 'Settlement';
  const posted = unit.receipts.filter((receipt) => receipt.tx !== null);
  if (posted.length === 0) return { name, status: 'open', words: 'its epoch is not posted on the chain yet' };
  const chain = createChainReader(config, location.origin);
  for (const { receipt, receiptsRoot } of posted) {
    const [, root] = await chain.readContract({
      address: config.contracts.settlement,
      abi: settlementAbi,
      functionName: 'epochs',
      args: [BigInt(receipt.epoch)],
    });
    if (root.toLowerCase() !== receiptsRoot) {
      return { name, status: 'failed', words: `the contract holds another root for epoch ${receipt.epoch}: ${root}` };
    }
  }
  return { name, status: 'ok', words: 'the contract holds the same root' };
}
