import type { ReactNode } from 'react';
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

/** The one status line. Only its title and reason are announced, so that a changing countdown does not chatter. */
export function StatusLine(props: { status: Status; look: CellLook; children?: ReactNode }) {
  const { status, look } = props;
  return (
    <div className="status-line">
      <CellMark look={look} size={14} />
      <p role="status" className="status-line-text">
        <strong>{status.title}</strong>
        {status.reason !== undefined && <span> · {status.reason}</span>}
        {status.next !== undefined && (
          <span className="quiet" aria-live="off">
            {' '}
            · {status.next}
          </span>
        )}
      </p>
      {props.children !== undefined && <div className="status-line-verbs">{props.children}</div>}
    </div>
  );
}
