import * as v from 'valibot';
import { concat, fromHex, type Hex, toHex } from '../base/bytes.ts';
import { Hash, KernelDigest, type NodeId, ResultDigest, Signature, WorkUnitId } from '../base/ids.ts';
import { buildMerkleTree, hashLeaf, type MerkleTree, rootOfPath } from '../base/merkle.ts';
import type { NodeSigner, RecoverAddress } from '../base/ports.ts';
import { hashTypedData, type TypedDomain } from '../base/typed-data.ts';

/** "I ran this kernel on this input and got this": one leaf of a batch. `traceRoot` is zero where a kernel has no trace. */
export const ResultLeaf = v.strictObject({
  workUnitId: WorkUnitId,
  kernelDigest: KernelDigest,
  inputDigest: Hash,
  resultDigest: ResultDigest,
  traceRoot: Hash,
});
export type ResultLeaf = v.InferOutput<typeof ResultLeaf>;

/** 16 random bytes that keep a seal of a guessable result from being guessed. */
export const Salt = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-f]{32}$/, '0x and 32 hex digits'),
  v.transform((text) => text as Hex),
);
export type Salt = v.InferOutput<typeof Salt>;

export const NO_TRACE: Hash = `0x${'00'.repeat(32)}`;
export const MAX_BATCH = 32;

/** abi.encode of the leaf's five words, hashed twice. */
export function hashResultLeaf(leaf: ResultLeaf): Uint8Array {
  const words = [leaf.workUnitId, leaf.kernelDigest, leaf.inputDigest, leaf.resultDigest, leaf.traceRoot];
  return hashLeaf(concat(...words.map((word) => fromHex(word))));
}

/** One EIP-712 signature over the Merkle root of up to 32 results. */
export const BatchAttestation = v.strictObject({
  leaves: v.pipe(v.array(ResultLeaf), v.minLength(1), v.maxLength(MAX_BATCH)),
  signature: Signature,
});
export type BatchAttestation = v.InferOutput<typeof BatchAttestation>;

/** One leaf with its path: what is kept of a batch for each replica, and shown to a stranger. */
export const LeafAttestation = v.strictObject({
  leaf: ResultLeaf,
  path: v.pipe(v.array(Hash), v.maxLength(8)),
  count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_BATCH)),
  signature: Signature,
});
export type LeafAttestation = v.InferOutput<typeof LeafAttestation>;

export const batchTree = (leaves: readonly ResultLeaf[]): MerkleTree => buildMerkleTree(leaves.map(hashResultLeaf));

const digestOf = (domain: TypedDomain, nodeKey: NodeId, leavesRoot: Hex, count: number): Uint8Array =>
  hashTypedData(domain, 'BatchAttestation', { nodeKey, leavesRoot, count });

export function signBatch(domain: TypedDomain, signer: NodeSigner, leaves: readonly ResultLeaf[]): BatchAttestation {
  const root = toHex(batchTree(leaves).root);
  return { leaves: [...leaves], signature: signer.sign(digestOf(domain, signer.nodeId, root, leaves.length)) };
}

/** Who signed the batch; undefined when the signature is not one. Compare with the node that sent it. */
export function recoverBatchSigner(
  domain: TypedDomain,
  nodeKey: NodeId,
  batch: BatchAttestation,
  recover: RecoverAddress,
): Hex | undefined {
  const root = toHex(batchTree(batch.leaves).root);
  return recover(digestOf(domain, nodeKey, root, batch.leaves.length), batch.signature);
}

/** Whether `nodeKey` signed a batch that holds exactly this leaf. */
export function verifyLeafAttestation(
  domain: TypedDomain,
  nodeKey: NodeId,
  attestation: LeafAttestation,
  recover: RecoverAddress,
): boolean {
  const { leaf, path, count, signature } = attestation;
  const root = rootOfPath(
    hashResultLeaf(leaf),
    path.map((hash) => fromHex(hash)),
  );
  return recover(digestOf(domain, nodeKey, toHex(root), count), signature) === nodeKey;
}
