import { parse } from '../src/base/parse.ts';
import { toHex, u32be } from '../src/base/bytes.ts';
import { sha256 } from '../src/base/hash.ts';
import type { Address, BlobDigest, NetworkTag, NodeId, WorkUnitId } from '../src/base/ids.ts';
import { ShardEvent, type ShardEventOf } from '../src/journal/entry.ts';
import { assign } from '../src/machine/assign.ts';
import { isTickDue } from '../src/machine/due.ts';
import type { Job, WorkUnit } from '../src/machine/state.ts';
import type { KernelFacts } from '../src/model/kernel-manifest.ts';
import type { VerificationPolicy } from '../src/model/policy.ts';
import type { TrustConstants } from '../src/model/trust-constants.ts';
import type { Lease } from '../src/wire/messages.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';
import { chunked, createDriver, type Found } from './shard-driver.ts';
import { address, asked, delegated, funded, joined, nodeAt, opened, posted, resultOf, sealed } from './shard-world.ts';
import { snapshot } from './snapshot.ts';

/** How a stranger behaves; `forger` is wrong at its rate, `pair` are wrong alike, `liar` computes rightly and checks wrongly. */
export type Manner = 'honest' | 'wrong' | 'forger' | 'pair' | 'silent' | 'late' | 'liar';

export interface Stranger {
  manner: Manner;
  /** Share of wrong results of a `forger`. */
  rate: number;
  wallet: 'none' | 'first' | 'later';
  /** Which wallet and which network; equal ones are one. */
  walletNo: number;
  network: number | null;
}

export interface Terms {
  policy: VerificationPolicy;
  kernel: KernelFacts;
  units: number;
  strangers: readonly Stranger[];
  seed: number;
  trust?: Partial<TrustConstants>;
  slow?: boolean;
  price?: bigint;
}

const CHUNKS = 6;
const CHUNK_DIGESTS = (seed: number) => Array.from({ length: CHUNKS }, (_, i) => sha256(u32be(seed * 100 + i)));

/** What is right for a unit, and what a lie number `lie` makes of it: one chunk and so the digest differ. */
function resultFor(index: number, lie: number, kernel: KernelFacts): Found {
  const digests = CHUNK_DIGESTS(index);
  if (lie > 0) digests[lie % CHUNKS] = sha256(u32be(900_000 + lie));
  return {
    digest: resultOf(index * 1000 + lie),
    ...(kernel.chunked ? { tree: chunked(digests) } : {}),
    ...(kernel.certified ? { certificate: lie === 0 } : {}),
  };
}

interface Held {
  lease: Lease;
  at: number;
  sealed: boolean;
}

/** A network of strangers around one job, moved by seeded choices. It keeps the journal and what the rules must never do. */
export function createStrangers(terms: Terms) {
  const random: SeededRandom = createSeededRandom(terms.seed);
  const journal: ShardEvent[] = [];
  const held = new Map<NodeId, Held[]>();
  const broken: string[] = [];
  let charged = 0n;
  const ids = terms.strangers.map((_, i) => nodeAt(i));
  const strangerOf = (nodeId: NodeId) => terms.strangers[ids.indexOf(nodeId)] as Stranger;
  // As it is read from the journal: fields in their order.
  const job = parse(
    ShardEvent,
    posted({
      units: terms.units,
      policy: terms.policy,
      kernel: terms.kernel,
      ...(terms.price === undefined ? {} : { pricePerUnit: terms.price }),
    }),
  ) as ShardEventOf<'job.posted'>;
  const base = opened();
  const driver = createDriver({
    opening: { ...base, trust: { ...base.trust, ...terms.trust } },
    ...(terms.slow === true ? { slow: true } : {}),
    truthOf: (workUnitId) => resultFor(indexOf(workUnitId), 0, { ...terms.kernel, chunked: true }).tree,
    onEvent(event, result) {
      if (result.ignored === undefined) journal.push(event);
      for (const command of result.commands) {
        if (command.type === 'post-epoch') charged += command.charges.reduce((sum, { amount }) => sum + amount, 0n);
      }
    },
    onSend(nodeId, message) {
      if (message.type === 'lease') {
        const others = (held.get(nodeId) ?? []).filter(({ lease }) => lease.workUnitId !== message.workUnitId);
        held.set(nodeId, [...others, { lease: message, at: driver.state.now, sealed: false }]);
      }
    },
  });
  const { state } = driver;
  const indexOf = (workUnitId: WorkUnitId) => state.units.get(workUnitId)?.index ?? 0;
  const jobNow = (): Job | undefined => state.jobs.get(job.jobId);
  const walletOf = ({ walletNo }: Stranger): Address => address(500 + walletNo);
  const tagOf = (network: number | null): NetworkTag | null =>
    network === null ? null : toHex(sha256(u32be(network)).slice(0, 8));
  const enter = (nodeId: NodeId, at: number) =>
    driver.step({ ...joined(nodeId, at), network: tagOf(strangerOf(nodeId).network) });

  driver.step(job);
  driver.step(funded(job));
  for (const nodeId of ids) {
    enter(nodeId, 3 + random.below(50));
    if (strangerOf(nodeId).wallet === 'first') driver.step(delegated(nodeId, walletOf(strangerOf(nodeId)), 60));
  }

  /** Which lie a stranger tells of a unit; 0 is the truth. */
  function lieOf(nodeId: NodeId, index: number): number {
    const { manner, rate } = strangerOf(nodeId);
    if (manner === 'pair') return 77;
    if (manner === 'wrong') return 100 + ids.indexOf(nodeId);
    return manner === 'forger' && random.fraction() < rate ? 200 + ids.indexOf(nodeId) + index : 0;
  }

  /** The node does the next thing with one of its leases: seals, reveals or answers. */
  function work(nodeId: NodeId, at: number): void {
    const mine = held.get(nodeId) ?? [];
    const next = mine[0];
    const { manner } = strangerOf(nodeId);
    if (next === undefined || manner === 'silent') return;
    const { lease } = next;
    if (manner === 'late' && at < next.at + lease.leaseMs + 1) return;
    if (lease.chunks !== undefined) {
      held.set(nodeId, mine.slice(1));
      const lie = manner === 'liar' || manner === 'wrong' ? 300 : manner === 'pair' ? 77 : 0;
      const digests = CHUNK_DIGESTS(lease.index);
      if (lie === 77) digests[lie % CHUNKS] = sha256(u32be(900_000 + lie));
      if (lie === 300) for (const i of lease.chunks) digests[i] = sha256(u32be(lie + i));
      driver.answer(nodeId, lease.workUnitId, lease.chunks, chunked(digests), at, random.u32());
    } else if (!next.sealed) {
      next.sealed = true;
      driver.commit(nodeId, lease.workUnitId, resultFor(lease.index, lieOf(nodeId, lease.index), terms.kernel), at);
    } else {
      held.set(nodeId, mine.slice(1));
      driver.reveal(nodeId, lease.workUnitId, at);
    }
  }

  function ask(nodeId: NodeId, at: number): void {
    const draw = random.u32();
    const before = snapshot(state);
    assign(state, nodeId, 2, draw);
    if (snapshot(state) !== before) broken.push('assign changed the state');
    driver.step(asked(nodeId, at, 2, draw));
  }

  /** One random thing happens to one random stranger. */
  function move(): void {
    const at = state.now + random.below(400);
    const nodeId = random.pick(ids);
    const what = random.below(100);
    if (isTickDue(state, at)) driver.step({ type: 'clock.ticked', at, draw: random.u32() });
    if (what < 40) ask(nodeId, at);
    else if (what < 88) work(nodeId, at);
    else if (what < 90) driver.step({ type: 'node.left', at, nodeId, how: random.pick(['bye', 'lost'] as const) });
    else if (what < 94) enter(nodeId, at);
    else if (what < 96) driver.step(sealed(state.lastEpoch + 1, at));
    else if (what < 97) driver.step({ type: 'beacon.seen', at, block: random.below(1000), hash: resultOf(at) });
    else if (strangerOf(nodeId).wallet === 'later') driver.step(delegated(nodeId, walletOf(strangerOf(nodeId)), at));
    if (terms.slow === true && random.below(4) === 0) driver.carryOut(state.now);
  }

  /** Everybody comes, asks and works, until nothing moves any more. */
  function finish(rounds: number): void {
    for (const nodeId of ids) if (state.nodes.get(nodeId)?.left !== undefined) enter(nodeId, state.now);
    for (let round = 0; round < rounds && jobNow()?.status !== 'completed'; round++) {
      const first = random.below(ids.length);
      for (const nodeId of [...ids.slice(first), ...ids.slice(0, first)]) {
        const at = state.now + 200;
        if (isTickDue(state, at)) driver.step({ type: 'clock.ticked', at, draw: 0 });
        driver.step(asked(nodeId, at, 2, random.u32()));
        for (let i = 0; i < 4; i++) work(nodeId, at + 1);
      }
      driver.carryOut(state.now);
      // Past every back-off and lease.
      if (round % 5 === 4) driver.step({ type: 'clock.ticked', at: state.now + 61_000, draw: 0 });
    }
  }

  const rightDigest = (unit: WorkUnit): BlobDigest => resultFor(unit.index, 0, terms.kernel).digest;

  return {
    ...{ driver, state, journal, ids, job, broken, move, finish, strangerOf, jobNow, rightDigest, walletOf, tagOf },
    charged: () => charged,
  };
}
export type Strangers = ReturnType<typeof createStrangers>;
