import { kernelRules } from '@reckon/kernels/rules';
import type { JobSummary, UnitDetail } from '@reckon/protocol/wire/http';
import { useQuery } from '@tanstack/react-query';
import { useUnit } from '../../api/queries.ts';
import { relay } from '../../api/relay.ts';
import { Button } from '../../ui/button.tsx';
import { Digest } from '../../ui/digest.tsx';
import { PreviewView } from '../../ui/pixels.tsx';
import { Loaded } from '../../ui/states.tsx';
import { policyWords } from '../trust/policy-words.ts';
import { unitVerdictWords } from '../trust/unit-verdict.ts';
import { Checks } from './checks.tsx';
import { previewBlobs, specQuery, stageOf } from './job-data.ts';
import { Replicas } from './replicas.tsx';
import { UnitEvidence } from './unit-evidence.tsx';

/** One unit: what it is, who computed it, what each found, and the way from its receipt to the chain. */
export function UnitPanel(props: { job: JobSummary; index: number; onClose: () => void }) {
  const { job, index } = props;
  const unit = useUnit(job.jobId, index);
  return (
    <section className="sheet unit-panel" aria-labelledby="unit-title">
      <div className="panel-head">
        <h2 id="unit-title">Unit {index}</h2>
        <Button look="quiet" size="small" onClick={props.onClose}>
          Close
        </Button>
      </div>
      <Loaded query={unit} what={`unit ${index}`}>
        {(detail) => (
          <>
            <div className="unit-top">
              <UnitPicture job={job} detail={detail} />
              <dl className="facts small">
                <dt>Verdict</dt>
                <dd>{verdict(detail, job)}</dd>
                <dt>Result</dt>
                <dd>
                  {detail.canonical === null ? (
                    'none yet'
                  ) : (
                    <Digest hex={detail.canonical} what="the result's digest" />
                  )}
                </dd>
                <dt>Parameters</dt>
                <dd>
                  <code>{detail.params.length > 160 ? `${detail.params.slice(0, 160)}…` : detail.params}</code>
                </dd>
                <dt>Unit id</dt>
                <dd>
                  <Digest hex={detail.workUnitId} what="the unit's id" />
                </dd>
              </dl>
            </div>
            <Evidence job={job} detail={detail} />
          </>
        )}
      </Loaded>
    </section>
  );
}

function verdict(detail: UnitDetail, job: JobSummary): string {
  if (detail.status === 'accepted') return unitVerdictWords(job, detail) || 'Accepted.';
  if (detail.status === 'failed') return 'Failed: no result could be accepted. It is not charged.';
  if (detail.status === 'pending') return 'Not given out yet.';
  return `Open: ${policyWords(job.policy)}.`;
}

/** Results, and what was found of them; before the unit is decided only the reason why nothing is shown. */
function Evidence(props: { job: JobSummary; detail: UnitDetail }) {
  const { job, detail } = props;
  if (detail.status !== 'accepted' && detail.status !== 'failed') {
    return (
      <p className="note small">
        Shown once the unit is decided, so that nobody can copy a result. Who computes it, what was found and which
        results are checked stay hidden until then.
      </p>
    );
  }
  return (
    <>
      <Replicas detail={detail} />
      {detail.replicas.length === 0 && <p className="quiet">No node took it.</p>}
      {detail.checks.length > 0 && (
        <>
          <h3>Checks by other nodes</h3>
          <Checks detail={detail} />
        </>
      )}
      {detail.status === 'accepted' && <UnitEvidence job={job} index={detail.index} />}
    </>
  );
}

/** The unit as itself, from its inputs and, once accepted, its result. */
function UnitPicture(props: { job: JobSummary; detail: UnitDetail }) {
  const { job, detail } = props;
  const spec = useQuery(specQuery(job.jobId));
  const preview = useQuery({
    queryKey: ['preview', job.jobId, detail.index, detail.canonical],
    enabled: spec.data !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const stage = stageOf(spec.data ?? (await Promise.reject(new Error('no spec'))));
      const result = detail.canonical === null ? undefined : await relay.downloadBlob(detail.canonical);
      const blobs = await previewBlobs(stage, detail.index);
      return kernelRules(job.kernel).preview?.(detail.params, blobs, result) ?? null;
    },
  });
  if (!preview.data) return null;
  return (
    <div className="unit-picture">
      <PreviewView preview={preview.data} label={`Unit ${detail.index}`} />
    </div>
  );
}
