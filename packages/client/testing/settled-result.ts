import { readTile } from '@reckon/kernels/kernels/mandelbrot/params';
import { mandelbrotReference } from '@reckon/kernels/kernels/mandelbrot/reference';
import { kernelRules } from '@reckon/kernels/rules';
import { fromUtf8, toHex } from '@reckon/protocol/base/bytes';
import { hashBlob, hashWorkUnit } from '@reckon/protocol/base/hash';
import type { Address, Hash, WalletSignature } from '@reckon/protocol/base/ids';
import { buildMerkleTree, proveMembership } from '@reckon/protocol/base/merkle';
import { addressOfKey, createKeySigner } from '@reckon/protocol/base/signature';
import { hashTypedData, type TypedDomain } from '@reckon/protocol/base/typed-data';
import { traceRootOf } from '@reckon/node/trace-root';
import { batchTree, type ResultLeaf, signBatch } from '@reckon/protocol/model/attestation';
import { parseJobFile } from '@reckon/protocol/model/job-file';
import { DEFAULT_TRUST } from '@reckon/protocol/model/trust-constants';
import { jobIdOf } from '@reckon/protocol/model/job-order';
import { type StageSpec, type UnitSpec, unitInputDigest } from '@reckon/protocol/model/job-spec';
import { hashReceiptLeaf, type WorkReceipt } from '@reckon/protocol/model/receipt';
import type { ResultBundle } from '@reckon/protocol/wire/http';
import { prepareJob } from '../src/prepare-job.ts';
import { encodeResultFile, RESULT_FILE, type ResultFile, unitFileName } from '../src/result/result-file.ts';

const key = (n: number): Uint8Array => new Uint8Array(32).fill(n);
const address = (n: number): Address => addressOfKey(key(n)) as Address;

export const requesterKey = key(1);
export const domain: TypedDomain = { chainId: 31337, verifyingContract: address(9) };
const nodes = [createKeySigner(key(2)), createKeySigner(key(3))] as const;

export interface SettledResultOptions {
  /** What the second node got instead, as a device that rounds another way would. */
  second?: (result: Uint8Array) => Uint8Array;
  /** The second node recomputed chunks instead, and is paid a quarter of a whole result's share. */
  sampled?: boolean;
  /** The same, although the policy is one vote and knows no checkers. */
  unasked?: boolean;
}

/** A small picture, really computed, attested by two nodes, settled in epoch 1: what an honest relay serves. */
export async function makeSettledResult({
  second = (bytes) => bytes,
  unasked = false,
  sampled = unasked,
}: SettledResultOptions = {}): Promise<{
  files: Map<string, Uint8Array>;
  result: ResultFile;
}> {
  const rules = kernelRules('mandelbrot@1.0.0');
  const jobFile = parseJobFile({
    title: 'A small picture',
    requester: 'Ada',
    stages: [
      {
        kernel: 'mandelbrot@1.0.0',
        params: { width: 48, height: 32, tile: 16, maxIterations: 64 },
        verify: unasked
          ? { kind: 'quorum', quorum: 1, maxReplicas: 3 }
          : sampled
            ? { kind: 'sample', chunks: 4, checkers: 1, maxReplicas: 3 }
            : { kind: 'quorum', quorum: 2, maxReplicas: 3 },
        pricePerUnit: '0.01',
      },
    ],
  });
  const prepared = await prepareJob(jobFile, new Map(), {
    feeBps: 500,
    kernels: [{ name: 'mandelbrot@1.0.0', digest: rules.manifest.digest }],
    token: { symbol: 'tRKN', decimals: 18, test: true },
    trust: DEFAULT_TRUST,
  });
  const stage = prepared.spec.stages[0] as StageSpec;
  const order = {
    requester: address(1),
    specDigest: prepared.specDigest,
    budget: prepared.budget,
    expiresAt: 2_000_000_000,
    salt: hashBlob(key(7)) as Hash,
  };
  const jobId = jobIdOf(order);
  const signature = createKeySigner(requesterKey).sign(hashTypedData(domain, 'JobOrder', order)) as WalletSignature;
  const results = stage.units.map((unit) => new Uint8Array(mandelbrotReference(readTile(unit.params)).buffer));
  const files = new Map<string, Uint8Array>();
  results.forEach((bytes, index) => files.set(unitFileName(index), bytes));
  for (const { name, bytes } of rules.merge(stage.params, results)) files.set(name, bytes);

  const toLeaves = (bytes: readonly Uint8Array[]): ResultLeaf[] =>
    bytes.map((each, index) => ({
      workUnitId: hashWorkUnit(jobId, 0, index),
      kernelDigest: stage.kernel.digest,
      inputDigest: unitInputDigest(stage, stage.units[index] as UnitSpec),
      resultDigest: hashBlob(each),
      traceRoot: traceRootOf(rules.chunks, (stage.units[index] as UnitSpec).params, each),
    }));
  const seconds = results.map(second);
  seconds.forEach((bytes, index) => {
    if (hashBlob(bytes) !== hashBlob(results[index] as Uint8Array))
      files.set(unitFileName(index, hashBlob(bytes)), bytes);
  });
  const leaves = toLeaves(results);
  const batches = [leaves, toLeaves(seconds)] as const;
  const pool = (stage.pricePerUnit * 95n) / 100n;
  const rewards = sampled ? [(pool * 4n) / 5n, pool / 5n] : [pool / 2n, pool / 2n];
  const receipts: WorkReceipt[] = leaves.flatMap(({ workUnitId }, index) =>
    nodes.map(({ nodeId }, n) => {
      const { resultDigest } = leaves[index] as ResultLeaf;
      return { workUnitId, jobId, nodeId, resultDigest, reward: rewards[n] as bigint, credits: 1, epoch: 1 };
    }),
  );
  const receiptTree = buildMerkleTree(receipts.map(hashReceiptLeaf));
  const signed = nodes.map((node, n) => signBatch(domain, node, batches[n] as ResultLeaf[]));
  const trees = batches.map(batchTree);
  const bundle: ResultBundle = {
    v: 1,
    jobId,
    relayId: 'relay',
    chainId: domain.chainId,
    contracts: { token: address(10), escrow: address(11), settlement: domain.verifyingContract },
    order: { order, signature },
    specDigest: prepared.specDigest,
    status: 'completed',
    units: leaves.map((leaf, index) => ({
      index,
      workUnitId: leaf.workUnitId,
      status: 'accepted',
      canonical: leaf.resultDigest,
      verdict: sampled && !unasked ? { by: 'sample', bound: 0.7 } : { by: 'vote', bound: 1 },
      attestations: nodes.slice(0, sampled ? 1 : 2).map(({ nodeId }, n) => ({
        nodeId,
        attestation: {
          leaf: (batches[n] as ResultLeaf[])[index] as ResultLeaf,
          path: proveMembership(trees[n] as (typeof trees)[number], index).map((hash) => toHex(hash)),
          count: leaves.length,
          signature: (signed[n] as (typeof signed)[number]).signature,
        },
      })),
      receipts: nodes.map((_, n) => {
        const at = index * nodes.length + n;
        return {
          receipt: receipts[at] as WorkReceipt,
          path: proveMembership(receiptTree, at).map((hash) => toHex(hash)),
          receiptsRoot: toHex(receiptTree.root),
          tx: hashBlob(key(8)),
        };
      }),
    })),
  };
  const outputs = [...files].filter(([name]) => !name.startsWith('units/'));
  const result: ResultFile = {
    v: 1,
    relay: 'http://127.0.0.1:4280',
    spec: fromUtf8(prepared.specBytes),
    bundle,
    files: outputs.map(([name, bytes]) => ({ name, digest: hashBlob(bytes), size: bytes.length })),
  };
  files.set(RESULT_FILE, encodeResultFile(result));
  return { files, result };
}
