import { toHex, toUtf8, u32be } from '@reckon/protocol/base/bytes';
import { hashBlob, keccak } from '@reckon/protocol/base/hash';
import { toJson } from '@reckon/protocol/base/json';
import type { Log } from '@reckon/protocol/base/ports';
import { createKeySigner } from '@reckon/protocol/base/signature';
import type { KernelRules } from '@reckon/kernels/kernel';
import type { ShardCommand } from '@reckon/protocol/machine/commands';
import { type JobOrder, jobIdOf } from '@reckon/protocol/model/job-order';
import { type JobSpec, requiredBudget } from '@reckon/protocol/model/job-spec';
import { kernelFacts } from '@reckon/protocol/model/kernel-manifest';
import type { VerificationPolicy } from '@reckon/protocol/model/policy';
import { DEFAULT_TRUST } from '@reckon/protocol/model/trust-constants';
import { address, resultOf } from '@reckon/protocol/testing/shard-world';
import { createSeededRandom } from '@reckon/protocol/testing/seeded-random';
import { createVirtualTime } from '@reckon/protocol/testing/virtual-time';
import { createCoordinator } from '../src/coordinator.ts';
import { createReferee } from '../src/evidence/referee.ts';
import { createStoredResults } from '../src/evidence/stored-result.ts';
import { readSpec } from '../src/job-checks.ts';
import { loadRecoverAddress } from '../src/recover.ts';
import { forgetReveals } from '../src/reveals/forget-reveals.ts';
import { createSecrets } from '../src/secrets/secrets.ts';
import { createSessions } from '../src/session/registry.ts';
import { createFaultyPair, type Faults } from './faulty-channel.ts';
import { createMemoryBlobs } from './memory-blobs.ts';
import { createMemoryJournal } from './memory-journal.ts';
import { createMemoryReveals } from './memory-reveals.ts';
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
    trust: { ...DEFAULT_TRUST, holdChecked: 0 },
  };
  const { recover } = await loadRecoverAddress();
  const blobs = createMemoryBlobs();
  const reveals = createMemoryReveals();
  let settleDisputes = () => {};
  const coordinator = await createCoordinator(
    {
      clock: time,
      random,
      log: silent,
      journal,
      specOf: (digest) => readSpec(blobs, digest),
      reveals,
      secretsOf: (relayId) => createSecrets(`0x${'07'.repeat(32)}`, relayId),
      listeners: [forgetReveals(reveals)],
      onReferee: () => settleDisputes(),
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

  const stored = createStoredResults({ blobs, reveals });
  const referee = createReferee({ coordinator, blobs, kernels: simulatedKernels, stored, log: silent });
  settleDisputes = () => void referee.poke();
  const sessions = createSessions({
    coordinator,
    blobs,
    reveals,
    stored,
    kernels: simulatedKernels,
    clock: time,
    random,
    log: silent,
    recover,
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

  async function post(kernel: KernelRules, units: number, policy: VerificationPolicy, pricePerUnit: bigint) {
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
    const specBytes = toUtf8(toJson(spec));
    const specDigest = hashBlob(specBytes);
    await blobs.put(specDigest, specBytes);
    const order: JobOrder = {
      requester: address(random.u32()),
      specDigest,
      budget: requiredBudget(spec),
      expiresAt: START / 1000 + 86_400,
      salt: toHex(random.bytes(32)),
    };
    const jobId = jobIdOf(order);
    const signature = `0x${'00'.repeat(65)}` as const;
    const facts = kernelFacts(kernel.manifest);
    const at = coordinator.stamp();
    await coordinator.submit({ type: 'job.posted', at, jobId, order, signature, spec, kernel: facts });
    await coordinator.submit({ type: 'job.funded', at: coordinator.stamp(), jobId, total: order.budget, block: 1 });
    return { jobId, budget: order.budget };
  }

  return { time, coordinator, journal, blobs, nodes, posts, post };
}
