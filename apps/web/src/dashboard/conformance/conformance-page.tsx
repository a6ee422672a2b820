import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { ErrorBox } from '../../ui/states.tsx';
import '../../ui/field.css';
import { Equivalent } from '../shell/equivalent.tsx';
import { usePageTitle } from '../shell/page-title.ts';
import './conformance.css';
import { Device } from './device-panel.tsx';
import { Differences } from './differences.tsx';
import { ExactResults } from './exact-results.tsx';
import { FloatResults } from './float-results.tsx';
import { Meaning, WhatRuns } from './meaning.tsx';
import { Running } from './running.tsx';
import { lineResults, totalsOf } from './state.ts';
import { SubmitPanel } from './submit-panel.tsx';
import { useConformance } from './use-conformance.ts';
import { Verdict } from './verdict.tsx';

/** Compares this device with the reference, bit by bit. Nothing runs or is downloaded before the button is pressed. */
export default function ConformancePage() {
  usePageTitle('Does this device compute the same bits?');
  const { state, start, cancel } = useConformance();
  const [heavy, setHeavy] = useState(false);
  const { phase, error, findings } = state;
  const running = phase === 'running';
  const lines = lineResults(state);
  const totals = totalsOf(findings);
  return (
    <div className="page">
      <header className="page-head">
        <h1>Does this device compute the same bits?</h1>
        <p>
          Strangers’ results can be compared only if every device computes the same bits. Your browser runs small fixed
          cases of every kernel on all that this device offers, and compares each bit with a plain reference. Float
          kernels may differ in their last bits; how far they do on this device stands beside it.
        </p>
      </header>
      <section className="panel sheet" aria-labelledby="conformance-run">
        <h2 id="conformance-run" className="hidden-text">
          The checks
        </h2>
        <Verdict state={state} totals={totals} />
        {running && <Running state={state} />}
        {error !== undefined && <ErrorBox error={error} />}
        <Device state={state} />
        <div className="check-row">
          <input
            type="checkbox"
            id="conformance-heavy"
            checked={heavy}
            disabled={running}
            aria-describedby="conformance-heavy-help"
            onChange={(event) => setHeavy(event.currentTarget.checked)}
          />
          <div>
            <label htmlFor="conformance-heavy">Neural networks too</label>
            <p className="field-help" id="conformance-heavy-help">
              Their engine, onnxruntime-web, is a download of up to 41 MB, once. Everything else is less than 1 MB.
            </p>
          </div>
        </div>
        <div className="actions">
          {running ? (
            <Button onClick={cancel}>Stop</Button>
          ) : (
            <Button look="primary" onClick={() => start(heavy)}>
              {phase === 'idle' ? 'Run the checks' : 'Run again'}
            </Button>
          )}
        </div>
      </section>
      {phase === 'idle' && <WhatRuns />}
      {lines.length > 0 && (
        <>
          <ExactResults lines={lines.filter(({ exact }) => exact)} running={running} />
          <FloatResults lines={lines.filter(({ exact }) => !exact)} running={running} />
          <Differences outcomes={state.outcomes} />
        </>
      )}
      {phase === 'done' && (
        <>
          <Meaning totals={totals} />
          {findings.length > 0 && <SubmitPanel adapter={state.adapter ?? null} findings={findings} />}
        </>
      )}
      <Equivalent sdk="await relay.conformance()" http="GET /api/conformance, POST /api/conformance" />
    </div>
  );
}
