import { concat, fromHex, type Hex, toHex, toUtf8 } from '../base/bytes.ts';
import { sha256 } from '../base/hash.ts';
import type { Hash, NodeId, ResultDigest, WorkUnitId } from '../base/ids.ts';

const SEAL_TAG = toUtf8('reckon:seal:v1');

/** What a node commits to before it shows it. */
export interface SealedResult {
  nodeId: NodeId;
  workUnitId: WorkUnitId;
  resultDigest: ResultDigest;
  /** Root of its chunks; `NO_TRACE` where a kernel has none. */
  traceRoot: Hash;
  /** 16 random bytes of the node, so that a seal over a guessable result cannot be tried out. */
  salt: Hex;
}

/**
 * SHA-256(tag ‖ node ‖ unit ‖ result ‖ trace root ‖ salt), 20 + 32 + 32 + 32 + 16 bytes after the tag. It binds the node
 * to its result and names it, so that nobody gains by copying a seal (the seal of iExec PoCo).
 */
export function sealResult({ nodeId, workUnitId, resultDigest, traceRoot, salt }: SealedResult): Hash {
  const parts = [nodeId, workUnitId, resultDigest, traceRoot, salt].map((part) => fromHex(part));
  return toHex(sha256(concat(SEAL_TAG, ...parts)));
}
