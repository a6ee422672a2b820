import { toHex, u32be } from '@reckon/protocol/base/bytes';
import { keccak } from '@reckon/protocol/base/hash';
import type { Log } from '@reckon/protocol/base/ports';
import { createKeySigner, recoverAddress } from '@reckon/protocol/base/signature';
import type { KernelRules } from '@reckon/kernels/kernel';
import type { ShardCommand } from '@reckon/protocol/machine/commands';
import { type JobOrder, jobIdOf } from '@reckon/protocol/model/job-order';
import { type JobSpec, type QuorumPolicy, requiredBudget } from '@reckon/protocol/model/job-spec';
import { address, resultOf } from '@reckon/protocol/testing/shard-world';
import { createSeededRandom } from '@reckon/protocol/testing/seeded-random';
import { createVirtualTime } from '@reckon/protocol/testing/virtual-time';
import { createCoordinator } from '../src/coordinator.ts';
import { createSessions } from '../src/session/registry.ts';
import { createFaultyPair, type Faults } from './faulty-channel.ts';
import { createMemoryBlobs } from './memory-blobs.ts';
import { createMemoryJournal } from './memory-journal.ts';
import { createSimulatedNode } from './simulated-node.ts';
import { answerOf, encodeAnswer, refOf, simulatedKernels } from './simulated-kernels.ts';

const DOMAIN = { chainId: 31337, verifyingContract: address(1) };
const START = 1_800_000_000_000;
const CHAIN_MS = 3000;
const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

export interface SimulationOptions {
  seed: number;
  nodes: number;
  /** Share of nodes that answer wrongly. */
  liars: number;
  /** Liars of a gang give the same wrong answer; others each their own. */
  colluding: boolean;
  crashMs?: number;
  faults: Faults;
  unitMs: number;
}

/** The relay's own loop and sessions over virtual time, memory ports and a chain of two timers. */
export async function createSimulation(options: SimulationOptions) {
  const random = createSeededRandom(options.seed);
  const time = createVirtualTime(START, () => new Promise((resolve) => setImmediate(resolve)));
  const journal = createMemoryJournal();
  const posts: Extract<ShardCommand, { type: 'post-epoch' }>[] = [];
  const constants = {
    relayId: 'simulated',
    chainId: DOMAIN.chainId,
    settlement: DOMAIN.verifyingContract,
    escrow: address(2),
    operator: address(3),
    feeBps: 500,
    graceMs: 10_000,
  };
  const coordinator = await createCoordinator(
    {
      clock: time,
      random,
      log: silent,
      journal,
      defer: (run) => queueMicrotask(run),
      onFatal: (error) => {
        throw error;
      },
      onPostEpoch(command) {
        posts.push(command);
        time.after(CHAIN_MS, () => confirm(command.epoch));
      },
    },
    constants,
  );

  function confirm(epoch: number): void {
    const tx = resultOf(epoch);
    const at = coordinator.stamp();
    void coordinator.submit({ type: 'epoch.posted', at, epoch, tx, block: epoch, finalAt: at });
    time.after(CHAIN_MS, () => void coordinator.submit({ type: 'epoch.final', at: coordinator.stamp(), epoch }));
  }

  const sessions = createSessions({
    coordinator,
    blobs: createMemoryBlobs(),
    kernels: simulatedKernels,
    clock: time,
    random,
    log: silent,
    recover: recoverAddress,
    verifyWallet: async () => true,
    domain: DOMAIN,
    isSite: () => false,
    heartbeatMs: 5000,
    meter: { received() {}, sent() {}, refused() {}, busy() {} },
    progress: { note() {}, forgetNode() {} },
  });

  const every = (ms: number, action: () => void): void => {
    time.after(ms, () => {
      action();
      every(ms, action);
    });
  };
  every(250, () => coordinator.tick());
  every(5000, () => sessions.checkAlive());
  every(15_000, () => coordinator.sealIfDue());

  const nodes = Array.from({ length: options.nodes }, (_, i) => {
    const liar = i < options.nodes * options.liars;
    const own = createSeededRandom(random.u32());
    const node = createSimulatedNode({
      signer: createKeySigner(keccak(u32be(i + 1))),
      domain: DOMAIN,
      kernels: [...simulatedKernels.refs],
      time,
      random: own,
      unitMs: options.unitMs * (0.3 + 3 * own.fraction()),
      ...(options.crashMs === undefined ? {} : { crashMs: options.crashMs }),
      connect() {
        const [near, far] = createFaultyPair(time, own, options.faults);
        sessions.accept(far);
        return near;
      },
      compute({ params, kernel }) {
        const right = answerOf(params);
        if (liar) return encodeAnswer(right + (options.colluding ? 7 : 100 + i));
        const noise = kernel.name.startsWith('close') ? own.fraction() * 0.008 : 0;
        return encodeAnswer(right + noise);
      },
    });
    time.after(own.below(5000), node.start);
    return { ...node, liar };
  });

  async function post(kernel: KernelRules, units: number, policy: QuorumPolicy, pricePerUnit: bigint) {
    const spec: JobSpec = {
      v: 1,
      title: `Simulated ${kernel.manifest.id}`,
      requesterLabel: 'Ada',
      stages: [
        {
          kernel: refOf(kernel),
          policy,
          shared: [],
          units: Array.from({ length: units }, (_, i) => ({ params: `{"i":${i}}`, blobs: [] })),
          pricePerUnit,
          creditsPerUnit: 1,
          leaseMs: 60_000,
          params: '{}',
        },
      ],
    };
    const order: JobOrder = {
      requester: address(random.u32()),
      specDigest: resultOf(random.u32()),
      budget: requiredBudget(spec),
      expiresAt: START / 1000 + 86_400,
      salt: toHex(random.bytes(32)),
    };
    const jobId = jobIdOf(order);
    const signature = `0x${'00'.repeat(65)}` as const;
    await coordinator.submit({ type: 'job.posted', at: coordinator.stamp(), jobId, order, signature, spec });
    await coordinator.submit({ type: 'job.funded', at: coordinator.stamp(), jobId, total: order.budget, block: 1 });
    return { jobId, budget: order.budget };
  }

  return { time, coordinator, journal, nodes, posts, post };
}
