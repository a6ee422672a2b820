import type { AuditProgress, AuditReport } from '@reckon/client/audit/audit-report';
import type { RecomputeReport } from '@reckon/client/audit/recompute';
import { fromWire, ReckonError } from '@reckon/protocol/base/errors';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { FromAuditor, ToAuditor } from './audit-messages.ts';

/** Where an audit stands. `progress` is set while something is under way. */
export interface AuditState {
  readonly progress?: AuditProgress;
  /** Size of the log, and how many of its entries passed so far. */
  readonly log?: { readonly size: number; readonly passed: number };
  readonly report?: AuditReport;
  /** Inputs of the units drawn, to be downloaded before they can be computed. */
  readonly inputBytes: number;
  readonly recomputed?: RecomputeReport;
  readonly error?: ReckonError;
}

const IDLE: AuditState = { inputBytes: 0 };

/** What a message of the worker makes of the state. */
export function receive(state: AuditState, message: FromAuditor): AuditState {
  const { progress: _over, error: _old, ...kept } = state;
  switch (message.type) {
    case 'progress': {
      const { phase, done, total } = message.progress;
      const log = phase === 'replay' ? { log: { size: total, passed: done } } : {};
      return { ...kept, ...log, progress: message.progress };
    }
    case 'report':
      return { report: message.report, inputBytes: message.inputBytes };
    case 'recomputed':
      return { ...kept, recomputed: message.recomputed };
    case 'failed':
      return { ...kept, error: fromWire(message.error) };
  }
}

/** One audit at a time, in a worker that ends with the page. */
export function useAudit() {
  const [state, setState] = useState(IDLE);
  const worker = useRef<Worker>(undefined);
  const stop = useCallback(() => {
    worker.current?.terminate();
    worker.current = undefined;
  }, []);
  useEffect(() => stop, [stop]);

  const tell = (message: ToAuditor) => worker.current?.postMessage(message);

  function start(compare?: string): void {
    stop();
    setState({ ...IDLE, progress: { phase: 'log', done: 0, total: 0 } });
    const started = new Worker(new URL('./audit-worker.ts', import.meta.url), { type: 'module', name: 'reckon-audit' });
    worker.current = started;
    started.onmessage = ({ data }: MessageEvent<FromAuditor>) => setState((before) => receive(before, data));
    started.onerror = (event) => {
      event.preventDefault();
      const cause = event.message || 'the audit could not be loaded';
      setState((before) => ({ ...before, error: new ReckonError('UNEXPECTED', { cause }) }));
    };
    tell({ type: 'audit', relayUrl: location.origin, ...(compare === undefined ? {} : { compare }) });
  }

  function recompute(): void {
    setState((before) => ({
      ...before,
      progress: { phase: 'recompute', done: 0, total: before.report?.sample.length ?? 0 },
    }));
    tell({ type: 'recompute' });
  }

  function cancel(): void {
    stop();
    setState(IDLE);
  }

  return { state, start, recompute, cancel };
}
export type Audit = ReturnType<typeof useAudit>;
