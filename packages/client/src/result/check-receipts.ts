import { fromHex } from '@reckon/protocol/base/bytes';
import type { Hash, NodeId } from '@reckon/protocol/base/ids';
import { verifyMembership } from '@reckon/protocol/base/merkle';
import { hashReceiptLeaf } from '@reckon/protocol/model/receipt';
import type { ResultBundle } from '@reckon/protocol/wire/http';
import { fail, type ResultContext } from './result-context.ts';

type Unit = ResultBundle['units'][number];

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

/** Nodes that are paid for a unit without a result of it: they recomputed chunks of another's. */
const mayHaveCheckers = ({ stage: { policy } }: ResultContext): boolean =>
  policy.kind === 'sample' || (policy.kind === 'audit' && policy.sample !== undefined);

/**
 * Every receipt is for the accepted result, by a node that attested it or, under a policy with samples, checked it; it lies
 * in its epoch's tree. A unit's rewards are its price less the same fee for all. Undefined while nothing has been settled.
 */
export function checkReceipts(context: ResultContext): string | undefined {
  const { stage } = context;
  const roots = receiptRoots(context);
  let count = 0;
  let checkers = 0;
  let fee: bigint | undefined;
  for (const unit of context.bundle.units) {
    if (unit.receipts.length === 0) continue;
    const attested = new Set(unit.attestations.map(({ nodeId }) => nodeId));
    let paid = 0n;
    const nodes = new Set<NodeId>();
    for (const settled of unit.receipts) {
      const { nodeId, reward } = settled.receipt;
      const about = `unit ${unit.index}, node ${nodeId}`;
      checkReceipt(context, unit, settled, about);
      if (nodes.has(nodeId)) fail('receipts', `${about}: it is paid twice`);
      if (!attested.has(nodeId) && !mayHaveCheckers(context))
        fail('receipts', `${about}: the node attested nothing here`);
      if (!attested.has(nodeId)) checkers += 1;
      nodes.add(nodeId);
      paid += reward;
      count += 1;
    }
    const unpaid = [...attested].find((nodeId) => !nodes.has(nodeId));
    if (unpaid !== undefined)
      fail('receipts', `unit ${unit.index}: node ${unpaid} attested its result and is not paid`);
    if (paid > stage.pricePerUnit) fail('receipts', `unit ${unit.index} pays ${paid}, more than its price`);
    const kept = stage.pricePerUnit - paid;
    fee ??= kept;
    if (kept !== fee) fail('receipts', `unit ${unit.index} leaves a fee of ${kept}, others leave ${fee}`);
  }
  if (count === 0) return undefined;
  const epochs = [...roots.keys()].sort((a, b) => a - b).join(', ');
  const checks = checkers === 0 ? '' : `, ${checkers} of them for checks,`;
  return `${count} receipts${checks} lead to the roots of epoch ${epochs} and pay each unit’s price less the fee`;
}

function checkReceipt(
  { bundle, stage }: ResultContext,
  unit: Unit,
  { receipt, path, receiptsRoot }: Unit['receipts'][number],
  about: string,
): void {
  if (receipt.jobId !== bundle.jobId || receipt.workUnitId !== unit.workUnitId) {
    fail('receipts', `${about}: the receipt is about unit ${receipt.workUnitId}`);
  }
  if (receipt.resultDigest !== unit.canonical) {
    fail('receipts', `${about}: the receipt is for ${receipt.resultDigest}, which was not accepted`);
  }
  const hashes = path.map((hash) => fromHex(hash));
  if (!verifyMembership(fromHex(receiptsRoot), hashReceiptLeaf(receipt), hashes)) {
    fail('receipts', `${about}: its path does not lead to the root of epoch ${receipt.epoch}`);
  }
  if (receipt.credits > stage.creditsPerUnit) fail('receipts', `${about}: ${receipt.credits} credits are too many`);
}
