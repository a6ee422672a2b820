import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createDriver } from '../../testing/shard-driver.ts';
import { funded, joined, nodeAt, posted, resultOf, secretAt } from '../../testing/shard-world.ts';
import { digestOf, judgeBy, nodeOf, openingOf, pendingUnit } from '../../testing/unit-fixtures.ts';
import { toHex } from '../base/bytes.ts';
import type { ShardEvent } from '../journal/entry.ts';
import { secretCommitment } from '../trust/beacon.ts';
import type { Judge } from './decide.ts';
import type { WorkUnit } from './state.ts';
import { checksWanted } from './unit-checks.ts';
import { mayLease } from './unit-view.ts';
import { stepWorkUnit, type WorkUnitEvent } from './work-unit.ts';

/** Walks every reachable state by every event and prints what it saw; docs/states.md must say the same. */
const DOCUMENT = new URL('../../../../docs/states.md', import.meta.url);

const CHUNKED = { exact: true, chunked: true, certified: true, costShare: 1, leastHarmfulShare: 1, memoryMb: 0 };
const BY_QUORUM = judgeBy({ kind: 'quorum', quorum: 2, maxReplicas: 3 });
const BY_SAMPLE = judgeBy({ kind: 'sample', chunks: 1, checkers: 1, maxReplicas: 2 }, { kernel: CHUNKED });

type Edges = Set<string>;
const edge = (edges: Edges, from: string, to: string, label: string) => {
  if (from !== to) edges.add(`  ${from} --> ${to}: ${label}`);
};

/** What the relay finds at chunk 0: the result 1 is right there, the others are not. */
const refereed = (index: number): WorkUnitEvent => ({
  type: 'refereed',
  index,
  digest: digestOf(1),
  digests: new Map([1, 2].map((value) => [digestOf(value), digestOf(value)])),
});

function unitEvents(unit: WorkUnit, judge: Judge): WorkUnitEvent[] {
  // A chunked kernel has many more states, and none that only a third node shows.
  const nodes = (judge.kernel.chunked ? [1, 2] : [1, 2, 3]).map(nodeOf);
  const tags = [1, 2].map(digestOf);
  const wanted = checksWanted(unit, judge.rules);
  const chunks = judge.kernel.chunked ? { chunks: { root: digestOf(1), count: 1 } } : {};
  return [
    ...nodes.flatMap((nodeId): WorkUnitEvent[] => [
      { type: 'leased', nodeId, at: 0, leaseMs: 10 },
      { type: 'committed', nodeId, at: 0, seal: digestOf(Number(nodeId)), draw: digestOf(1) },
      ...tags.map((tag) => ({ type: 'revealed' as const, nodeId, at: 0, tag, sizeBytes: 1, near: [], ...chunks })),
      { type: 'failed', nodeId, code: 'KERNEL_THREW' },
      { type: 'released', nodeId, reason: 'bye' },
      { type: 'condemned', nodeId, reason: 'RESULT_VOIDED' },
      { type: 'dropped', nodeId },
      ...wanted.map((hand) => ({ type: 'check-leased' as const, nodeId, ...hand, at: 0, leaseMs: 10 })),
      { type: 'check-answered', nodeId },
      {
        ...{ type: 'check-answered' as const, nodeId },
        dispute: { index: 0, answered: digestOf(1), opened: digestOf(2) },
      },
      {
        ...{ type: 'check-answered' as const, nodeId },
        dispute: { index: 0, answered: digestOf(2), opened: digestOf(1) },
      },
      { type: 'check-ended', nodeId },
    ]),
    ...(unit.checks.length > 0 ? [{ type: 'recheck-asked' as const, index: 0 }] : []),
    refereed(0),
    openingOf(unit),
    { type: 'ticked', at: 1e6 },
    ...(unit.replicas.length > 0 ? [{ type: 'withdrawn', reason: 'job-ended' } as const] : []),
  ];
}

/** Names symmetric states alike, so that the walk is finite and small. */
function fingerprint(unit: WorkUnit): string {
  const replicas = unit.replicas
    .map(({ nodeId, status, tag }) => {
      // Without checks, which name them, one node is as good as another; what does not count has no result.
      const who = unit.checks.length > 0 ? nodeId.at(-1) : '';
      return [who, status, mayLease(unit, nodeId), status === 'revealed' ? tag?.at(-1) : ''].join('');
    })
    .sort();
  // An ended check leaves its hand as if it had never been leased.
  const checks = new Set(
    unit.checks
      .filter(({ status }) => status !== 'expired')
      .map(({ checker, subject, status, dispute }) =>
        [checker, subject.at(-1), status, dispute?.answered.at(-1)].join(''),
      ),
  );
  return `${unit.status} ${unit.decided} ${unit.referee} ${replicas.join()} ${[...checks].sort().join()}`;
}

interface UnitEdges {
  units: Edges;
  replicas: Edges;
  checks: Edges;
}

function walkUnits(judge: Judge, { units, replicas, checks }: UnitEdges): void {
  const seen = new Set<string>();
  const queue = [pendingUnit()];
  for (let unit = queue.pop(); unit !== undefined; unit = queue.pop()) {
    if (seen.has(fingerprint(unit))) continue;
    seen.add(fingerprint(unit));
    for (const event of unitEvents(unit, judge)) {
      const next = stepWorkUnit(unit, event, judge).unit;
      edge(units, unit.status, next.status, event.type);
      for (const replica of next.replicas) {
        const before = unit.replicas.find((own) => own.nodeId === replica.nodeId);
        edge(replicas, before?.status ?? '[*]', replica.status, event.type);
      }
      for (const check of next.checks) {
        if (unit.checks.includes(check)) continue;
        const before = unit.checks.find((own) => own.checker === check.checker && !next.checks.includes(own));
        if (before !== undefined) edge(checks, before.status, check.status, event.type);
      }
      // A withdrawn unit belongs to an ended job; nothing happens to it any more.
      if (event.type !== 'withdrawn') queue.push(next);
    }
  }
}

function walkJobs(): { jobs: Edges; epochs: Edges } {
  const jobs: Edges = new Set();
  const epochs: Edges = new Set();
  const job = posted({ units: 1, policy: { kind: 'quorum', quorum: 1, maxReplicas: 1 }, expiresAt: 100 });
  const nodeId = nodeAt(1);
  let nonce = 0;
  type World = ReturnType<typeof createDriver>;
  const unitOf = (world: World) => world.state.jobs.get(job.jobId)?.units[0];
  const step = (make: (at: number) => ShardEvent) => (world: World, at: number) => {
    const event = make(at);
    world.step(event);
    return event.type === 'job.controlled' ? event.action : event.type;
  };
  // Each does one thing and says under which name it is drawn.
  const acts: ((world: World, at: number) => string)[] = [
    step(() => funded(job)),
    step((at) => ({ type: 'node.asked', at, nodeId, slots: 1, draw: 0 })),
    (world, at) => {
      const { id } = unitOf(world) ?? {};
      if (id !== undefined) world.commit(nodeId, id, { digest: resultOf(3) }, at);
      return 'replica.committed';
    },
    // The driver opens a decided unit at once.
    (world, at) => {
      const { id } = unitOf(world) ?? {};
      if (id !== undefined) world.reveal(nodeId, id, at);
      return 'unit.opened';
    },
    (world, at) => {
      const { id } = unitOf(world) ?? {};
      if (id !== undefined) {
        world.step({ type: 'replica.failed', at, nodeId, workUnitId: id, code: 'KERNEL_THREW', draw: 0 });
      }
      return 'replica.failed';
    },
    ...(['pause', 'resume', 'cancel'] as const).map((action) =>
      step((at) => ({ type: 'job.controlled', at, jobId: job.jobId, action, nonce: ++nonce, signature: '0x00' })),
    ),
    step(() => ({ type: 'clock.ticked', at: 200_000, draw: 0 })),
    step((at) => ({
      ...{ type: 'epoch.sealed', at, epoch: 1, journalRoot: resultOf(1) },
      ...{ secret: toHex(secretAt(1)), nextCommitment: toHex(secretCommitment(secretAt(2))) },
    })),
    step((at) => ({ type: 'epoch.posted', at, epoch: 1, tx: resultOf(2), block: 1, finalAt: at })),
    step((at) => ({ type: 'epoch.final', at, epoch: 1 })),
  ];
  const after = (path: readonly number[]) => {
    const world = createDriver();
    for (const event of [joined(nodeId, 1), job]) world.step(event);
    const labels = path.map((i, at) => (acts[i] as (typeof acts)[number])(world, 10 + at));
    const { state } = world;
    const known = state.jobs.get(job.jobId);
    const epoch = state.epochs[0]?.status ?? (state.lastEpoch > 0 ? 'final' : 'open');
    const replicas = known?.units[0]?.replicas.map(({ status }) => status);
    return {
      ...{ job: known?.status, epoch, label: labels.at(-1) ?? '' },
      key: JSON.stringify([known?.status, epoch, known?.funded.toString(), replicas]),
    };
  };
  const seen = new Set<string>();
  const queue: number[][] = [[]];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const from = after(path);
    for (const i of acts.keys()) {
      const to = after([...path, i]);
      if (from.job !== undefined && to.job !== undefined) edge(jobs, from.job, to.job, to.label);
      edge(epochs, from.epoch, to.epoch, to.label);
      if (!seen.has(to.key) && path.length < 8) queue.push([...path, i]);
      seen.add(to.key);
    }
  }
  return { jobs, epochs };
}

const diagram = (title: string, start: string, edges: Edges) =>
  `## ${title}\n\n\`\`\`mermaid\nstateDiagram-v2\n  [*] --> ${start}\n${[...edges].sort().join('\n')}\n\`\`\`\n`;

test('docs/states.md shows exactly the transitions the machines make', () => {
  const edges: UnitEdges = { units: new Set(), replicas: new Set(), checks: new Set() };
  for (const judge of [BY_QUORUM, BY_SAMPLE]) walkUnits(judge, edges);
  const { jobs, epochs } = walkJobs();
  const text = [
    '# States\n\nPrinted by `packages/protocol/src/machine/states.test.ts`; `UPDATE_STATES=1 npm test -- unit` writes it anew.\n',
    diagram('Job', 'draft', jobs),
    diagram('Work unit', 'pending', edges.units),
    diagram('Replica', 'leased', new Set([...edges.replicas].filter((line) => !line.includes('[*]')))),
    diagram('Check', 'leased', edges.checks),
    diagram('Epoch', 'open', epochs),
  ].join('\n');
  if (process.env['UPDATE_STATES'] === '1') writeFileSync(DOCUMENT, text);
  expect(readFileSync(DOCUMENT, 'utf8')).toBe(text);
});
