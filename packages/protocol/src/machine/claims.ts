import { toHex } from '../base/bytes.ts';
import type { Address, Hash } from '../base/ids.ts';
import { buildMerkleTree, proveMembership } from '../base/merkle.ts';
import { type CumulativeClaim, hashClaimLeaf } from '../model/claim.ts';
import { hashReceiptLeaf, type WorkReceipt } from '../model/receipt.ts';

/** Claims in the order their tree is built in: by account. */
export function orderClaims(cumulative: ReadonlyMap<Address, bigint>): CumulativeClaim[] {
  return [...cumulative]
    .map(([account, total]) => ({ account, cumulative: total }))
    .sort((a, b) => (a.account < b.account ? -1 : 1));
}

export const claimsRoot = (claims: readonly CumulativeClaim[]): Hash =>
  toHex(buildMerkleTree(claims.map(hashClaimLeaf)).root);

/** The path `Settlement.claim` takes; undefined when the account has no claim. `claims` as `orderClaims` gives them. */
export function claimPath(claims: readonly CumulativeClaim[], account: Address): Hash[] | undefined {
  const index = claims.findIndex((claim) => claim.account === account);
  if (index < 0) return undefined;
  return proveMembership(buildMerkleTree(claims.map(hashClaimLeaf)), index).map(toHex);
}

/** Root over an epoch's receipts, in the order they were earned. */
export const receiptsRoot = (receipts: readonly WorkReceipt[]): Hash =>
  toHex(buildMerkleTree(receipts.map(hashReceiptLeaf)).root);

/** The paths of all receipts of one epoch to its root. */
export function receiptPaths(receipts: readonly WorkReceipt[]): Hash[][] {
  const tree = buildMerkleTree(receipts.map(hashReceiptLeaf));
  return receipts.map((_, index) => proveMembership(tree, index).map(toHex));
}
