import { manifests } from '@reckon/kernels/manifests';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { AccountSummary, EpochList, NetworkSummary, NodeSummary } from '@reckon/protocol/wire/http';
import { hex, now, RKN } from './sample-data.ts';

/** Sample answers about the whole network and one wallet. */
export const network: NetworkSummary = {
  at: now,
  nodes: [
    { kind: 'tab', deviceClass: 'gpu', online: 86, busySlots: 71 },
    { kind: 'tab', deviceClass: 'cpu', online: 143, busySlots: 97 },
    { kind: 'widget', deviceClass: 'cpu', online: 31, busySlots: 12 },
    { kind: 'house', deviceClass: 'cpu', online: 2, busySlots: 2 },
  ],
  kernels: manifests.map((manifest) => ({
    kernel: kernelName(manifest),
    online: manifest.backends.includes('wasm') ? 262 : 86,
  })),
  unitsAccepted: 48_213,
  unitsAcceptedLastMinute: 212,
  resultsChecked: 101_442,
  resultsDisagreed: 318,
  trust: {
    accepted: 48_213,
    verified: 39_120,
    executions: 63_940.4,
    disputed: 12,
    canaries: 904,
    canariesForged: 3,
    caught: 4,
    voided: 37,
  },
  jobsRunning: 3,
  jobsCompleted: 417,
  rewardsEarned: (4821n * RKN) / 10n,
  epoch: { number: 129, status: 'open', lastPosted: 128 },
  journal: { entries: 612_909, root: hex(77, 32) },
};

export const epochs: EpochList['epochs'] = Array.from({ length: 8 }, (_, index) => ({
  epoch: 128 - index,
  status: index === 0 ? 'posted' : 'final',
  sealedAt: now - (index + 1) * 61_000,
  claimsRoot: hex(400 + index, 32),
  receiptsRoot: hex(420 + index, 32),
  journalRoot: hex(440 + index, 32),
  totalCumulative: (470n - BigInt(index) * 3n) * RKN,
  charged: (3n * RKN) / 2n + BigInt(index) * (RKN / 8n),
  receipts: 298 - index * 11,
  tx: hex(460 + index, 32),
  gasUsed: 148_211,
}));

export const node = (nodeId: string): NodeSummary => ({
  nodeId: nodeId as NodeSummary['nodeId'],
  kind: 'tab',
  device: 'WebGPU · Apple M-series',
  online: true,
  joinedAt: now - 3_600_000,
  payoutAddress: null,
  units: { leased: 2, waiting: 2, agreed: 47, disagreed: 1, expired: 0 },
  credits: 1410,
  earned: (47n * RKN) / 210n,
  settled: (38n * RKN) / 210n,
  standing: { verified: 3, holdUntil: 10, quotaLeft: 140, reputation: 0.93, barredUntil: null },
});

export const account = (address: string): AccountSummary => ({
  account: address as AccountSummary['account'],
  nodes: [node(hex(301, 20)), { ...node(hex(305, 20)), online: false, device: 'WASM SIMD' }],
  pending: (9n * RKN) / 210n,
  settled: (352n * RKN) / 210n,
  claim: { epoch: 127, cumulative: (312n * RKN) / 210n, path: [hex(500, 32), hex(501, 32)] },
  history: epochs.map((epoch, index) => ({
    epoch: epoch.epoch,
    amount: (BigInt(40 - index) * RKN) / 210n,
    cumulative: (BigInt(312 - index * 38) * RKN) / 210n,
    status: epoch.status,
    sealedAt: epoch.sealedAt,
    tx: epoch.tx,
  })),
});
