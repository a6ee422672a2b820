import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import type { UnitFigures } from '@reckon/protocol/trust/policy-terms';
import type { RelayConfig } from '@reckon/protocol/wire/http';
import { useId } from 'react';
import { agreementWords } from '../trust/agreement-words.ts';
import { policyNames } from '../trust/policy-words.ts';
import type { Draft } from './draft.ts';
import { defaultPolicy, policyChoices, policySentence } from './policy-choice.ts';
import { PolicyParams } from './policy-params.tsx';
import { PolicyTerms, termsOf } from './policy-terms.tsx';
import { FieldError } from './text-field.tsx';

interface VerificationProps {
  draft: Draft;
  manifest: KernelManifest;
  trust: RelayConfig['trust'] | undefined;
  /** Undefined until the form is filled far enough to be cut into units. */
  figures: UnitFigures | undefined;
  onChange: (part: Partial<Draft>) => void;
  error: unknown;
}

/** The ways of verifying this kernel's results, each with what it takes; the chosen one with its numbers and its terms. */
export function Verification(props: VerificationProps) {
  const { draft, onChange, manifest, trust, figures } = props;
  const { verify } = draft;
  const id = useId();
  const choices = policyChoices(manifest);
  return (
    <section className="panel" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>3 · How it is verified</h2>
      <fieldset className="policy-choices">
        <legend className="hidden-text">How results are verified</legend>
        {choices.map((kind) => {
          const chosen = verify.kind === kind;
          const policy = chosen ? verify : defaultPolicy(kind);
          return (
            <label key={kind} className="policy-choice">
              <input
                type="radio"
                name={`${id}-policy`}
                checked={chosen}
                onChange={() => onChange({ verify: defaultPolicy(kind) })}
              />
              <span>
                <strong>{policyNames[kind]}</strong>
                <span className="quiet small">{policySentence(kind, manifest)}</span>
                {trust !== undefined && (
                  <span className="small policy-cost">{termsOf(policy, manifest, trust, figures).work}</span>
                )}
              </span>
            </label>
          );
        })}
      </fieldset>
      <div className="sheet verification">
        <PolicyParams policy={verify} onChange={(next) => onChange({ verify: next })} />
        {trust !== undefined && <PolicyTerms policy={verify} manifest={manifest} trust={trust} figures={figures} />}
        {choices.length === 1 && (
          <p className="quiet small">
            Only a vote can compare this kernel’s results. {agreementWords(manifest.agreement)}
          </p>
        )}
        {props.error !== undefined && <FieldError error={props.error} />}
      </div>
    </section>
  );
}
