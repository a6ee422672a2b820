import * as v from 'valibot';
import { concat, fromHex, padWord, word } from '../base/bytes.ts';
import { JobId, NodeId, ResultDigest, WorkUnitId } from '../base/ids.ts';
import { hashLeaf } from '../base/merkle.ts';
import { Count, Credits, Wei } from '../base/units.ts';

/** The network's statement: this node earned this for that accepted unit, in this epoch. */
export const WorkReceipt = v.strictObject({
  workUnitId: WorkUnitId,
  jobId: JobId,
  nodeId: NodeId,
  resultDigest: ResultDigest,
  reward: Wei,
  credits: Credits,
  epoch: Count,
});
export type WorkReceipt = v.InferOutput<typeof WorkReceipt>;

/** abi.encode(bytes32 workUnitId, bytes32 jobId, address nodeKey, bytes32 resultDigest, uint256 reward, uint64 epoch), hashed twice. */
export function hashReceiptLeaf(receipt: WorkReceipt): Uint8Array {
  return hashLeaf(
    concat(
      fromHex(receipt.workUnitId),
      fromHex(receipt.jobId),
      padWord(receipt.nodeId),
      fromHex(receipt.resultDigest),
      word(receipt.reward),
      word(receipt.epoch),
    ),
  );
}
