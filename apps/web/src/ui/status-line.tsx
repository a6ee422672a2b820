import { type ReactNode, useEffect, useState } from 'react';
import { CellMark } from './cell-mark.tsx';
import type { CellLook } from './cell.ts';
import './status-line.css';

/** State · reason · what changes it. */
export interface Status {
  title: string;
  reason?: string;
  next?: string;
}

/** The line as one text, for the tab's title and for readers. */
export const statusText = (status: Status): string =>
  [status.title, status.reason].filter((part) => part !== undefined).join(' — ') +
  (status.next === undefined ? '' : `. ${status.next}`);

/** What the tab is called: the state first, because tabs are narrow. */
export const statusTitle = (status: Status | undefined, page: string): string =>
  status === undefined ? `${page} · Reckon` : `${status.title}${status.reason ? ` · ${status.reason}` : ''} · Reckon`;

/** A listener is told at most this often what a reader sees change. */
const ANNOUNCE_MS = 10_000;

/** Says the newest text to a screen reader, and never more than once in ten seconds. */
function Announcement(props: { text: string }) {
  const { text } = props;
  const [said, setSaid] = useState({ text: '', at: 0 });
  useEffect(() => {
    if (text === said.text) return;
    const timer = setTimeout(() => setSaid({ text, at: Date.now() }), Math.max(0, said.at + ANNOUNCE_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [text, said]);
  return (
    <span className="hidden-text" aria-live="polite">
      {said.text}
    </span>
  );
}

/** The one status line. What is announced is its title and reason, so that a changing countdown does not chatter. */
export function StatusLine(props: { status: Status; look: CellLook; children?: ReactNode }) {
  const { status, look } = props;
  return (
    <div className="status-line">
      <CellMark look={look} size={14} />
      {/* Read where it stands; its changes are told by the announcement, less often than they are drawn. */}
      <p role="status" aria-live="off" className="status-line-text">
        <strong>{status.title}</strong>
        {status.reason !== undefined && <span> · {status.reason}</span>}
        {status.next !== undefined && <span className="quiet"> · {status.next}</span>}
      </p>
      <Announcement text={[status.title, status.reason].filter(Boolean).join(', ')} />
      {props.children !== undefined && <div className="status-line-verbs">{props.children}</div>}
    </div>
  );
}
