import type { Address } from '@reckon/protocol/base/ids';
import type { Clock, RecoverAddress, WorkChannel } from '@reckon/protocol/base/ports';
import { createKeySigner, recoverAddress } from '@reckon/protocol/base/signature';
import type { JobSpec } from '@reckon/protocol/model/job-spec';
import { kernelFacts } from '@reckon/protocol/model/kernel-manifest';
import { DEFAULT_TRUST, type TrustConstants } from '@reckon/protocol/model/trust-constants';
import { WIRE_VERSION } from '@reckon/protocol/wire/messages';
import { createMemoryChannels } from '@reckon/protocol/testing/memory-channel';
import { createSeededRandom } from '@reckon/protocol/testing/seeded-random';
import { createBeacon } from '../src/chain/beacon.ts';
import { createFundingWatcher } from '../src/chain/funding.ts';
import { createSettler } from '../src/chain/settler.ts';
import { createTickets } from '../src/channels/tickets.ts';
import { createAdmission } from '../src/admission.ts';
import { createConformanceDesk } from '../src/conformance/desk.ts';
import { openReportStore } from '../src/conformance/report-store.ts';
import { createCoordinator } from '../src/coordinator.ts';
import { createReferee } from '../src/evidence/referee.ts';
import { createStoredResults } from '../src/evidence/stored-result.ts';
import { createMainApp } from '../src/http/app.ts';
import { LOG_PATH } from '../src/http/log.ts';
import type { HttpPorts } from '../src/http/ports.ts';
import { readSpec } from '../src/job-checks.ts';
import { createLive } from '../src/live.ts';
import type { CheckpointStore } from '../src/log/checkpoint-file.ts';
import { createLogSigner } from '../src/log/log-key.ts';
import { openPublication } from '../src/log/publication.ts';
import { silentLog } from './silent-log.ts';
import { createMetrics } from '../src/metrics.ts';
import { createNetworkView } from '../src/network.ts';
import { openReadModel } from '../src/read-model/database.ts';
import { createProjector } from '../src/read-model/projector.ts';
import { getEpochPost } from '../src/read-model/queries/epoch-post.ts';
import { noteGas } from '../src/read-model/queries/epochs.ts';
import { forgetReveals } from '../src/reveals/forget-reveals.ts';
import type { RevealStore } from '../src/reveals/reveal-store.ts';
import { createSecrets } from '../src/secrets/secrets.ts';
import { createSessions } from '../src/session/registry.ts';
import { standingIn } from '../src/standing.ts';
import { createMemoryBlobs } from './memory-blobs.ts';
import { createMemoryChain } from './memory-chain.ts';
import { createMemoryCheckpoints } from './memory-checkpoints.ts';
import { createMemoryJournal } from './memory-journal.ts';
import { createMemoryReveals } from './memory-reveals.ts';
import { makeSpec, orderJob } from './requester.ts';
import { testKernels } from './test-kernel.ts';
import { createTestNode } from './test-node.ts';

const address = (byte: number) => `0x${byte.toString(16).padStart(2, '0').repeat(20)}` as Address;
export const contracts = { token: address(1), escrow: address(2), settlement: address(3) };
export const domain = { chainId: 31_337, verifyingContract: contracts.settlement };
export const keyOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
export const OPERATOR = address(9);
const LOG_KEY = `0x${'07'.repeat(32)}`;
export const SITES = [{ id: 'example', name: 'Example', origins: ['http://site.test'] }];

export interface WorldSettings {
  /** Entries of an earlier world, to play a restart. */
  entries?: Uint8Array[];
  checkpoints?: CheckpointStore;
  blobs?: ReturnType<typeof createMemoryBlobs>;
  reveals?: RevealStore;
  trust?: Partial<TrustConstants>;
  chain?: ReturnType<typeof createMemoryChain>;
  clock?: TestClock;
  requestsPerMinute?: number;
  recover?: RecoverAddress;
}
/** What strangers are taken for where a test does not say: nothing is held back, and nothing is left to chance. */
const PLAIN_TRUST: TrustConstants = { ...DEFAULT_TRUST, holdChecked: 0, recheckShare: 0, warmUp: 0, canaryShare: 0 };

export interface TestClock extends Clock {
  time: number;
}

export function createTestClock(): TestClock {
  const clock: TestClock = { time: 1_800_000_000_000, now: () => clock.time, sleep: () => Promise.resolve() };
  return clock;
}

/** A relay without a network, a disk or a chain: all its own parts, with fakes behind its ports. */
export async function createWorld(settings: WorldSettings = {}) {
  const clock = settings.clock ?? createTestClock();
  const random = createSeededRandom(7);
  const journal = createMemoryJournal(settings.entries);
  const blobs = settings.blobs ?? createMemoryBlobs();
  const chain = settings.chain ?? createMemoryChain(clock);
  const reveals = settings.reveals ?? createMemoryReveals();
  const trust = { ...PLAIN_TRUST, ...settings.trust };
  const failures: unknown[] = [];
  const fail = (error: unknown) => void failures.push(error);
  const { db, projectedThrough } = await openReadModel(':memory:', journal);
  const projector = createProjector(db, projectedThrough, silentLog, fail);
  const metrics = createMetrics();
  const live = createLive(() => world?.state);
  let settle = () => {};
  let settleDisputes = () => {};
  let world: Awaited<ReturnType<typeof createCoordinator>> | undefined;
  world = await createCoordinator(
    {
      clock,
      random,
      log: silentLog,
      journal,
      specOf: (digest) => readSpec(blobs, digest),
      reveals,
      secretsOf: (relayId) => createSecrets(LOG_KEY, relayId),
      listeners: [projector.listener, live.listener, forgetReveals(reveals)],
      defer: setImmediate,
      onFatal: fail,
      onPostEpoch: () => settle(),
      onReferee: () => settleDisputes(),
      onIgnored: (event, reason) => metrics.ignored(event.type, reason),
    },
    {
      relayId: 'test-relay',
      chainId: domain.chainId,
      settlement: contracts.settlement,
      escrow: contracts.escrow,
      operator: OPERATOR,
      feeBps: 500,
      graceMs: 5_000,
      trust,
    },
  );
  const coordinator = world;
  const checkpoints = settings.checkpoints ?? createMemoryCheckpoints();
  const publication = await openPublication({
    journal,
    checkpoints,
    signer: createLogSigner(LOG_KEY, 'test-relay'),
  });
  const funding = createFundingWatcher({ coordinator, chain, log: silentLog });
  const settler = createSettler({
    coordinator,
    chain,
    clock,
    log: silentLog,
    async recall(epoch) {
      await coordinator.flushed();
      await projector.caughtUp();
      return await getEpochPost(db, epoch);
    },
    noteGas: (epoch, gas) => noteGas(db, epoch, gas),
  });
  settle = () => void settler.poke();
  const stored = createStoredResults({ blobs, reveals });
  const referee = createReferee({ coordinator, blobs, kernels: testKernels, stored, log: silentLog });
  settleDisputes = () => void referee.poke();
  const beacon = createBeacon({ coordinator, chain, clock, log: silentLog });
  const recover = settings.recover ?? recoverAddress;
  const sessions = createSessions({
    coordinator,
    blobs,
    reveals,
    stored,
    kernels: testKernels,
    clock,
    random,
    log: silentLog,
    recover,
    verifyWallet: chain.verifyHash,
    domain,
    isSite: (id) => SITES.some((site) => site.id === id),
    heartbeatMs: 5_000,
    meter: metrics.meter,
    progress: live.progress,
  });
  metrics.watch(coordinator, sessions);
  const view = createNetworkView(coordinator, clock);
  const reports = openReportStore(':memory:');
  const http: HttpPorts = {
    coordinator,
    db,
    projector,
    blobs,
    kernels: testKernels,
    admission: createAdmission(clock),
    chain,
    clock,
    log: silentLog,
    domain,
    tickets: createTickets(clock, random),
    live,
    publication,
    metrics,
    conformance: createConformanceDesk({ store: reports, kernels: testKernels, domain, clock, recover }),
    rpcUrl: 'http://127.0.0.1:1',
    maxBlobBytes: 1_000_000,
    requestsPerMinute: settings.requestsPerMinute ?? 100_000,
    sites: SITES,
    config: () => ({
      relayId: 'test-relay',
      protocol: WIRE_VERSION,
      chainId: domain.chainId,
      contracts,
      token: { symbol: 'tRKN', decimals: 18, test: true },
      operator: OPERATOR,
      feeBps: 500,
      rpcPath: '/rpc',
      faucet: false,
      signalling: { path: '/peer', relayPeerId: 'relay-1' },
      webSocketPath: '/ws',
      log: { origin: publication.origin, key: publication.key, path: LOG_PATH },
      heartbeatMs: 5_000,
      epochMs: 1_000,
      embedOrigin: 'http://127.0.0.1:2',
      kernels: [...testKernels.refs],
      trust,
      consentTextVersion: '2026-11',
    }),
    network: view.summary,
    standing: standingIn(coordinator.state, clock),
    checkFunding: funding.check,
  };
  /** Waits until everything submitted so far is on disk, sent and projected. */
  async function settled(): Promise<void> {
    for (let i = 0; i < 20; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      await coordinator.flushed();
      await projector.caughtUp();
    }
  }
  function connect(key: number, through?: { near: WorkChannel; far: WorkChannel }, address?: string) {
    const { near, far } = through ?? createMemoryChannels();
    sessions.accept(far, address);
    const { refs, rules } = testKernels;
    return createTestNode({ channel: near, key: keyOf(key), domain, kernels: refs, rules, now: clock.now });
  }
  return {
    clock,
    journal,
    blobs,
    reveals,
    chain,
    beacon,
    referee,
    coordinator,
    funding,
    settler,
    sessions,
    db,
    projector,
    live,
    publication,
    checkpoints,
    metrics,
    http,
    failures,
    app: createMainApp(http),
    settled,
    connect,
    /** A node that has said hello and been welcomed. */
    async join(key: number, slots = 0, address?: string) {
      const node = connect(key, undefined, address);
      await node.hello();
      await node.next('welcome');
      if (slots > 0) node.send({ type: 'ready', slots });
      return node;
    },
    /** Uploads, posts and funds a job, past the HTTP interface. */
    async post(spec: JobSpec = makeSpec(testKernels.refs[0] as never, 2)) {
      const job = orderJob(domain, keyOf(77), spec, Math.floor(clock.now() / 1000) + 3600);
      await blobs.put(job.order.specDigest, job.specBytes);
      const { jobId, order, signature } = job;
      const kernel = kernelFacts(testKernels.rules(spec.stages[0]?.kernel.name ?? '').manifest);
      const posted = { type: 'job.posted' as const, at: coordinator.stamp(), jobId, order, signature, spec, kernel };
      await coordinator.submit(posted);
      chain.fund(jobId, order.budget);
      await funding.poke();
      return job;
    },
    requester: createKeySigner(keyOf(77)).nodeId as string as Address,
  };
}
export type World = Awaited<ReturnType<typeof createWorld>>;
