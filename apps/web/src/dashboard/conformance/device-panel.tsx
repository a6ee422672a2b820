import { adapterText, browserOf, browserText } from './device.ts';
import type { ConformanceState } from './state.ts';

/** What is compared, as far as a report would say it. */
export function Device(props: { state: ConformanceState }) {
  const { adapter, software } = props.state;
  const offered = 'gpu' in navigator;
  return (
    <>
      <dl className="facts">
        <dt>Browser</dt>
        <dd>{browserText(browserOf(navigator.userAgent))}</dd>
        <dt>GPU</dt>
        <dd>
          {adapter === undefined
            ? offered
              ? 'asked for when the checks begin'
              : 'this browser offers no WebGPU'
            : adapterText(adapter)}
          {software && <span className="quiet">, software on the processor</span>}
        </dd>
      </dl>
      {adapter === null && (
        <p className="note">
          This browser offers no WebGPU here, so that only WASM is compared. Recent Chrome, Edge and Safari have it, and
          Firefox on Windows and macOS; it needs a page by HTTPS or from this machine.
        </p>
      )}
    </>
  );
}
