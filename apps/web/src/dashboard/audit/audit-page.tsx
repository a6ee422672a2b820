import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { CellMark } from '../../ui/cell-mark.tsx';
import { ErrorBox } from '../../ui/states.tsx';
import { plural } from '../../ui/format.ts';
import { Equivalent } from '../shell/equivalent.tsx';
import { usePageTitle } from '../shell/page-title.ts';
import './audit.css';
import { CheckpointBox } from './checkpoint-box.tsx';
import { CompareField } from './compare-field.tsx';
import { DifferenceView } from './difference-view.tsx';
import { LogStrip, Phases, stripOf } from './phases.tsx';
import { RecomputePanel } from './recompute-panel.tsx';
import { Result } from './result.tsx';
import { type AuditState, useAudit } from './use-audit.ts';

/** Checks the relay's whole journal in this browser. Nothing is downloaded before the button is pressed. */
export default function AuditPage() {
  usePageTitle('Audit');
  const audit = useAudit();
  const [compare, setCompare] = useState('');
  const { state } = audit;
  const { progress, report, error, recomputed } = state;
  const running = progress !== undefined && error === undefined;
  const start = () => audit.start(compare.trim() === '' ? undefined : compare.trimStart());
  const difference = report?.difference ?? recomputed?.difference;
  return (
    <div className="page">
      <header className="page-head">
        <h1>Audit</h1>
        <p>
          Your browser downloads the relay’s signed log and checks that not one entry was changed since it was signed.
          It then makes every decision again by the public rules: who was paid, for what, and what was drawn to be
          checked. At last it compares the sums with what stands on the chain, and computes some accepted units again.
        </p>
      </header>
      <section className="panel sheet" aria-labelledby="audit-run">
        <h2 id="audit-run" className="hidden-text">
          The audit
        </h2>
        <Verdict state={state} />
        {running && report === undefined && state.log !== undefined && <LogStrip {...state.log} />}
        {running && <Phases progress={progress} />}
        {report !== undefined && report.checkpoint.size > 0 && <LogStrip {...stripOf(report)} />}
        {error !== undefined && <ErrorBox error={error} />}
        <div className="actions">
          {running ? (
            <Button onClick={audit.cancel}>Stop</Button>
          ) : (
            <Button look="primary" onClick={start}>
              {report === undefined ? 'Start the audit' : 'Audit again'}
            </Button>
          )}
        </div>
        <CompareField value={compare} onChange={setCompare} disabled={running} />
      </section>
      {difference !== undefined && difference !== null && (
        <DifferenceView difference={difference} entry={report?.entry ?? null} />
      )}
      {report !== undefined && <Result report={report} />}
      {report !== undefined && report.difference === null && <RecomputePanel audit={audit} />}
      {report !== undefined && <CheckpointBox report={report} />}
      <Equivalent
        cli="npx reckon audit --relay URL --rpc YOUR_NODE"
        sdk="await auditRelay(ports, options)"
        http="GET /log/checkpoint, GET /log/tile/…"
      />
    </div>
  );
}

/** The outcome in one sentence. */
function Verdict({ state }: { state: AuditState }) {
  const { report, recomputed, error, progress } = state;
  if (report === undefined) {
    if (error !== undefined || progress !== undefined) return null;
    return (
      <p className="quiet">
        Nothing is downloaded before you press Start. A log of 10,000 entries is about 5 MB and takes some seconds.
      </p>
    );
  }
  if (report.checkpoint.size === 0) {
    return (
      <p className="audit-verdict" role="status">
        <CellMark look="pending" size={20} /> There is nothing to audit yet.
      </p>
    );
  }
  const differs = report.difference ?? recomputed?.difference;
  const words =
    differs !== undefined && differs !== null
      ? `Entry ${differs.index} is not what it should be.`
      : recomputed === undefined
        ? 'The log, the rules and the chain agree.'
        : `The log, the rules, the chain and ${plural(recomputed.units.filter(({ how }) => how !== 'skipped').length, 'recomputed unit')} agree.`;
  return (
    <p className="audit-verdict" role="status">
      <CellMark look={differs ? 'refused' : 'checked'} size={20} /> {words}
    </p>
  );
}
