import { defaultSettings } from '@reckon/node/settings';
import { statusLine } from '@reckon/node/status-line';
import type { BrowserNode, LoggedUnit, NodeSnapshot } from '@reckon/node/snapshot';
import { manifests } from '@reckon/kernels/manifests';
import { jobs, now } from './sample-data.ts';
import { cellsOf } from './sample-units.ts';

/** A node that computes nothing, for looking at the volunteer page. Never in the product. */
const mandelbrot = manifests.find((manifest) => manifest.id === 'mandelbrot');
const job = jobs[0];
if (mandelbrot === undefined || job === undefined) throw new Error('the sample data lacks the mandelbrot job');

const SIZE = 128;
function tile(): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(SIZE * SIZE * 4);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      let [a, b, n] = [0, 0, 0];
      const [cr, ci] = [-0.748 + (x / SIZE) * 0.012, 0.1 + (y / SIZE) * 0.012];
      for (; n < 300 && a * a + b * b < 4; n++) [a, b] = [a * a - b * b + cr, 2 * a * b + ci];
      const t = n === 300 ? 0 : Math.sqrt(n / 300);
      const at = (y * SIZE + x) * 4;
      const done = y < SIZE * 0.63;
      rgba.set([20 + 210 * t, 30 + 190 * t ** 1.4, 38 + 130 * t ** 0.7, done ? 255 : 0], at);
    }
  }
  return rgba;
}

const outcomes = [
  'waiting',
  'waiting',
  'accepted',
  'accepted',
  'checked',
  'disagreed',
  'accepted',
  'accepted',
  'failed',
] as const;
const log: LoggedUnit[] = outcomes.map((outcome, index) => ({
  workUnitId: job.jobId as unknown as LoggedUnit['workUnitId'],
  jobId: job.jobId,
  title: job.title,
  requesterLabel: job.requesterLabel,
  kernel: job.kernel,
  index: 230 - index * 3,
  units: job.units.total,
  ...(outcome === 'checked' && { chunks: 4 }),
  outcome,
  reason: outcome === 'disagreed' ? 'CHUNK_WRONG' : outcome === 'failed' ? 'KERNEL_TIMEOUT' : null,
  device: 'WASM SIMD',
  computeMs: 640 + index * 113,
  resultDigest: cellsOf(job).cells[index]?.digest ?? null,
  finishedAt: now - index * 4000,
  credits: outcome === 'accepted' ? 30 : 0,
  reward: outcome === 'accepted' ? '4750000000000000' : '0',
}));

const base: NodeSnapshot = {
  nodeId: `0x${'5e'.repeat(20)}` as never,
  state: 'computing',
  reason: null,
  status: { title: 'Computing', reason: `${job.title} for ${job.requesterLabel}` },
  units: [0, 1, 2].map((offset) => ({
    workUnitId: `0x${String(offset).repeat(64)}` as never,
    jobId: job.jobId,
    title: job.title,
    requesterLabel: job.requesterLabel,
    kernel: job.kernel,
    kernelDigest: mandelbrot.digest,
    index: 231 + offset,
    units: job.units.total,
    check: offset === 1,
    phase: offset === 2 ? 'queued' : 'computing',
    progress: offset === 0 ? 0.63 : offset === 1 ? 0.2 : 0,
    preview: offset === 0 ? { kind: 'pixels', width: SIZE, height: SIZE, rgba: tile() } : null,
    leasedAt: now - 1000 + offset,
    deadline: now + 28_000,
    credits: 30,
    reward: '4750000000000000',
  })),
  totals: {
    accepted: 47,
    waiting: 2,
    disagreed: 1,
    expired: 0,
    failed: 1,
    checks: 3,
    credits: 1410,
    reward: '223250000000000000',
  },
  log,
  channel: {
    kind: 'webrtc',
    connected: true,
    retryAt: null,
    bytesIn: 412_000,
    bytesOut: 2_910_000,
    messagesIn: 310,
    messagesOut: 291,
  },
  capabilities: {
    backends: ['webgpu', 'wasm'],
    device: 'WASM SIMD',
    deviceClass: 'gpu',
    workers: 2,
    memoryMb: 4096,
    kernels: [],
  },
  settings: defaultSettings(8),
  consentExpiresAt: now + 86_000_000,
  payoutAddress: null,
  busyShare: 0.94,
  startedAt: now - 60_000,
  firstAcceptedAt: now - 52_000,
  error: null,
  at: now,
};

const error = {
  code: 'NODE_BARRED',
  details: { reason: 'CHUNK_WRONG', until: new Date(now + 28 * 86_400_000).toISOString().slice(0, 19) },
};
/** After a wrong result. */
const barred: NodeSnapshot = {
  ...base,
  state: 'blocked',
  reason: 'barred',
  units: [],
  status: statusLine({ state: 'blocked', reason: 'barred', connected: true }),
  error,
};

/** @public Takes the place of `src/node/browser-node.ts` in `screenshots.ts`. */
export function createBrowserNode(): BrowserNode {
  let snapshot: NodeSnapshot = { ...base, state: 'off' };
  const listeners = new Set<() => void>();
  const set = (change: Partial<NodeSnapshot>) => {
    snapshot = { ...snapshot, ...change };
    for (const listener of listeners) listener();
  };
  return {
    start: () => set(location.search === '?barred' ? barred : base),
    finish: () =>
      set({
        state: 'finishing',
        status: { title: 'Finishing', reason: 'two units', next: 'Pauses when they are stored.' },
      }),
    pause: () =>
      set({ state: 'paused', reason: 'user', units: [], status: { title: 'Paused', next: 'Press Start to go on.' } }),
    close: () => undefined,
    forget: async () => undefined,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => snapshot,
    setSettings: (settings) => set({ settings: { ...snapshot.settings, ...settings } }),
    linkWallet: (delegation) => set({ payoutAddress: delegation.payoutAddress }),
    setOnScreen: () => undefined,
  };
}
