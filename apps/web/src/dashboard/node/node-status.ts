import type { NodeSnapshot } from '@reckon/node/snapshot';
import type { CellLook } from '../../ui/cell.ts';
import type { Status } from '../../ui/status-line.tsx';
import { useFreshness } from '../../api/live.ts';
import { type NodeView, useNode } from './node-store.ts';

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

/**
 * The status line of this tab's node; undefined before the first Start.
 * @param away the page itself has lost the relay: a node's own channel may need longer to notice.
 */
export function nodeStatus(view: NodeView, away: boolean): Status | undefined {
  const { snapshot } = view;
  if (snapshot === undefined || snapshot.state === 'off') {
    return view.loading ? { title: 'Starting', reason: 'loading the engine' } : undefined;
  }
  const { state, status } = snapshot;
  if (!away || (state !== 'waiting' && state !== 'computing')) return status;
  return state === 'waiting'
    ? { title: status.title, reason: 'the relay does not answer', next: 'Goes on when it does.' }
    : { ...status, next: 'The relay does not answer; results are kept until it does.' };
}

/** As `nodeStatus`, kept up to date. */
export function useNodeStatus(): Status | undefined {
  return nodeStatus(useNode(), useFreshness().state === 'reconnecting');
}

export const isRunning = (snapshot: NodeSnapshot | undefined): boolean =>
  snapshot !== undefined && snapshot.state !== 'off' && snapshot.state !== 'blocked' && !isPausedByPerson(snapshot);

/** Paused by a policy the node resumes from by itself; paused by the person it does not. */
export const isPausedByPerson = (snapshot: NodeSnapshot): boolean =>
  snapshot.state === 'paused' && (snapshot.reason === 'user' || snapshot.reason === 'finished');
