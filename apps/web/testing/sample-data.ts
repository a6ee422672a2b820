import { manifests } from '@reckon/kernels/manifests';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { JobSummary, RelayConfig, ResultBundle, UnitCells, UnitDetail } from '@reckon/protocol/wire/http';

/** Sample answers of a busy relay, for looking at pages without one. Never in the product. */
export const RKN = 10n ** 18n;
export const now = Date.now();
export const hex = (seed: number, bytes: number): `0x${string}` => {
  let state = seed * 2654435761 + 12345;
  let text = '0x';
  for (let i = 0; i < bytes; i++) {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    text += ((state >> 16) & 0xff).toString(16).padStart(2, '0');
  }
  return text as `0x${string}`;
};
// Branded ids are made by schemas; sample ones are of the same form.
const id = <T>(seed: number, bytes: number): T => hex(seed, bytes) as T;

export const config: RelayConfig = {
  relayId: 'reckon-fixture',
  protocol: 1,
  chainId: 31337,
  contracts: { token: id(1, 20), escrow: id(2, 20), settlement: id(3, 20) },
  token: { symbol: 'tRKN', decimals: 18, test: true },
  operator: id(4, 20),
  feeBps: 500,
  rpcPath: '/rpc',
  faucet: true,
  signalling: { path: '/peer', relayPeerId: 'relay' },
  webSocketPath: '/ws',
  log: {
    origin: 'reckon-fixture/log',
    key: 'reckon-fixture/log+cef4572f+AVYLceLdVJhoSfZHsqB/zkNgCs2OafJmcIbmN7xXB/DP',
    path: '/log',
  },
  heartbeatMs: 5000,
  epochMs: 60_000,
  embedOrigin: 'http://127.0.0.1:4281',
  kernels: manifests.map((manifest) => ({ name: kernelName(manifest), digest: manifest.digest })),
  consentTextVersion: '2026-11',
};

interface Plan {
  title: string;
  label: string;
  kernel: string;
  total: number;
  done: number;
  failed: number;
  issued: number;
  status: JobSummary['status'];
}

const plans: Plan[] = [
  {
    title: 'A valley of the Mandelbrot set',
    label: 'Reckon example',
    kernel: 'mandelbrot@1.0.0',
    total: 384,
    done: 231,
    failed: 2,
    issued: 17,
    status: 'running',
  },
  {
    title: 'Classify 2,000 digits',
    label: 'Ada',
    kernel: 'onnx@1.0.0',
    total: 100,
    done: 62,
    failed: 0,
    issued: 6,
    status: 'running',
  },
  {
    title: 'Int8 layer of a small transformer',
    label: 'Lab 4',
    kernel: 'matmul-i8@1.0.0',
    total: 1024,
    done: 118,
    failed: 3,
    issued: 24,
    status: 'running',
  },
  {
    title: 'Read 200 drawn digits',
    label: 'Reckon example',
    kernel: 'onnx@1.0.0',
    total: 10,
    done: 10,
    failed: 0,
    issued: 0,
    status: 'completed',
  },
  {
    title: 'Seahorse tail, deep zoom',
    label: 'Mira',
    kernel: 'mandelbrot@1.0.0',
    total: 240,
    done: 88,
    failed: 0,
    issued: 0,
    status: 'cancelled',
  },
];

export const jobs: JobSummary[] = plans.map((plan, index) => {
  const price = RKN / 100n;
  const posted = now - (index * 47 + 6) * 60_000;
  const ended = plan.status === 'running' ? null : posted + 300_000;
  return {
    jobId: id(100 + index, 32),
    title: plan.title,
    requester: id(200 + index, 20),
    requesterLabel: plan.label,
    kernel: plan.kernel,
    status: plan.status,
    units: {
      total: plan.total,
      pending: plan.total - plan.done - plan.failed - plan.issued,
      issued: plan.issued,
      accepted: plan.done,
      failed: plan.failed,
    },
    quorum: 2,
    maxReplicas: 5,
    budget: price * BigInt(plan.total),
    funded: price * BigInt(plan.total),
    spent: price * BigInt(plan.done),
    settled: (price * BigInt(plan.done) * 3n) / 4n,
    pricePerUnit: price,
    nodes: 14 - index * 2,
    postedAt: posted,
    fundedAt: posted + 4000,
    firstLeaseAt: posted + 5000,
    endedAt: ended,
    expiresAt: posted + 3_600_000,
  };
});

export function cellsOf(job: JobSummary): UnitCells {
  const { total, accepted, failed, issued } = job.units;
  const cells = Array.from({ length: total }, (_, index): UnitCells['cells'][number] => {
    // Units are given out in order, and finish nearly so.
    const wobble = (index * 7919) % 23;
    if (failed > 0 && index === accepted - 9 * failed)
      return { status: 'failed', leased: 0, revealed: 5, progress: 0, digest: null };
    if (index < accepted + failed - 4)
      return { status: 'accepted', leased: 0, revealed: 2, progress: 1, digest: id(index + 9000, 32) };
    if (index < accepted + failed + issued) {
      return wobble < 6
        ? { status: 'issued', leased: 0, revealed: 1, progress: 0, digest: null }
        : { status: 'issued', leased: 1, revealed: 0, progress: wobble / 23, digest: null };
    }
    return { status: 'pending', leased: 0, revealed: 0, progress: 0, digest: null };
  });
  return { jobId: job.jobId, cells };
}

export const unitOf = (job: JobSummary, index: number): UnitDetail => ({
  jobId: job.jobId,
  workUnitId: id(index + 4000, 32),
  index,
  status: 'accepted',
  params: '{"x":320,"y":160,"width":160,"height":160,"maxIterations":3000}',
  canonical: id(index + 9000, 32),
  replicas: [
    {
      nodeId: id(301, 20),
      kind: 'tab',
      device: 'WASM SIMD',
      status: 'agreed',
      resultDigest: id(index + 9000, 32),
      leasedAt: now - 9000,
      revealedAt: now - 7200,
      reward: RKN / 210n,
    },
    {
      nodeId: id(302, 20),
      kind: 'house',
      device: 'WASM SIMD',
      status: 'agreed',
      resultDigest: id(index + 9000, 32),
      leasedAt: now - 8800,
      revealedAt: now - 8100,
      reward: RKN / 210n,
    },
    {
      nodeId: id(303, 20),
      kind: 'tab',
      device: 'WASM SIMD',
      status: 'disagreed',
      resultDigest: id(7, 32),
      leasedAt: now - 9000,
      revealedAt: now - 4100,
      reward: 0n,
    },
  ],
});

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
