import type { WorkUnitId } from '@reckon/protocol/base/ids';
import type { Job, ShardState, WorkUnit } from '@reckon/protocol/machine/state';
import { isTerminal } from '@reckon/protocol/machine/unit-view';
import type { LiveEvent } from '@reckon/protocol/wire/http';
import type { BatchListener } from './batch.ts';
import { createProgress, type UnitProgress } from './progress.ts';
import { hidesRunning, shownOf } from './read-model/rows.ts';

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

  const unitEvent = (job: Job, unit: WorkUnit): LiveEvent => ({
    type: 'unit',
    jobId: job.id,
    index: unit.index,
    ...shownOf(job, unit),
    progress: unit.status === 'accepted' ? 1 : progress.of(unit.id),
    digest: unit.canonical ?? null,
  });

  const progress = createProgress((workUnitId: WorkUnitId) => {
    const state = stateOf();
    const place = state?.units.get(workUnitId);
    const job = place && state?.jobs.get(place.jobId);
    const unit = place && job?.units[place.index];
    if (job && unit && subscribers.size > 0 && !hidesRunning(job)) publish(unitEvent(job, unit));
  });

  /** Units told to be running: that something more happened to one would tell how it is checked. */
  const running = new Set<WorkUnitId>();
  function isNews(job: Job, unit: WorkUnit): boolean {
    if (hidesRunning(job)) return isTerminal(unit);
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
        const job = state.jobs.get(change.jobId);
        const unit = job?.units[change.index];
        if (job === undefined || unit === undefined || seen.has(unit.id)) continue;
        seen.add(unit.id);
        if (isTerminal(unit)) progress.forgetUnit(unit.id);
        if (isNews(job, unit)) events.push(unitEvent(job, unit));
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
