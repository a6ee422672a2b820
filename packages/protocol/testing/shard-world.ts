import { toHex, u32be } from '../src/base/bytes.ts';
import { keccak, sha256 } from '../src/base/hash.ts';
import type { Address, BlobDigest, JobId, KernelDigest, NodeId, Signature } from '../src/base/ids.ts';
import type { Wei } from '../src/base/units.ts';
import type { ShardEventOf } from '../src/journal/entry.ts';
import { CONSENT_TEXT_VERSION } from '../src/model/consent.ts';
import { type JobOrder, jobIdOf } from '../src/model/job-order.ts';
import { type JobSpec, requiredBudget, unitInputDigest } from '../src/model/job-spec.ts';
import type { KernelFacts } from '../src/model/kernel-manifest.ts';
import type { VerificationPolicy } from '../src/model/policy.ts';
import { DEFAULT_TRUST } from '../src/model/trust-constants.ts';
import { secretCommitment } from '../src/trust/beacon.ts';
import type { LeafAttestation } from '../src/model/attestation.ts';
import type { ShardState } from '../src/machine/state.ts';
import { attestationOf, PLAIN_FACTS } from './unit-fixtures.ts';

/** Events for the shard machine with sensible contents. Signatures are placeholders: the shell checks them, not the machine. */

export const KERNEL = { name: 'test-kernel@1.0.0', digest: `0x${'11'.repeat(32)}` as KernelDigest };
const UNSIGNED = `0x${'00'.repeat(65)}` as Signature;

export const address = (seed: number): Address => toHex(keccak(u32be(seed)).slice(0, 20)) as Address;
export const nodeAt = (seed: number): NodeId => toHex(keccak(u32be(seed + 1_000_000)).slice(0, 20)) as NodeId;
export const resultOf = (seed: number): BlobDigest => toHex(sha256(u32be(seed))) as BlobDigest;

/** The secret that draws in an epoch. */
export const secretAt = (epoch: number): Uint8Array => sha256(u32be(epoch + 7_000_000));

export const PLAIN_KERNEL: KernelFacts = PLAIN_FACTS;

export const opened = (over: Partial<ShardEventOf<'shard.opened'>> = {}): ShardEventOf<'shard.opened'> => ({
  type: 'shard.opened',
  at: 0,
  relayId: 'test-relay',
  chainId: 31337,
  settlement: address(1),
  escrow: address(2),
  operator: address(3),
  feeBps: 500,
  graceMs: 10_000,
  trust: { ...DEFAULT_TRUST, holdChecked: 0, recheckShare: 0, warmUp: 0, canaryShare: 0 },
  secretCommitment: toHex(secretCommitment(secretAt(1))),
  ...over,
});

export interface JobOptions {
  units: number;
  policy: VerificationPolicy;
  kernel?: KernelFacts;
  pricePerUnit?: Wei;
  leaseMs?: number;
  salt?: number;
  at?: number;
  expiresAt?: number;
}

export function jobSpec(options: JobOptions): JobSpec {
  return {
    v: 1,
    title: 'A test job',
    requesterLabel: 'Ada',
    stages: [
      {
        kernel: KERNEL,
        policy: options.policy,
        shared: [],
        units: Array.from({ length: options.units }, (_, i) => ({ params: `{"i":${i}}`, blobs: [] })),
        pricePerUnit: options.pricePerUnit ?? 1000n,
        creditsPerUnit: 3,
        leaseMs: options.leaseMs ?? 10_000,
        params: '{}',
      },
    ],
  };
}

export function posted(options: JobOptions): ShardEventOf<'job.posted'> {
  const spec = jobSpec(options);
  const order: JobOrder = {
    requester: address(50),
    specDigest: resultOf(options.salt ?? 0),
    budget: requiredBudget(spec),
    expiresAt: options.expiresAt ?? 1_000_000,
    salt: toHex(sha256(u32be(options.salt ?? 0))),
  };
  return {
    type: 'job.posted',
    at: options.at ?? 1,
    jobId: jobIdOf(order),
    order,
    signature: UNSIGNED,
    spec,
    kernel: options.kernel ?? PLAIN_FACTS,
  };
}

export const funded = (job: ShardEventOf<'job.posted'>, at = 2): ShardEventOf<'job.funded'> => ({
  type: 'job.funded',
  at,
  jobId: job.jobId,
  total: job.order.budget,
  block: 1,
});

export const joined = (nodeId: NodeId, at = 3): ShardEventOf<'node.joined'> => ({
  type: 'node.joined',
  at,
  nodeId,
  kind: 'tab',
  network: null,
  agent: 'test',
  capabilities: {
    backends: ['wasm'],
    device: 'WASM SIMD',
    deviceClass: 'cpu',
    workers: 1,
    memoryMb: 1024,
    kernels: [KERNEL],
  },
  consent: {
    nodeKey: nodeId,
    site: 'self',
    textVersion: CONSENT_TEXT_VERSION,
    grantedAt: 0,
    expiresAt: 86_400,
    signature: UNSIGNED,
  },
});

/** Closes the open epoch. */
export const sealed = (epoch: number, at: number): ShardEventOf<'epoch.sealed'> => ({
  type: 'epoch.sealed',
  at,
  epoch,
  journalRoot: resultOf(999),
  secret: toHex(secretAt(epoch)),
  nextCommitment: toHex(secretCommitment(secretAt(epoch + 1))),
});

/** Links a wallet to a node. */
export const delegated = (nodeId: NodeId, wallet: Address, at = 4): ShardEventOf<'node.delegated'> => ({
  type: 'node.delegated',
  at,
  nodeId,
  payoutAddress: wallet,
  expiry: 99_999_999,
  signature: '0x00',
});

export const asked = (nodeId: NodeId, at: number, slots = 1, draw = 0): ShardEventOf<'node.asked'> => ({
  type: 'node.asked',
  at,
  nodeId,
  slots,
  draw,
});

/** An attestation that names what the shard leased, with the given result. */
export function attest(state: ShardState, jobId: JobId, index: number, resultDigest: BlobDigest): LeafAttestation {
  const job = state.jobs.get(jobId);
  const stage = job?.spec.stages[0];
  const unit = stage?.units[index];
  if (job === undefined || stage === undefined || unit === undefined) throw new Error(`no unit ${index} in ${jobId}`);
  return attestationOf(resultDigest, {
    workUnitId: (job.units[index] as { id: LeafAttestation['leaf']['workUnitId'] }).id,
    kernelDigest: stage.kernel.digest,
    inputDigest: unitInputDigest(stage, unit),
  });
}
