import type { Freshness } from '../../api/live-hub.ts';
import { formatRelative, formatTime } from '../../ui/format.ts';
import { CellMark } from '../../ui/cell-mark.tsx';
import { useNow } from '../../ui/time.tsx';

/** Live, so many seconds old, or reconnecting. */
export function FreshnessMark(props: { freshness: Freshness }) {
  const { state, at } = props.freshness;
  const now = useNow();
  const age = at === 0 ? '' : formatRelative(at, Math.max(now, at));
  const words = {
    connecting: 'Connecting',
    live: 'Live',
    late: `Updated ${age}`,
    reconnecting: at === 0 ? 'No answer' : 'Reconnecting',
  }[state];
  const look = { connecting: 'pending', live: 'accepted', late: 'waiting', reconnecting: 'waiting' } as const;
  return (
    <span className="freshness" title={at === 0 ? undefined : `Last word from the relay: ${formatTime(at)}`}>
      <CellMark look={look[state]} size={10} />
      {words}
    </span>
  );
}
