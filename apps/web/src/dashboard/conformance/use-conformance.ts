import { ReckonError } from '@reckon/protocol/base/errors';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { FromChecker, ToChecker } from './messages.ts';
import { type ConformanceState, IDLE, receive } from './state.ts';

/** The checks, in a worker that ends with the page. Nothing is loaded before `start`. */
export function useConformance() {
  const [state, setState] = useState<ConformanceState>(IDLE);
  const worker = useRef<Worker>(undefined);
  const stop = useCallback(() => {
    worker.current?.terminate();
    worker.current = undefined;
  }, []);
  useEffect(() => stop, [stop]);

  function start(heavy: boolean): void {
    stop();
    setState({ ...IDLE, phase: 'running' });
    // Written in one expression, or the bundler takes the entry for a file to copy.
    const started = new Worker(new URL('./conformance-worker.ts', import.meta.url), {
      type: 'module',
      name: 'reckon-conformance',
    });
    worker.current = started;
    started.onmessage = ({ data }: MessageEvent<FromChecker>) => {
      setState((before) => receive(before, data));
      // Its kernels hold memory, and are not asked again.
      if (data.type === 'done' || data.type === 'failed') stop();
    };
    started.onerror = (event) => {
      event.preventDefault();
      // A file that cannot be fetched is an error without a message.
      const error = event.message
        ? new ReckonError('UNEXPECTED', { cause: event.message })
        : new ReckonError('RELAY_UNREACHABLE', { url: location.origin, cause: 'the checks could not be loaded' });
      setState((before) => ({ ...before, phase: 'failed', error }));
    };
    const message: ToChecker = { type: 'run', heavy };
    started.postMessage(message);
  }

  function cancel(): void {
    stop();
    setState(IDLE);
  }

  return { state, start, cancel };
}
