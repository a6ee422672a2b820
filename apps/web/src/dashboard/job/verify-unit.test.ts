import { relayDomain } from '@reckon/client/chain/sign-order';
import { toHex } from '@reckon/protocol/base/bytes';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { Address, Hash, JobId, KernelDigest, WorkUnitId } from '@reckon/protocol/base/ids';
import { buildMerkleTree, proveMembership } from '@reckon/protocol/base/merkle';
import { createKeySigner } from '@reckon/protocol/base/signature';
import { batchTree, NO_TRACE, signBatch } from '@reckon/protocol/model/attestation';
import { hashReceiptLeaf, type WorkReceipt } from '@reckon/protocol/model/receipt';
import type { ResultBundle } from '@reckon/protocol/wire/http';
import { expect, test } from 'vitest';
import { checkAttestations, checkPaths } from './verify-unit.ts';

const word = (byte: string): Hash => `0x${byte.repeat(32)}`;
const address = (byte: string): Address => `0x${byte.repeat(20)}` as Address;
const contracts = { token: address('01'), escrow: address('02'), settlement: address('03') };
const head = { chainId: 31337, contracts };
const signers = ['11', '22'].map((byte) => createKeySigner(new Uint8Array(32).fill(Number.parseInt(byte, 16))));
const result = hashBlob(new Uint8Array([1, 2, 3]));
const workUnitId = word('aa') as WorkUnitId;

function unit(): ResultBundle['units'][number] {
  const leaf = {
    workUnitId,
    kernelDigest: word('bb') as KernelDigest,
    inputDigest: word('cc'),
    resultDigest: result,
    traceRoot: NO_TRACE,
  };
  const attestations = signers.map((signer) => {
    const batch = signBatch(relayDomain(head), signer, [leaf]);
    const path = proveMembership(batchTree([leaf]), 0).map((hash) => toHex(hash));
    return { nodeId: signer.nodeId, attestation: { leaf, path, count: 1, signature: batch.signature } };
  });
  const receipts = signers.map(
    (signer): WorkReceipt => ({
      workUnitId,
      jobId: word('dd') as JobId,
      nodeId: signer.nodeId,
      resultDigest: result,
      reward: 5n,
      credits: 1,
      epoch: 3,
    }),
  );
  const tree = buildMerkleTree(receipts.map(hashReceiptLeaf));
  return {
    index: 0,
    workUnitId,
    status: 'accepted',
    canonical: result,
    verdict: { by: 'vote', bound: 1 },
    attestations,
    receipts: receipts.map((receipt, index) => ({
      receipt,
      path: proveMembership(tree, index).map((hash) => toHex(hash)),
      receiptsRoot: toHex(tree.root),
      tx: null,
    })),
  };
}

test('an honest unit passes: its nodes signed it and its receipts lie in the tree', () => {
  expect(checkAttestations(head, unit())).toMatchObject({
    status: 'ok',
    words: '2 different nodes signed this result',
  });
  expect(checkPaths(unit())).toMatchObject({ status: 'ok' });
});

test('a signature by another node, or over another unit, fails', () => {
  const swapped = unit();
  swapped.attestations = swapped.attestations.map((each) => ({ ...each, nodeId: signers[0]!.nodeId }));
  expect(checkAttestations(head, swapped).status).toBe('failed');
  expect(checkAttestations(head, { ...unit(), workUnitId: word('ee') as WorkUnitId }).status).toBe('failed');
  expect(checkAttestations(head, { ...unit(), attestations: [] }).status).toBe('failed');
});

test('a receipt that was changed is not in its tree', () => {
  const changed = unit();
  changed.receipts = changed.receipts.map((each) => ({ ...each, receipt: { ...each.receipt, reward: 6n } }));
  expect(checkPaths(changed).status).toBe('failed');
});

test('a unit whose epoch is not sealed is open, not wrong', () => {
  expect(checkPaths({ ...unit(), receipts: [] }).status).toBe('open');
});
