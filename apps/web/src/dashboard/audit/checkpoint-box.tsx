import type { AuditReport } from '@reckon/client/audit/audit-report';
import { Button } from '../../ui/button.tsx';
import { plural } from '../../ui/format.ts';
import { report as toast } from '../../ui/toast.tsx';

/** The signed checkpoint, to be taken to another auditor, and what it was compared with. */
export function CheckpointBox(props: { report: AuditReport }) {
  const { note, extended } = props.report;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(note);
      toast('Copied the checkpoint.');
    } catch {
      toast('The browser did not let the page copy. Select the text below instead.');
    }
  };
  return (
    <section className="panel" aria-labelledby="checkpoint-title">
      <div className="panel-head">
        <h2 id="checkpoint-title">Checkpoint</h2>
        <Button size="small" onClick={() => void copy()}>
          Copy the checkpoint
        </Button>
      </div>
      <p className="quiet small">
        {extended.own === null
          ? 'This browser saw the log for the first time; the next audit will be held against this checkpoint.'
          : `The log extends the one this browser saw last, of ${plural(extended.own, 'entry', 'entries')}.`}
        {extended.other !== null &&
          ` It is the same log as the other auditor’s, of ${plural(extended.other, 'entry', 'entries')}.`}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keys */}
      <pre className="mono audit-note" tabIndex={0} aria-label="The signed checkpoint">
        {note}
      </pre>
    </section>
  );
}
