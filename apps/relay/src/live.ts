import type { JobId, WorkUnitId } from '@reckon/protocol/base/ids';
import type { ShardState, WorkUnit } from '@reckon/protocol/machine/state';
import { isTerminal } from '@reckon/protocol/machine/unit-view';
import type { LiveEvent } from '@reckon/protocol/wire/http';
import type { BatchListener } from './batch.ts';
import { createProgress, type UnitProgress } from './progress.ts';
import { countReplicas } from './read-model/rows.ts';

export type LiveTopic = 'network' | 'epochs' | `job:${string}` | `node:${string}`;
type Receive = (event: LiveEvent) => void;

export interface Live {
  listener: BatchListener;
  progress: UnitProgress;
  /** Calls `receive` for each event of these topics until the returned function is called. */
  subscribe(topics: ReadonlySet<LiveTopic>, receive: Receive): () => void;
}

const topicOf = (event: LiveEvent): LiveTopic => {
  if (event.type === 'network') return 'network';
  if (event.type === 'epoch') return 'epochs';
  return event.type === 'node' ? `node:${event.nodeId}` : `job:${event.jobId}`;
};

/** Tells subscribers what became durable, and how far units are. `stateOf` gives the hot state once there is one. */
export function createLive(stateOf: () => ShardState | undefined): Live {
  const subscribers = new Map<Receive, ReadonlySet<LiveTopic>>();

  function publish(event: LiveEvent): void {
    const topic = topicOf(event);
    for (const [receive, topics] of subscribers) if (topics.has(topic)) receive(event);
  }

  const unitEvent = (jobId: JobId, unit: WorkUnit): LiveEvent => ({
    type: 'unit',
    jobId,
    index: unit.index,
    status: unit.status,
    ...countReplicas(unit),
    progress: unit.status === 'accepted' ? 1 : progress.of(unit.id),
    digest: unit.canonical ?? null,
  });

  const progress = createProgress((workUnitId: WorkUnitId) => {
    const state = stateOf();
    const place = state?.units.get(workUnitId);
    const unit = place && state?.jobs.get(place.jobId)?.units[place.index];
    if (place && unit && subscribers.size > 0) publish(unitEvent(place.jobId, unit));
  });

  /** Units told to be running: that something more happened to one would tell how it is checked. */
  const running = new Set<WorkUnitId>();
  function isNews(unit: WorkUnit): boolean {
    if (unit.status !== 'issued') return running.delete(unit.id) || isTerminal(unit);
    if (running.has(unit.id)) return false;
    running.add(unit.id);
    return true;
  }

  const listener: BatchListener = ({ changes }, state) => {
    const events: LiveEvent[] = changes.length > 0 ? [{ type: 'network' }] : [];
    const seen = new Set<WorkUnitId>();
    for (const change of changes) {
      if (change.type === 'node') events.push(change);
      if (change.type === 'job') {
        const job = state.jobs.get(change.jobId);
        if (job !== undefined) events.push({ type: 'job', jobId: job.id, status: job.status });
      }
      if (change.type === 'unit') {
        const unit = state.jobs.get(change.jobId)?.units[change.index];
        if (unit === undefined || seen.has(unit.id)) continue;
        seen.add(unit.id);
        if (isTerminal(unit)) progress.forgetUnit(unit.id);
        if (isNews(unit)) events.push(unitEvent(change.jobId, unit));
      }
      if (change.type === 'epoch') {
        const epoch = state.epochs.find((known) => known.number === change.epoch);
        if (epoch !== undefined) events.push({ type: 'epoch', epoch: epoch.number, status: epoch.status });
      }
    }
    return () => {
      for (const event of events) publish(event);
    };
  };

  return {
    listener,
    progress,
    subscribe(topics, receive) {
      subscribers.set(receive, topics);
      return () => void subscribers.delete(receive);
    },
  };
}
