import { toUtf8, u32be } from '@reckon/protocol/base/bytes';
import { hashBlob, keccak } from '@reckon/protocol/base/hash';
import { createKeySigner } from '@reckon/protocol/base/signature';
import { kernelFacts } from '@reckon/protocol/model/kernel-manifest';
import type { VerificationPolicy } from '@reckon/protocol/model/policy';
import { signConsent } from '@reckon/protocol/model/consent';
import type { Log, WorkChannel } from '@reckon/protocol/base/ports';
import { parseRelayMessage } from '@reckon/protocol/wire/parse-message';
import { createSeededRandom } from '@reckon/protocol/testing/seeded-random';
import { createVirtualTime } from '@reckon/protocol/testing/virtual-time';
import { createNode } from '@reckon/node/node';
import type { ReckonNode } from '@reckon/node/node-options';
import { defaultSettings } from '@reckon/node/settings';
import type { NodeStore } from '@reckon/node/store';
import { createFakePool, echo, echoChunks, type FakeKernel } from '@reckon/node/testing/fake-pool';
import { createMemoryStore } from '@reckon/node/testing/memory-store';
import type { Coordinator } from '@reckon/relay/coordinator';
import type { SessionRegistry } from '@reckon/relay/session/registry';
import { createMemoryBlobs } from '@reckon/relay/testing/memory-blobs';
import { createMemoryJournal } from '@reckon/relay/testing/memory-journal';
import { createMemoryReveals } from '@reckon/relay/testing/memory-reveals';
import { makeSpec, orderJob } from '@reckon/relay/testing/requester';
import { chunkyResult, testKernels } from '@reckon/relay/testing/test-kernel';
import { domain, keyOf } from '@reckon/relay/testing/world';
import { type Disk, openRelay } from './mortal-relay.ts';
import { mortal } from './mortal-store.ts';
import { createWire, type Wire } from './wire.ts';

const START = 1_800_000_000_000;
const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };
const refOf = (name: 'echo' | 'chunky') => {
  const ref = testKernels.refs.find((known) => known.name.startsWith(`${name}@`));
  if (ref === undefined) throw new Error(`there is no test kernel ${name}`);
  return ref;
};

function kernelOf(name: string): FakeKernel {
  const { chunks } = testKernels.rules(name);
  return chunks === undefined
    ? { result: ({ params, blobs }) => echo(params, blobs.values()), chunks: echoChunks }
    : { result: ({ params }) => chunkyResult(params), chunks };
}

export interface EngineWorldOptions {
  seed: number;
  nodes: number;
  /** Share of units whose kernel fails, and of cached blobs that read back wrong. */
  failing: number;
  spoiled: number;
}

/** Real node engines and the relay's real loop and sessions, over virtual time; kernels, wires and disks are fakes. */
export async function createEngineWorld(options: EngineWorldOptions) {
  const random = createSeededRandom(options.seed);
  const time = createVirtualTime(START, () => new Promise((resolve) => setImmediate(resolve)));
  const disk: Disk = { journal: createMemoryJournal(), blobs: createMemoryBlobs(), reveals: createMemoryReveals() };
  let relay: Awaited<ReturnType<typeof openRelay>> | undefined = await openRelay(time, random, disk);
  const failures = [relay.failures];
  const wires = new Set<Wire>();
  /** What nodes were told is safe: it must never be lost. */
  const stored = new Map<string, Set<string>>();

  function connect(nodeId: string, isAlive: () => boolean): WorkChannel {
    const here = relay;
    if (here === undefined || !isAlive()) throw new Error('nobody there');
    const wire = createWire(time, () => 5 + random.below(60));
    wires.add(wire);
    void wire.ended.then(() => wires.delete(wire));
    const told = stored.get(nodeId) ?? new Set();
    stored.set(nodeId, told);
    wire.listen((text) => {
      const message = parseRelayMessage(text);
      if (message.type === 'stored') for (const id of message.workUnitIds) told.add(id);
    });
    here.sessions.accept(wire.relayEnd);
    return wire.nodeEnd;
  }

  async function openEngine(index: number, store: NodeStore) {
    const own = createSeededRandom(random.u32());
    const signer = createKeySigner(keccak(u32be(index + 1)));
    const unitMs = 2000 + own.below(16_000);
    let alive = true;
    let wire: WorkChannel | undefined;
    const node = await createNode({
      async connect() {
        await time.sleep(20 + own.below(100));
        wire = connect(signer.nodeId, () => alive);
        return wire;
      },
      openPool: (size) =>
        createFakePool(
          time,
          size,
          () => unitMs * (0.5 + own.fraction()),
          () => own.fraction() < options.failing,
          kernelOf,
        ),
      signer,
      store: mortal(
        store,
        () => alive,
        () => own.fraction() < options.spoiled,
      ),
      clock: time,
      random: own,
      log: silent,
      chunksOf: (kernel) => testKernels.rules(kernel).chunks,
      consent: (on) => signConsent(on, signer, 'self', Math.floor(time.now() / 1000)),
      kind: 'tab',
      agent: 'test',
      capabilities: {
        backends: ['wasm'],
        device: 'WASM SIMD',
        deviceClass: 'cpu',
        workers: 2,
        memoryMb: 1024,
        kernels: [refOf('echo'), refOf('chunky')],
      },
      settings: { ...defaultSettings(4), workers: 1 + own.below(3) },
    });
    return {
      node,
      cut: () => [...wires].find(({ nodeEnd }) => nodeEnd === wire)?.cut(),
      /** The page is gone: nothing it had begun reaches its store or the relay any more. */
      die() {
        alive = false;
        [...wires].find(({ nodeEnd }) => nodeEnd === wire)?.cut();
        node.close();
      },
    };
  }

  const stores = Array.from({ length: options.nodes }, () => createMemoryStore());
  const engines: Awaited<ReturnType<typeof openEngine>>[] = [];
  for (const [index, store] of stores.entries()) engines.push(await openEngine(index, store));

  return {
    time,
    random,
    disk,
    stored,
    failures,
    get coordinator(): Coordinator | undefined {
      return relay?.coordinator;
    },
    get sessions(): SessionRegistry | undefined {
      return relay?.sessions;
    },
    nodes: (): ReckonNode[] => engines.map(({ node }) => node),
    cut: (index: number) => engines[index]?.cut(),
    async reload(index: number) {
      engines[index]?.die();
      const next = await openEngine(index, stores[index] as NodeStore);
      engines[index] = next;
      next.node.start();
    },
    /** SIGKILL: every connection is gone, and what was not on disk is forgotten. */
    kill() {
      relay?.kill();
      relay = undefined;
      for (const wire of [...wires]) wire.cut();
    },
    async restart() {
      relay = await openRelay(time, random, disk);
      failures.push(relay.failures);
    },
    /** A job of `units` units that read one shared blob and one of their own, with leases of ten minutes. */
    async post(units: number, policy: VerificationPolicy, name: string) {
      const kernel = refOf(policy.kind === 'sample' ? 'chunky' : 'echo');
      const model = new Uint8Array(90_000).fill(name.length);
      const own = Array.from({ length: units }, (_, i) => toUtf8(`${name} input ${i}`));
      for (const bytes of [model, ...own]) await disk.blobs.put(hashBlob(bytes), bytes);
      const spec = makeSpec(kernel, units, {
        policy,
        leaseMs: 600_000,
        shared: [{ name: 'model', digest: hashBlob(model), size: model.length }],
        units: own.map((bytes, i) => ({
          params: `{"i":${i}}`,
          blobs: [{ name: 'own', digest: hashBlob(bytes), size: bytes.length }],
        })),
      });
      const { jobId, order, signature, specBytes } = orderJob(domain, keyOf(77), spec, START / 1000 + 86_400);
      await disk.blobs.put(order.specDigest, specBytes);
      const { coordinator } = relay as NonNullable<typeof relay>;
      const facts = kernelFacts(testKernels.rules(kernel.name).manifest);
      const at = coordinator.stamp();
      void coordinator.submit({ type: 'job.posted', at, jobId, order, signature, spec, kernel: facts });
      void coordinator.submit({ type: 'job.funded', at: coordinator.stamp(), jobId, total: order.budget, block: 1 });
      return jobId;
    },
  };
}
export type EngineWorld = Awaited<ReturnType<typeof createEngineWorld>>;
