import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { attestationOf, digestOf, nodeOf, pendingUnit } from '../../testing/unit-fixtures.ts';
import { attest, funded, joined, nodeAt, opened, posted, resultOf } from '../../testing/shard-world.ts';
import type { ShardEvent } from '../journal/entry.ts';
import { createShard, stepShard } from './shard.ts';
import type { WorkUnit } from './state.ts';
import { stepWorkUnit, type WorkUnitEvent } from './work-unit.ts';

/** Walks every reachable state by every event and prints what it saw; docs/states.md must say the same. */
const DOCUMENT = new URL('../../../../docs/states.md', import.meta.url);
const POLICY = { kind: 'quorum', quorum: 2, maxReplicas: 3 } as const;

type Edges = Set<string>;
const edge = (edges: Edges, from: string, to: string, label: string) => {
  if (from !== to) edges.add(`  ${from} --> ${to}: ${label}`);
};

function unitEvents(unit: WorkUnit): WorkUnitEvent[] {
  const nodes = [1, 2, 3].map(nodeOf);
  const digests = [1, 2, 3].map(digestOf);
  return [
    ...nodes.map((nodeId): WorkUnitEvent => ({ type: 'leased', nodeId, at: 0, leaseMs: 10 })),
    ...nodes.flatMap((nodeId) =>
      digests.flatMap((digest): WorkUnitEvent[] => [
        { type: 'committed', nodeId, at: 0, attestation: attestationOf(digest) },
        { type: 'revealed', nodeId, at: 0, digest, sizeBytes: 1, near: [] },
      ]),
    ),
    ...nodes.map((nodeId): WorkUnitEvent => ({ type: 'failed', nodeId, code: 'KERNEL_THREW' })),
    ...nodes.flatMap((nodeId) =>
      ['bye', 'lost'].map((reason): WorkUnitEvent => ({ type: 'released', nodeId, reason })),
    ),
    { type: 'ticked', at: 1e6 },
    ...(unit.replicas.length > 0 ? [{ type: 'withdrawn', reason: 'job-ended' } as const] : []),
  ];
}

/** Names symmetric states alike, so that the walk is finite and small. */
const fingerprint = (unit: WorkUnit) =>
  `${unit.status} ${unit.replicas
    .map(
      (replica) =>
        `${replica.nodeId.at(-1)}${replica.status}${replica.resultDigest?.at(-1) ?? ''}${replica.reason ?? ''}`,
    )
    .sort()
    .join()}`;

function walkUnits(): { units: Edges; replicas: Edges } {
  const [units, replicas]: [Edges, Edges] = [new Set(), new Set()];
  const seen = new Set<string>();
  const queue = [pendingUnit()];
  for (let unit = queue.pop(); unit !== undefined; unit = queue.pop()) {
    if (seen.has(fingerprint(unit))) continue;
    seen.add(fingerprint(unit));
    for (const event of unitEvents(unit)) {
      const next = stepWorkUnit(unit, event, POLICY).unit;
      edge(units, unit.status, next.status, event.type);
      for (const replica of next.replicas) {
        const before = unit.replicas.find((own) => own.nodeId === replica.nodeId);
        edge(replicas, before?.status ?? '[*]', replica.status, event.type);
      }
      // A withdrawn unit belongs to an ended job; nothing happens to it any more.
      if (event.type !== 'withdrawn') queue.push(next);
    }
  }
  return { units, replicas };
}

function walkJobs(): { jobs: Edges; epochs: Edges } {
  const jobs: Edges = new Set();
  const epochs: Edges = new Set();
  const job = posted({ units: 1, policy: { kind: 'quorum', quorum: 1, maxReplicas: 1 }, expiresAt: 100 });
  const nodeId = nodeAt(1);
  let nonce = 0;
  const events: ((at: number) => ShardEvent)[] = [
    () => funded(job),
    (at) => ({ type: 'node.asked', at, nodeId, slots: 1, draw: 0 }),
    (at) => ({ type: 'replica.committed', at, nodeId, attestation: attest(stateAfter([]), job.jobId, 0, resultOf(3)) }),
    (at) => ({
      type: 'replica.revealed',
      at,
      nodeId,
      workUnitId: unitId(),
      resultDigest: resultOf(3),
      size: 1,
      near: [],
    }),
    (at) => ({ type: 'replica.failed', at, nodeId, workUnitId: unitId(), code: 'KERNEL_THREW' }),
    ...(['pause', 'resume', 'cancel'] as const).map(
      (action) =>
        (at: number): ShardEvent => ({
          type: 'job.controlled',
          at,
          jobId: job.jobId,
          action,
          nonce: ++nonce,
          signature: '0x00',
        }),
    ),
    () => ({ type: 'clock.ticked', at: 200_000 }),
    (at) => ({ type: 'epoch.sealed', at, epoch: 1, journalRoot: resultOf(1) }),
    (at) => ({ type: 'epoch.posted', at, epoch: 1, tx: resultOf(2), block: 1, finalAt: at }),
    (at) => ({ type: 'epoch.final', at, epoch: 1 }),
  ];
  const unitId = () => [...stateAfter([]).units.keys()][0] as never;
  const stateAfter = (path: ShardEvent[]) => {
    const state = createShard();
    for (const event of [opened(), joined(nodeId, 1), job, ...path]) stepShard(state, event);
    return state;
  };
  const unitOf = (path: ShardEvent[]) => {
    const known = stateAfter(path).jobs.get(job.jobId);
    return [known?.funded.toString(), known?.units[0]?.replicas.map((replica) => replica.status)];
  };
  const status = (path: ShardEvent[]) => {
    const state = stateAfter(path);
    return {
      job: state.jobs.get(job.jobId)?.status,
      epoch: state.epochs[0]?.status ?? (state.lastEpoch ? 'final' : 'open'),
    };
  };
  const seen = new Set<string>();
  const queue: ShardEvent[][] = [[]];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const from = status(path);
    for (const make of events) {
      const next = [...path, make(10 + path.length)];
      const to = status(next);
      const label = next.at(-1)?.type ?? '';
      if (from.job !== undefined && to.job !== undefined) edge(jobs, from.job, to.job, labelOf(next.at(-1), label));
      edge(epochs, from.epoch, to.epoch, label);
      const key = JSON.stringify([to, unitOf(next)]);
      if (!seen.has(key) && next.length < 8) queue.push(next);
      seen.add(key);
    }
  }
  return { jobs, epochs };
}

const labelOf = (event: ShardEvent | undefined, type: string) =>
  event?.type === 'job.controlled' ? event.action : type;

const diagram = (title: string, start: string, edges: Edges) =>
  `## ${title}\n\n\`\`\`mermaid\nstateDiagram-v2\n  [*] --> ${start}\n${[...edges].sort().join('\n')}\n\`\`\`\n`;

test('docs/states.md shows exactly the transitions the machines make', () => {
  const { units, replicas } = walkUnits();
  const { jobs, epochs } = walkJobs();
  const text = [
    '# States\n\nPrinted by `packages/protocol/src/machine/states.test.ts`; `UPDATE_STATES=1 npm test -- unit` writes it anew.\n',
    diagram('Job', 'draft', jobs),
    diagram('Work unit', 'pending', units),
    diagram('Replica', 'leased', new Set([...replicas].filter((line) => !line.includes('[*]')))),
    diagram('Epoch', 'open', epochs),
  ].join('\n');
  if (process.env['UPDATE_STATES'] === '1') writeFileSync(DOCUMENT, text);
  expect(readFileSync(DOCUMENT, 'utf8')).toBe(text);
});
