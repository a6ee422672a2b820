import { toHex } from '@reckon/protocol/base/bytes';
import type { Address, JobId, NodeId } from '@reckon/protocol/base/ids';
import { buildMerkleTree, type MerkleTree, proveMembership } from '@reckon/protocol/base/merkle';
import {
  hashDomain,
  hashStruct,
  hashTypedData,
  type StructMessage,
  type StructName,
} from '@reckon/protocol/base/typed-data';
import { hashResultLeaf } from '@reckon/protocol/model/attestation';
import { hashClaimLeaf } from '@reckon/protocol/model/claim';
import { jobIdOf } from '@reckon/protocol/model/job-order';
import { hashReceiptLeaf } from '@reckon/protocol/model/receipt';
import { drawWord, drawAddress } from './vector-words.ts';
import { jobOrders, typedDomains, typedMessages } from './vector-inputs.ts';

/** The shared vectors, made by the TypeScript of packages/protocol. Big numbers are decimal strings. */

function renderStruct<N extends StructName>(name: N, messages: readonly StructMessage<N>[]) {
  return messages.map((message) => ({
    message,
    structHash: toHex(hashStruct(name, message)),
    /** One digest for each of the file's domains. */
    digests: typedDomains.map((domain) => toHex(hashTypedData(domain, name, message))),
  }));
}

export function makeTypedDataVectors() {
  return {
    domains: typedDomains.map((domain) => ({ ...domain, separator: toHex(hashDomain(domain)) })),
    structs: {
      JobOrder: renderStruct('JobOrder', typedMessages.JobOrder),
      JobControl: renderStruct('JobControl', typedMessages.JobControl),
      Delegation: renderStruct('Delegation', typedMessages.Delegation),
      Consent: renderStruct('Consent', typedMessages.Consent),
      NodeHello: renderStruct('NodeHello', typedMessages.NodeHello),
      BatchAttestation: renderStruct('BatchAttestation', typedMessages.BatchAttestation),
      CheckAnswer: renderStruct('CheckAnswer', typedMessages.CheckAnswer),
      ConformanceReport: renderStruct('ConformanceReport', typedMessages.ConformanceReport),
    },
  };
}

const pathsOf = (tree: MerkleTree, size: number) =>
  Array.from({ length: size }, (_, index) => proveMembership(tree, index).map(toHex));

export function makeMerkleVectors() {
  const trees = [1, 2, 3, 4, 5, 7, 8, 33].map((size) => {
    const leaves = Array.from({ length: size }, (_, index) => drawWord(`leaf ${size} ${index}`));
    const tree = buildMerkleTree(leaves);
    return { leaves: leaves.map(toHex), root: toHex(tree.root), paths: pathsOf(tree, size) };
  });
  const claims = [0n, 1n, 2n ** 256n - 1n].map((cumulative, index) => {
    const claim = { account: drawAddress(`claim ${index}`) as Address, cumulative };
    return { ...claim, leaf: toHex(hashClaimLeaf(claim)) };
  });
  const receipts = [0n, 10n ** 18n].map((reward, index) => {
    const receipt = {
      workUnitId: toHex(drawWord(`unit ${index}`)),
      jobId: toHex(drawWord(`job ${index}`)),
      nodeId: drawAddress(`node ${index}`),
      resultDigest: toHex(drawWord(`result ${index}`)),
      reward,
      epoch: index + 1,
    };
    // Ids are branded by parsing; these are drawn.
    const leaf = hashReceiptLeaf({ ...receipt, credits: 0 } as Parameters<typeof hashReceiptLeaf>[0]);
    return { ...receipt, leaf: toHex(leaf) };
  });
  const results = [0, 1].map((index) => {
    const leaf = {
      workUnitId: toHex(drawWord(`unit ${index}`)),
      kernelDigest: toHex(drawWord(`kernel ${index}`)),
      inputDigest: toHex(drawWord(`input ${index}`)),
      resultDigest: toHex(drawWord(`result ${index}`)),
      traceRoot: index === 0 ? toHex(new Uint8Array(32)) : toHex(drawWord(`trace ${index}`)),
    };
    return { ...leaf, leaf: toHex(hashResultLeaf(leaf as Parameters<typeof hashResultLeaf>[0])) };
  });
  return { trees, claims, receipts, results };
}

/** Two epochs over two jobs and three accounts: what is charged, what each account may claim, what returns. */
export function makeSettlementVectors() {
  const [first, second] = jobOrders.map((order) => ({ order, jobId: jobIdOf(order) })) as [
    { order: (typeof jobOrders)[0]; jobId: JobId },
    { order: (typeof jobOrders)[0]; jobId: JobId },
  ];
  const accounts = ['one', 'two', 'three'].map((name) => drawAddress(`account ${name}`)) as Address[];
  const epochs = [
    {
      epoch: 1,
      charges: [{ jobId: first.jobId, amount: 300n, closing: false }],
      earned: [100n, 200n, 0n],
    },
    {
      epoch: 2,
      charges: [
        { jobId: first.jobId, amount: 250n, closing: true },
        { jobId: second.jobId, amount: 450n, closing: false },
      ],
      earned: [100n, 500n, 399n],
    },
  ].map(({ epoch, charges, earned }) => {
    const claims = accounts.flatMap((account, index) => {
      const cumulative = earned[index] as bigint;
      return cumulative === 0n ? [] : [{ account, cumulative }];
    });
    const tree = buildMerkleTree(claims.map(hashClaimLeaf));
    const receipts = claims.map(({ account, cumulative }, index) =>
      hashReceiptLeaf({
        workUnitId: toHex(drawWord(`receipt unit ${epoch} ${index}`)),
        jobId: first.jobId,
        nodeId: account as string as NodeId,
        resultDigest: toHex(drawWord(`receipt result ${epoch} ${index}`)),
        reward: cumulative,
        credits: 0,
        epoch,
      } as Parameters<typeof hashReceiptLeaf>[0]),
    );
    const paths = pathsOf(tree, claims.length);
    return {
      epoch,
      claimsRoot: toHex(tree.root),
      receiptsRoot: toHex(buildMerkleTree(receipts).root),
      journalRoot: toHex(drawWord(`journal ${epoch}`)),
      totalCumulative: claims.reduce((sum, claim) => sum + claim.cumulative, 0n),
      charges,
      claims: claims.map((claim, index) => ({ ...claim, path: paths[index] })),
    };
  });
  return {
    jobs: [
      { ...first, funded: 1000n, remainderReturned: 450n },
      { ...second, funded: 500n, remainderReturned: 0n },
    ],
    epochs,
  };
}
