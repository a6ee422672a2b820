import type { NodeSnapshot } from '@reckon/node/snapshot';
import type { CellLook } from '../../ui/cell.ts';
import type { Status } from '../../ui/status-line.tsx';
import type { NodeView } from './node-store.ts';

const looks: { readonly [S in NodeSnapshot['state']]: CellLook } = {
  off: 'pending',
  starting: 'pending',
  waiting: 'waiting',
  computing: 'computing',
  finishing: 'computing',
  paused: 'pending',
  blocked: 'refused',
};

export const lookOfNode = (snapshot: NodeSnapshot | undefined): CellLook =>
  snapshot === undefined ? 'pending' : looks[snapshot.state];

/** The status line of this tab's node; undefined before the first Start. */
export function nodeStatus(view: NodeView): Status | undefined {
  if (view.snapshot !== undefined && view.snapshot.state !== 'off') return view.snapshot.status;
  if (view.loading) return { title: 'Starting', reason: 'loading the engine' };
  return undefined;
}

export const isRunning = (snapshot: NodeSnapshot | undefined): boolean =>
  snapshot !== undefined && snapshot.state !== 'off' && snapshot.state !== 'blocked' && !isPausedByPerson(snapshot);

/** Paused by a policy the node resumes from by itself; paused by the person it does not. */
export const isPausedByPerson = (snapshot: NodeSnapshot): boolean =>
  snapshot.state === 'paused' && (snapshot.reason === 'user' || snapshot.reason === 'finished');
