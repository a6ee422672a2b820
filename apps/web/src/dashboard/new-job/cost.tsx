import type { PreparedJob } from '@reckon/client/prepare-job';
import { unitFigures } from '@reckon/client/unit-figures';
import { kernelRules } from '@reckon/kernels/rules';
import type { StageSpec } from '@reckon/protocol/model/job-spec';
import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import type { RelayConfig } from '@reckon/protocol/wire/http';
import { plural } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { ErrorBox } from '../../ui/states.tsx';
import { policyNames, policyWords } from '../trust/policy-words.ts';
import { termsOf } from './policy-terms.tsx';

interface CostProps {
  prepared: PreparedJob | undefined;
  manifest: KernelManifest;
  trust: RelayConfig['trust'] | undefined;
  stale: boolean;
  error: unknown;
  unfilled: boolean;
  /** The refusal stands beside its field already. */
  placed: boolean;
}

/** What is paid, to whom, and what returns, before the wallet opens. */
export function Cost(props: CostProps) {
  const { prepared, error, unfilled, placed } = props;
  return (
    <section className="sheet cost" aria-labelledby="cost-title" aria-live="polite">
      <h2 id="cost-title">Cost</h2>
      {prepared !== undefined && (
        <Breakdown prepared={prepared} manifest={props.manifest} trust={props.trust} stale={props.stale} />
      )}
      {prepared === undefined && (error === undefined || unfilled) && (
        <p className="quiet">
          The price appears here as soon as title, name and input are given. Nothing is sent before.
        </p>
      )}
      {prepared === undefined && error !== undefined && !unfilled && (
        <>
          {placed ? (
            <p className="field-error">
              One field needs another value: the one marked red says which. The price follows.
            </p>
          ) : (
            <ErrorBox compact error={error} />
          )}
        </>
      )}
    </section>
  );
}

function Breakdown(props: Pick<CostProps, 'manifest' | 'trust' | 'stale'> & { prepared: PreparedJob }) {
  const { prepared, manifest, trust } = props;
  const { price } = prepared;
  const stage = prepared.spec.stages[0] as StageSpec; // the schema asks for exactly one
  const terms = trust && termsOf(stage.policy, manifest, trust, unitFigures(stage, kernelRules(stage.kernel.name)));
  return (
    <div className={props.stale ? 'cost-body cost-stale' : 'cost-body'}>
      <p className="cost-total">
        <Money wei={price.budget} mark />
      </p>
      <p className="quiet small">
        goes into escrow: {plural(price.units, 'unit')} × <Money wei={price.perUnit} />
      </p>
      <p className="small">
        Each accepted unit costs the same, however many nodes it took. A unit that fails costs nothing.
      </p>
      <dl className="facts small cost-facts">
        <dt>All accepted</dt>
        <dd>
          <Money wei={price.likely} />, the most it can cost
        </dd>
        <dt>None accepted</dt>
        <dd>
          <Money wei={price.best} />, all of it returns
        </dd>
        <dt>To the nodes</dt>
        <dd>
          <Money wei={price.rewards} /> when all are accepted
        </dd>
        <dt>To the relay</dt>
        <dd>
          <Money wei={price.fee} /> of it, as its fee
        </dd>
        {terms !== undefined && (
          <>
            <dt>Computed</dt>
            <dd>as much as {plural(Math.ceil(price.units * terms.executions), 'result')}, checks included</dd>
            <dt>Verified</dt>
            <dd>
              {policyNames[stage.policy.kind].toLowerCase()}: {policyWords(stage.policy)}
            </dd>
          </>
        )}
      </dl>
      <p className="quiet small">What is not spent returns to your wallet when the job ends.</p>
    </div>
  );
}
