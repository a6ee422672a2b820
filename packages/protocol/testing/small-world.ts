import { u32be } from '../src/base/bytes.ts';
import { sha256 } from '../src/base/hash.ts';
import type { NodeId, WorkUnitId } from '../src/base/ids.ts';
import type { ShardEvent } from '../src/journal/entry.ts';
import type { StepResult } from '../src/machine/commands.ts';
import type { WorkUnit } from '../src/machine/state.ts';
import type { JobSpec } from '../src/model/job-spec.ts';
import type { TrustConstants } from '../src/model/trust-constants.ts';
import type { RelayMessage } from '../src/wire/messages.ts';
import { type Chunked, chunked, createDriver, type Found } from './shard-driver.ts';
import { asked, funded, type JobOptions, joined, nodeAt, opened, posted, resultOf } from './shard-world.ts';
import { PLAIN_FACTS } from './unit-fixtures.ts';

export const CHUNKED_FACTS = { ...PLAIN_FACTS, chunked: true, leastHarmfulShare: 0.5 };
/** Of a kernel that runs what requesters bring. */
export const GUEST_FACTS = { ...PLAIN_FACTS, guest: true as const };
export const CERTIFIED_FACTS = { ...CHUNKED_FACTS, certified: true };
/** Chunks of every result here. */
export const CHUNKS = 4;

/** The chunks of a unit's right result; `wrong` are those that are not right. */
export const chunksOf = (index: number, wrong: readonly number[] = []): Chunked =>
  chunked(Array.from({ length: CHUNKS }, (_, i) => sha256(u32be(index * 100 + i + (wrong.includes(i) ? 50 : 0)))));

/** The right result of a unit, or one that differs in some chunks. */
export const foundAt = (index: number, wrong: readonly number[] = []): Found => ({
  digest: resultOf(500_000 + index * 1000 + wrong.reduce((sum, chunk) => sum + 2 ** chunk, 0)),
  tree: chunksOf(index, wrong),
  certificate: wrong.length === 0,
});

/** One funded job and some nodes, each done by hand. */
export function createSmallWorld(options: {
  job: JobOptions;
  nodes: number;
  trust?: Partial<TrustConstants>;
  slow?: boolean;
  prefer?: JobSpec['stages'][number]['prefer'];
}) {
  const base = opened();
  const events: ShardEvent[] = [];
  const sent: { nodeId: NodeId; message: RelayMessage }[] = [];
  let charged = 0n;
  const driver = createDriver({
    opening: { ...base, trust: { ...base.trust, ...options.trust } },
    truthOf: (workUnitId) => chunksOf(driver.state.units.get(workUnitId)?.index ?? 0),
    onSend: (nodeId, message) => void sent.push({ nodeId, message }),
    onEvent(event, { ignored, commands }: StepResult) {
      if (ignored === undefined) events.push(event);
      for (const command of commands) {
        if (command.type === 'post-epoch') charged += command.charges.reduce((sum, { amount }) => sum + amount, 0n);
      }
    },
    ...(options.slow === undefined ? {} : { slow: options.slow }),
  });
  const { state, step } = driver;
  const plain = posted(options.job);
  const [stage] = plain.spec.stages;
  const job =
    options.prefer === undefined || stage === undefined
      ? plain
      : { ...plain, spec: { ...plain.spec, stages: [{ ...stage, prefer: options.prefer }] } };
  step(job);
  step(funded(job));
  const ids = Array.from({ length: options.nodes }, (_, i) => nodeAt(i));
  for (const nodeId of ids) step(joined(nodeId));
  const unitAt = (index: number) => state.jobs.get(job.jobId)?.units[index] as WorkUnit;
  const idOf = (index: number): WorkUnitId => unitAt(index).id;
  const ask = (nodeId: NodeId, slots = 1, draw = 0) => step(asked(nodeId, state.now, slots, draw));
  return {
    ...{ driver, state, step, job, ids, events, sent, unitAt, idOf, ask },
    charged: () => charged,
    /** Which units, and of them which chunks, the node is leased now. */
    leases: (nodeId: NodeId) =>
      [...(state.nodes.get(nodeId)?.held.values() ?? []), ...(state.nodes.get(nodeId)?.checking.values() ?? [])].map(
        ({ index }) => index,
      ),
    bring(nodeId: NodeId, index: number, found = foundAt(index), at = state.now) {
      driver.commit(nodeId, idOf(index), found, at);
      return driver.reveal(nodeId, idOf(index), at);
    },
    /** The chunks the node is to check of a unit. */
    handOf: (nodeId: NodeId, index: number): readonly number[] =>
      unitAt(index).checks.find(({ checker, status }) => checker === nodeId && status === 'leased')?.chunks ?? [],
  };
}
export type SmallWorld = ReturnType<typeof createSmallWorld>;
