import { useSyncExternalStore } from 'react';
import { formatRelative, formatTime } from './format.ts';

/** One clock for the page: it ticks each second while something shows a relative time and the page is seen. */
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    if (document.hidden) return;
    now = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

export const useNow = (): number => useSyncExternalStore(subscribe, () => now);

/** A relative time; the absolute one stands in the title. */
export function Ago(props: { at: number }) {
  const current = useNow();
  return (
    <time dateTime={new Date(props.at).toISOString()} title={formatTime(props.at)}>
      {formatRelative(props.at, Math.max(current, Date.now() - 1000))}
    </time>
  );
}
