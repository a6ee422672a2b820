import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytes, resultLeaf } from '../../testing/arbitraries.ts';
import { toHex } from '../base/bytes.ts';
import type { Address } from '../base/ids.ts';
import { proveMembership } from '../base/merkle.ts';
import { createKeySigner, recoverAddress } from '../base/signature.ts';
import {
  batchTree,
  type LeafAttestation,
  MAX_BATCH,
  type ResultLeaf,
  recoverBatchSigner,
  signBatch,
  verifyLeafAttestation,
} from './attestation.ts';

const DOMAIN = { chainId: 31337, verifyingContract: `0x${'ab'.repeat(20)}` as Address };
const signer = createKeySigner(new Uint8Array(32).fill(5));
const other = createKeySigner(new Uint8Array(32).fill(6));
const batches = fc.array(resultLeaf, { minLength: 1, maxLength: MAX_BATCH });

function openLeaf(leaves: readonly ResultLeaf[], index: number): LeafAttestation {
  const { signature } = signBatch(DOMAIN, signer, leaves);
  const path = proveMembership(batchTree(leaves), index).map(toHex);
  return { leaf: leaves[index] as ResultLeaf, path, count: leaves.length, signature };
}

test('a batch is by the node that signed it, and every leaf can be shown alone', () => {
  fc.assert(
    fc.property(batches, fc.nat(), (leaves, pick) => {
      const batch = signBatch(DOMAIN, signer, leaves);
      expect(recoverBatchSigner(DOMAIN, signer.nodeId, batch, recoverAddress)).toBe(signer.nodeId);
      const shown = openLeaf(leaves, pick % leaves.length);
      expect(verifyLeafAttestation(DOMAIN, signer.nodeId, shown, recoverAddress)).toBe(true);
    }),
    { numRuns: 25 },
  );
});

test('no field of a shown leaf can be changed, nor who made it, nor where it counts', () => {
  fc.assert(
    fc.property(batches, fc.nat(), bytes(32), (leaves, pick, noise) => {
      const shown = openLeaf(leaves, pick % leaves.length);
      const field = (['workUnitId', 'kernelDigest', 'inputDigest', 'resultDigest', 'traceRoot'] as const)[pick % 5];
      const forged = { ...shown, leaf: { ...shown.leaf, [field as string]: toHex(noise) } };
      expect(verifyLeafAttestation(DOMAIN, signer.nodeId, forged, recoverAddress)).toBe(false);
      expect(verifyLeafAttestation(DOMAIN, other.nodeId, shown, recoverAddress)).toBe(false);
      const elsewhere = { ...DOMAIN, chainId: 1 };
      expect(verifyLeafAttestation(elsewhere, signer.nodeId, shown, recoverAddress)).toBe(false);
      const miscounted = { ...shown, count: shown.count === 1 ? 2 : shown.count - 1 };
      expect(verifyLeafAttestation(DOMAIN, signer.nodeId, miscounted, recoverAddress)).toBe(false);
    }),
    { numRuns: 15 },
  );
});
