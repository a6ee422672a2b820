import { unitFigures } from '@reckon/client/unit-figures';
import { manifests } from '@reckon/kernels/manifests';
import { kernelRules } from '@reckon/kernels/rules';
import { type KernelManifest, kernelName } from '@reckon/protocol/model/kernel-manifest';
import { useMutation } from '@tanstack/react-query';
import { Link, useSearchParams } from 'wouter';
import { useConfig } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import '../../ui/field.css';
import { ErrorBox } from '../../ui/states.tsx';
import { guideOf } from '../guide/guide-links.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { Cost } from './cost.tsx';
import { type Draft, fieldOf, fromJobFile, isUnfilled } from './draft.ts';
import { exampleFolders, loadExample } from './examples.ts';
import { firstClause } from './first-clause.ts';
import { InputFiles } from './input-files.tsx';
import './new-job.css';
import { Params } from './params.tsx';
import { PostPanel } from './post-panel.tsx';
import { TextField } from './text-field.tsx';
import { useDraft } from './use-draft.ts';
import { usePrepared } from './use-prepared.ts';
import { Verification } from './verification.tsx';

const [firstManifest] = manifests as readonly [KernelManifest, ...KernelManifest[]];

/** Order a job: kernel, inputs, how it is checked, what it costs; then two signatures. */
export default function NewJobPage() {
  usePageTitle('New job');
  const [search, setSearch] = useSearchParams();
  const asked = search.get('kernel');
  const manifest = manifests.find((each) => kernelName(each) === asked) ?? firstManifest;
  return (
    <div className="page">
      <header className="page-head">
        <h1>New job</h1>
        <p>Pick a program, give it your files, and see the price before anything is signed.</p>
      </header>
      <section className="panel" aria-labelledby="kernel-title">
        <h2 id="kernel-title">1 · Kernel</h2>
        <div className="kernel-cards">
          {manifests.map((each) => (
            <button
              type="button"
              key={each.id}
              aria-pressed={each === manifest}
              onClick={() => setSearch({ kernel: kernelName(each) }, { replace: true })}
            >
              <strong>{each.title}</strong>
              <span className="quiet small">{firstClause(each.summary)}</span>
              <code className="quiet">{kernelName(each)}</code>
            </button>
          ))}
        </div>
        {firstClause(manifest.summary) !== manifest.summary && <p className="quiet small">{manifest.summary}</p>}
        {manifest.guest === true && (
          <p className="small">
            It runs a program of yours: <Link href={guideOf(manifest.id)}>how to bring your own</Link>, with examples
            and limits.
          </p>
        )}
      </section>
      <JobForm key={manifest.id} manifest={manifest} />
    </div>
  );
}

function JobForm(props: { manifest: KernelManifest }) {
  const { manifest } = props;
  const config = useConfig();
  const form = useDraft(manifest);
  const { draft, setDraft } = form;
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const { prepared, error, stale } = usePrepared(draft, manifest, config.data);
  const stage = prepared?.spec.stages[0];
  const figures = stage && unitFigures(stage, kernelRules(stage.kernel.name));
  const unfilled = isUnfilled(error, draft);
  const field = fieldOf(error);
  const errorAt = (name: string): unknown => (field === name && !unfilled ? error : undefined);
  const folder = exampleFolders[manifest.id];
  const example = useMutation({
    mutationFn: () => loadExample(folder ?? manifest.id),
    onSuccess: ({ jobFile, files }) => setDraft(() => fromJobFile(jobFile, files, manifest)),
  });
  return (
    <div className="two-columns">
      <form className="panel-stack" onSubmit={(event) => event.preventDefault()}>
        <section className="panel" aria-labelledby="input-title">
          <div className="panel-head">
            <h2 id="input-title">2 · Input</h2>
            {folder !== undefined && (
              <Button size="small" busy={example.isPending} onClick={() => example.mutate()}>
                Use an example
              </Button>
            )}
          </div>
          {form.restored && (
            <p className="note small">
              This is the form as you left it; it is kept in this browser only.{' '}
              <button type="button" className="link-button" onClick={form.clear}>
                Start over
              </button>
            </p>
          )}
          {example.error && <ErrorBox compact error={example.error} />}
          <div className="form-row">
            <TextField
              label="Title"
              value={draft.title}
              onChange={(title) => change({ title })}
              error={errorAt('title')}
            >
              What volunteers read while they compute it.
            </TextField>
            <TextField
              label="Your name"
              value={draft.requester}
              onChange={(requester) => change({ requester })}
              error={errorAt('requester')}
            >
              Shown to volunteers; nobody verifies it.
            </TextField>
          </div>
          <InputFiles
            manifest={manifest}
            files={draft.files}
            onChange={(files) => change({ files })}
            error={error}
            unfilled={unfilled}
          />
          <Params
            manifest={manifest}
            values={draft.params}
            onChange={(params) => change({ params })}
            errorAt={(name) => errorAt(`param:${name}`)}
          />
        </section>
        <Verification
          draft={draft}
          onChange={change}
          manifest={manifest}
          trust={config.data?.trust}
          figures={figures}
          error={errorAt('verify')}
        />
        <section className="panel" aria-labelledby="price-title">
          <h2 id="price-title">4 · Price and time</h2>
          <div className="form-row">
            <TextField
              label={`Price of one unit${config.data ? `, ${config.data.token.symbol}` : ''}`}
              value={draft.price}
              inputMode="decimal"
              onChange={(price) => change({ price })}
              error={errorAt('price')}
            >
              Everybody whose work counts and the fee share it.
            </TextField>
            <TextField
              label="Ends after, minutes"
              value={draft.minutes}
              inputMode="numeric"
              onChange={(minutes) => change({ minutes })}
              error={errorAt('minutes')}
            >
              What is not spent by then returns.
            </TextField>
          </div>
          <div className="check-row">
            <input
              type="checkbox"
              id="greenest"
              checked={draft.greenest}
              aria-describedby="greenest-help"
              onChange={(event) => change({ greenest: event.currentTarget.checked })}
            />
            <div>
              <label htmlFor="greenest">Greenest first</label>
              <p className="field-help" id="greenest-help">
                Nodes whose people say that their electricity is green get the units first. It costs no more and may
                take longer.
              </p>
            </div>
          </div>
        </section>
      </form>
      <aside className="new-job-side" aria-label="Cost and order">
        <Cost
          prepared={prepared}
          manifest={manifest}
          trust={config.data?.trust}
          stale={stale}
          error={error}
          unfilled={unfilled}
          placed={field !== undefined}
        />
        {config.error && <ErrorBox compact error={config.error} onRetry={() => void config.refetch()} />}
        <PostPanel prepared={stale ? undefined : prepared} form={form} />
      </aside>
    </div>
  );
}
