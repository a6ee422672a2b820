import { fromHex } from '@reckon/protocol/base/bytes';
import type { Hash } from '@reckon/protocol/base/ids';
import { verifyMembership } from '@reckon/protocol/base/merkle';
import { hashReceiptLeaf } from '@reckon/protocol/model/receipt';
import { fail, type ResultContext } from './result-context.ts';

/** Root that receipts of each epoch lead to. */
export type ReceiptRoots = ReadonlyMap<number, Hash>;

/** The epochs named by the result's receipts. @throws {ReckonError} RESULT_INVALID when one epoch has two roots. */
export function receiptRoots({ bundle }: ResultContext): ReceiptRoots {
  const roots = new Map<number, Hash>();
  for (const { receipts } of bundle.units) {
    for (const { receipt, receiptsRoot } of receipts) {
      const known = roots.get(receipt.epoch) ?? receiptsRoot;
      if (known !== receiptsRoot)
        fail('receipts', `epoch ${receipt.epoch} has two roots, ${known} and ${receiptsRoot}`);
      roots.set(receipt.epoch, known);
    }
  }
  return roots;
}

/**
 * Every receipt is about an attested result of this job, lies in its epoch's tree, and a unit's rewards stay within its
 * price. Undefined while nothing has been settled.
 */
export function checkReceipts(context: ResultContext): string | undefined {
  const { bundle, stage } = context;
  const roots = receiptRoots(context);
  let count = 0;
  for (const unit of bundle.units) {
    let paid = 0n;
    const nodes = new Set<string>();
    for (const { receipt, path, receiptsRoot } of unit.receipts) {
      const about = `unit ${unit.index}, node ${receipt.nodeId}`;
      if (receipt.jobId !== bundle.jobId || receipt.workUnitId !== unit.workUnitId) {
        fail('receipts', `${about}: the receipt is about unit ${receipt.workUnitId}`);
      }
      const attested = unit.attestations.find(({ nodeId }) => nodeId === receipt.nodeId);
      if (attested === undefined) fail('receipts', `${about}: the node attested nothing here`);
      if (attested?.attestation.leaf.resultDigest !== receipt.resultDigest) {
        fail('receipts', `${about}: the receipt is for ${receipt.resultDigest}, which the node did not attest`);
      }
      if (nodes.has(receipt.nodeId)) fail('receipts', `${about}: it is paid twice`);
      const leaf = hashReceiptLeaf(receipt);
      if (
        !verifyMembership(
          fromHex(receiptsRoot),
          leaf,
          path.map((hash) => fromHex(hash)),
        )
      ) {
        fail('receipts', `${about}: its path does not lead to the root of epoch ${receipt.epoch}`);
      }
      if (receipt.credits > stage.creditsPerUnit) fail('receipts', `${about}: ${receipt.credits} credits are too many`);
      nodes.add(receipt.nodeId);
      paid += receipt.reward;
      count += 1;
    }
    if (paid > stage.pricePerUnit) fail('receipts', `unit ${unit.index} pays ${paid}, more than its price`);
  }
  if (count === 0) return undefined;
  const epochs = [...roots.keys()].sort((a, b) => a - b).join(', ');
  return `${count} receipts lead to the roots of epoch ${epochs}`;
}
