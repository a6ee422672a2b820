import { manifests } from '@reckon/kernels/manifests';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { VerificationPolicy } from '@reckon/protocol/model/policy';
import { DEFAULT_TRUST } from '@reckon/protocol/model/trust-constants';
import type { JobSummary, RelayConfig } from '@reckon/protocol/wire/http';

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
export const id = <T>(seed: number, bytes: number): T => hex(seed, bytes) as T;

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
  trust: DEFAULT_TRUST,
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
  policy: VerificationPolicy;
}

const vote = { kind: 'quorum', quorum: 2, maxReplicas: 5 } as const;
const sample = { kind: 'sample', chunks: 32, checkers: 2, maxReplicas: 3 } as const;

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
    policy: sample,
  },
  {
    title: 'Classify 2,000 digits',
    label: 'Ada',
    kernel: 'onnx@1.1.0',
    total: 100,
    done: 62,
    failed: 0,
    issued: 6,
    status: 'running',
    policy: vote,
  },
  {
    title: 'Int8 layer of a small transformer',
    label: 'Lab 4',
    kernel: 'matmul-i8@1.1.0',
    total: 1024,
    done: 118,
    failed: 3,
    issued: 24,
    status: 'running',
    policy: { kind: 'certificate', maxReplicas: 3 },
  },
  {
    title: 'Read 200 drawn digits',
    label: 'Reckon example',
    kernel: 'onnx@1.1.0',
    total: 10,
    done: 10,
    failed: 0,
    issued: 0,
    status: 'completed',
    policy: vote,
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
    policy: { kind: 'audit', epsilon: 0.001, maxReplicas: 5 },
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
    policy: plan.policy,
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
