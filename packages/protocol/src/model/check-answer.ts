import * as v from 'valibot';
import { concat, fromHex, type Hex, toHex, u32be } from '../base/bytes.ts';
import { sha256 } from '../base/hash.ts';
import { Hash, type NodeId, Signature, type WorkUnitId } from '../base/ids.ts';
import type { NodeSigner, RecoverAddress } from '../base/ports.ts';
import { hashTypedData, type TypedDomain } from '../base/typed-data.ts';
import { Count } from '../base/units.ts';

/** Most chunks in one check. */
export const MAX_CHECK_CHUNKS = 32;

/** What a checker found for one chunk: the SHA-256 of its bytes. */
export const ChunkAnswer = v.strictObject({ index: Count, digest: Hash });
export type ChunkAnswer = v.InferOutput<typeof ChunkAnswer>;

/** A chunk's digest in a result, with its path to the result's chunk root. */
export const ChunkOpening = v.strictObject({ digest: Hash, path: v.pipe(v.array(Hash), v.maxLength(10)) });
export type ChunkOpening = v.InferOutput<typeof ChunkOpening>;

/** "I recomputed these chunks of that unit": signed by the checker, so that a relay cannot put it into its mouth. */
export const CheckAnswer = v.strictObject({
  chunks: v.pipe(v.array(ChunkAnswer), v.minLength(1), v.maxLength(MAX_CHECK_CHUNKS)),
  signature: Signature,
});
export type CheckAnswer = v.InferOutput<typeof CheckAnswer>;

const answersDigest = (chunks: readonly ChunkAnswer[]): Hex =>
  toHex(sha256(concat(...chunks.flatMap(({ index, digest }) => [u32be(index), fromHex(digest)]))));

const digestOf = (domain: TypedDomain, nodeKey: NodeId, workUnitId: WorkUnitId, chunks: readonly ChunkAnswer[]) =>
  hashTypedData(domain, 'CheckAnswer', { nodeKey, workUnitId, answersDigest: answersDigest(chunks) });

export function signCheck(
  domain: TypedDomain,
  signer: NodeSigner,
  workUnitId: WorkUnitId,
  chunks: readonly ChunkAnswer[],
): CheckAnswer {
  return { chunks: [...chunks], signature: signer.sign(digestOf(domain, signer.nodeId, workUnitId, chunks)) };
}

/** Who signed the answer; undefined when the signature is not one. Compare with the node that sent it. */
export const recoverCheckSigner = (
  domain: TypedDomain,
  nodeKey: NodeId,
  workUnitId: WorkUnitId,
  answer: CheckAnswer,
  recover: RecoverAddress,
): Hex | undefined => recover(digestOf(domain, nodeKey, workUnitId, answer.chunks), answer.signature);
