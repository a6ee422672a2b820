import { useSyncExternalStore } from 'react';

/** Units this browser has re-checked itself, by job: they wear a ring while the page lives. */
const checked = new Map<string, ReadonlySet<number>>();
const none: ReadonlySet<number> = new Set();
const listeners = new Set<() => void>();

export function markChecked(jobId: string, indexes: readonly number[]): void {
  checked.set(jobId, new Set([...(checked.get(jobId) ?? none), ...indexes]));
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useChecked = (jobId: string): ReadonlySet<number> =>
  useSyncExternalStore(subscribe, () => checked.get(jobId) ?? none);
