import type { ReactNode } from 'react';
import './figure.css';

/** One number with its name, and what it means below. Stale figures dim (`data-stale` on an ancestor). */
export function Stat(props: { label: ReactNode; children: ReactNode; note?: ReactNode }) {
  return (
    <div className="stat">
      <dt>{props.label}</dt>
      <dd>
        <span className="stat-value">{props.children}</span>
        {props.note !== undefined && <span className="stat-note">{props.note}</span>}
      </dd>
    </div>
  );
}

export function Stats(props: { children: ReactNode; label?: string }) {
  return (
    <dl className="stats" aria-label={props.label}>
      {props.children}
    </dl>
  );
}
