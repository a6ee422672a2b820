import type { LiveEvent, UnitCells } from '@reckon/protocol/wire/http';
import type { QueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import type { Freshness } from './live-hub.ts';
import { keys } from './queries.ts';
import { live } from './relay.ts';

/** Events come in bursts; what they changed is asked for at most this often. */
const FLUSH_MS = 500;

/** A unit's event is applied at once, so that its cell changes while the answer is on its way. */
export function applyUnit(cells: UnitCells, event: Extract<LiveEvent, { type: 'unit' }>): UnitCells {
  const { index, status, leased, revealed, progress, digest } = event;
  if (cells.cells[index] === undefined) return cells;
  return { ...cells, cells: cells.cells.with(index, { status, leased, revealed, progress, digest }) };
}

/** What an event makes out of date. */
export function staleKeys(event: LiveEvent): (readonly unknown[])[] {
  switch (event.type) {
    case 'network':
      return [keys.network];
    case 'job':
      return [keys.allOfJob(event.jobId), keys.jobs];
    case 'unit':
      // Not the cells: the event was applied to them, and asking for all after each unit would cost more than the unit.
      return [keys.job(event.jobId), keys.unit(event.jobId, event.index)];
    case 'node':
      return [keys.node(event.nodeId), ['account']];
    case 'epoch':
      return [keys.epochs, ['account'], keys.network];
  }
}

/** Everything that events tell of; after a reconnection any of it may have changed. */
const changing = [keys.network, keys.epochs, keys.jobs, ['job'], ['node'], ['account']] as const;

/**
 * Asks again for what became out of date, together and at most every `FLUSH_MS`. A question that is under way is let
 * finish and asked once more after: to start it anew with each event would never let an answer through on a busy day.
 */
export function createRefresher(queryClient: QueryClient): (stale: readonly (readonly unknown[])[]) => void {
  let due = new Map<string, readonly unknown[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    const now = due;
    due = new Map();
    for (const [name, queryKey] of now) {
      if (queryClient.isFetching({ queryKey }) > 0) due.set(name, queryKey);
      else void queryClient.invalidateQueries({ queryKey });
    }
    if (due.size > 0) timer = setTimeout(flush, FLUSH_MS);
  };
  return (stale) => {
    for (const queryKey of stale) due.set(JSON.stringify(queryKey), queryKey);
    timer ??= setTimeout(flush, FLUSH_MS);
  };
}

/** Connects the hub to the cache; call once. */
export function bindLive(queryClient: QueryClient): void {
  const refresh = createRefresher(queryClient);
  live.onEvent((event) => {
    if (event === undefined) return refresh(changing);
    if (event.type === 'unit') {
      queryClient.setQueryData<UnitCells>(keys.cells(event.jobId), (cells) => cells && applyUnit(cells, event));
    }
    refresh(staleKeys(event));
  });
  document.addEventListener('visibilitychange', () => live.setVisible(!document.hidden));
}

/** Keeps these topics live while the component is shown. */
export function useTopics(...topics: readonly string[]): void {
  const list = topics.join(' ');
  useEffect(() => {
    const leave = list.split(' ').filter(Boolean).map(live.want);
    return () => {
      for (const each of leave) each();
    };
  }, [list]);
}

export const useFreshness = (): Freshness => useSyncExternalStore(live.subscribe, live.getFreshness);
