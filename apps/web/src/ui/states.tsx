import { isErrorCode, toReckonError } from '@reckon/protocol/base/errors';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { CellMark } from './cell-mark.tsx';
import { WithGuide } from './with-guide.tsx';
import './states.css';

/** Nothing here yet, why, and what to do next. `page`: it is all there is on the page. */
export function Empty(props: { title: string; children: ReactNode; action?: ReactNode; page?: boolean }) {
  const Title = props.page ? 'h1' : 'h2';
  return (
    <div className="empty">
      <CellMark look="pending" size={28} />
      <Title>{props.title}</Title>
      <p className="quiet">{props.children}</p>
      {props.action}
    </div>
  );
}

/** A refusal: what happened in words that name the next action, its code, and a way to try again. */
export function ErrorBox(props: { error: unknown; onRetry?: (() => void) | undefined; compact?: boolean }) {
  const error = toReckonError(props.error);
  return (
    <div className={props.compact ? 'error-box error-box-compact' : 'error-box'} role="alert">
      <CellMark look="refused" size={16} />
      <div>
        <p>
          <WithGuide text={error.message} />
        </p>
        <p className="quiet small">
          Code <code>{isErrorCode(error.code) ? error.code : 'UNEXPECTED'}</code>
        </p>
        {props.onRetry !== undefined && (
          <Button size="small" onClick={props.onRetry}>
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}

/** Waiting says for what. */
export function Loading(props: { what: string }) {
  return (
    <p className="loading quiet" role="status">
      <span className="button-busy" aria-hidden="true" /> Loading {props.what}
    </p>
  );
}

/** Draws the first of: the error, the wait, the data. */
export function Loaded<T>(props: {
  query: { data: T | undefined; error: unknown; refetch: () => unknown };
  what: string;
  children: (data: T) => ReactNode;
}) {
  const { data, error, refetch } = props.query;
  if (data !== undefined) return props.children(data);
  if (error) return <ErrorBox error={error} onRetry={() => void refetch()} />;
  return <Loading what={props.what} />;
}
