import type { JobSummary, ResultBundle, UnitCells, UnitDetail } from '@reckon/protocol/wire/http';
import { config, hex, id, now, RKN } from './sample-data.ts';

/** Sample answers about the units of the sample jobs. */
export function cellsOf(job: JobSummary): UnitCells {
  const { total, accepted, failed, issued } = job.units;
  const cells = Array.from({ length: total }, (_, index): UnitCells['cells'][number] => {
    // Units are given out in order, and finish nearly so.
    const wobble = (index * 7919) % 23;
    if (failed > 0 && index === accepted - 9 * failed)
      return { status: 'failed', leased: 0, revealed: 5, progress: 0, digest: null };
    if (index < accepted + failed - 4)
      return {
        status: 'accepted',
        leased: 0,
        revealed: job.policy.kind === 'quorum' ? 2 : 1,
        progress: 1,
        digest: id(index + 9000, 32),
      };
    if (index < accepted + failed + issued) {
      return wobble < 6
        ? { status: 'issued', leased: 0, revealed: 0, progress: 0, digest: null }
        : { status: 'issued', leased: 1, revealed: 0, progress: wobble / 23, digest: null };
    }
    return { status: 'pending', leased: 0, revealed: 0, progress: 0, digest: null };
  });
  return { jobId: job.jobId, cells };
}

const replica = (seed: number, index: number, after: number): UnitDetail['replicas'][number] => ({
  nodeId: id(seed, 20),
  kind: seed === 302 ? 'house' : 'tab',
  device: 'WASM SIMD',
  status: 'agreed',
  resultDigest: id(index + 9000, 32),
  leasedAt: now - 9000,
  revealedAt: now - 9000 + after,
  reward: RKN / 210n,
  reason: null,
  canary: false,
});
const wrong = { status: 'disagreed', resultDigest: id<UnitCells['jobId']>(7, 32) as never, reward: 0n } as const;

/** How each policy of the sample jobs has verified its units. */
function verdictOf(job: JobSummary, index: number): Pick<UnitDetail, 'verdict' | 'replicas' | 'checks'> {
  const first = replica(301, index, 1800);
  switch (job.policy.kind) {
    case 'certificate':
      return {
        verdict: { by: 'certificate', bound: 2 ** -63 },
        replicas: [first, { ...replica(303, index, 4100), ...wrong, reason: 'CERTIFICATE_REJECTED' }],
        checks: [],
      };
    case 'sample': {
      const check = (seed: number, from: number): UnitDetail['checks'][number] => ({
        checker: id(seed, 20),
        subject: first.nodeId,
        chunks: Array.from({ length: 16 }, (_, k) => (k * 10 + from) % 160),
        status: 'passed',
        reward: RKN / 2100n,
      });
      return { verdict: { by: 'sample', bound: 0.051 }, replicas: [first], checks: [check(302, 3), check(304, 8)] };
    }
    case 'audit':
      return index % 3 === 0
        ? { verdict: { by: 'audit', bound: 0.000_8 }, replicas: [first, replica(302, index, 1000)], checks: [] }
        : { verdict: { by: 'credibility', bound: 0.000_9 }, replicas: [first], checks: [] };
    case 'quorum':
      return {
        verdict: { by: 'vote', bound: 1 },
        replicas: [
          first,
          replica(302, index, 1000),
          { ...replica(303, index, 4100), ...wrong, reason: 'RESULT_OUTVOTED' },
        ],
        checks: [],
      };
  }
}

/** Of an undecided unit nothing is told. */
export function unitOf(job: JobSummary, index: number): UnitDetail {
  const status = cellsOf(job).cells[index]?.status ?? 'pending';
  const accepted = status === 'accepted';
  const failed = job.policy.kind === 'quorum' ? 'no-quorum' : 'CHUNK_WRONG';
  const nothing = {
    verdict: null,
    replicas: status === 'failed' ? [{ ...replica(303, index, 4100), ...wrong, reason: failed }] : [],
    checks: [],
  };
  return {
    jobId: job.jobId,
    workUnitId: id(index + 4000, 32),
    index,
    status,
    params: JSON.stringify({
      ...{ x: 320, y: 160, width: 160, height: 160, totalWidth: 960, totalHeight: 640 },
      ...{ left: -0.75, top: 0.13, step: 1.25e-5, maxIterations: 3000 },
    }),
    canonical: accepted ? id(index + 9000, 32) : null,
    ...(accepted ? verdictOf(job, index) : nothing),
  };
}

/** A bundle whose signatures are made up: the page must say that they fail. */
export const bundleOf = (job: JobSummary): ResultBundle => ({
  v: 1,
  jobId: job.jobId,
  relayId: config.relayId,
  chainId: config.chainId,
  contracts: config.contracts,
  order: {
    order: {
      requester: job.requester,
      specDigest: id(600, 32),
      budget: job.budget,
      expiresAt: Math.floor(job.expiresAt / 1000),
      salt: hex(601, 32),
    },
    signature: hex(602, 65),
  },
  specDigest: id(600, 32),
  status: job.status,
  units: Array.from({ length: job.units.accepted }, (_, index) => ({
    index,
    workUnitId: id(index + 4000, 32),
    status: 'accepted' as const,
    canonical: id<UnitCells['jobId']>(index + 9000, 32) as never,
    verdict: verdictOf(job, index).verdict,
    attestations: [],
    receipts: [301, 302].map((seed) => ({
      receipt: {
        workUnitId: id(index + 4000, 32),
        jobId: job.jobId,
        nodeId: id(seed, 20),
        resultDigest: id(index + 9000, 32),
        reward: RKN / 210n,
        credits: 30,
        epoch: 128,
      },
      path: [hex(610, 32), hex(611, 32), hex(612, 32)],
      receiptsRoot: hex(420, 32),
      tx: hex(460, 32),
    })),
  })),
});
