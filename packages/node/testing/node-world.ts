import type { Log } from '@reckon/protocol/base/ports';
import { createKeySigner } from '@reckon/protocol/base/signature';
import { signConsent } from '@reckon/protocol/model/consent';
import { createSeededRandom } from '@reckon/protocol/testing/seeded-random';
import { createVirtualTime, type VirtualTime } from '@reckon/protocol/testing/virtual-time';
import { createNode } from '../src/node.ts';
import type { NodeOptions, ReckonNode } from '../src/node-options.ts';
import { defaultSettings } from '../src/settings.ts';
import { createFakePool, echoChunks, type FakePool } from './fake-pool.ts';
import { createFakeRelay, type FakeRelay, KERNEL } from './fake-relay.ts';
import { createMemoryStore } from './memory-store.ts';

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
export const START = Date.UTC(2026, 10, 20);
const KEY = new Uint8Array(32).fill(3);
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A node, a relay and time that moves only when told. */
export interface NodeWorld {
  time: VirtualTime;
  relay: FakeRelay;
  node: ReckonNode;
  /** Pools opened so far, the newest last. */
  pools: FakePool[];
  /** How the kernel behaves. */
  kernel: { ms: number; fails: boolean };
  settle(): Promise<void>;
  /** Lets an hour at most go by until `done`. */
  until(done: () => boolean): Promise<void>;
  /** The same store opened again, as after a reload. The old node's end is told to nobody. */
  reload(): Promise<ReckonNode>;
}

export async function createNodeWorld(changes: Partial<NodeOptions> = {}): Promise<NodeWorld> {
  const time = createVirtualTime(START, settle);
  const relay = createFakeRelay(time.now);
  const kernel = { ms: 1000, fails: false };
  const pools: FakePool[] = [];
  const signer = createKeySigner(KEY);
  const options: NodeOptions = {
    connect: relay.connect,
    openPool(size) {
      const pool = createFakePool(
        time,
        size,
        () => kernel.ms,
        () => kernel.fails,
      );
      pools.push(pool);
      return pool;
    },
    signer,
    store: createMemoryStore(),
    clock: time,
    random: createSeededRandom(1),
    log: silentLog,
    consent: (domain, skew) => signConsent(domain, signer, 'self', Math.floor(options.clock.now() / 1000) + skew),
    kind: 'tab',
    agent: 'test',
    capabilities: {
      backends: ['webgpu', 'wasm'],
      device: 'WebGPU · test',
      deviceClass: 'gpu',
      workers: 2,
      memoryMb: 1024,
      kernels: [KERNEL],
    },
    settings: { ...defaultSettings(4), workers: 2 },
    chunksOf: () => echoChunks,
    ...changes,
  };
  const node = await createNode(options);
  const until = async (done: () => boolean) => {
    await settle();
    await time.runUntil(done, 3_600_000);
  };
  return { time, relay, node, pools, kernel, settle, until, reload: () => createNode(options) };
}
