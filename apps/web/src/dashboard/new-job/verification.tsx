import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import { useId } from 'react';
import { CellMark } from '../../ui/cell-mark.tsx';
import type { Draft } from './draft.ts';
import { FieldError } from './text-field.tsx';

interface VerificationProps {
  draft: Draft;
  manifest: KernelManifest;
  onChange: (part: Partial<Draft>) => void;
  error: unknown;
}

/** The quorum in words and cells: how many must agree, of at most how many. */
export function Verification(props: VerificationProps) {
  const { draft, onChange, manifest } = props;
  const { quorum, maxReplicas } = draft;
  const id = useId();
  const within = manifest.agreement.kind === 'within';
  return (
    <section className="panel" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>3 · How it is checked</h2>
      <div className="sheet verification">
        <p className="verification-words">
          <span className="verification-cells" aria-hidden="true">
            {Array.from({ length: maxReplicas }, (_, index) => (
              <CellMark key={index} look={index < quorum ? 'accepted' : 'pending'} size={18} />
            ))}
          </span>
          <strong>
            {quorum === 1 ? 'One result is believed as it comes.' : `${quorum} nodes must get the same result.`}
          </strong>
        </p>
        <p className="quiet">
          {quorum === 1
            ? 'Nothing is compared, so a wrong result would not be noticed.'
            : `If they differ, more nodes are asked, up to ${maxReplicas}. A unit on which no ${quorum} agree fails and costs nothing.`}{' '}
          {within
            ? 'The same means within the tolerance of this kernel, which works in floating point.'
            : 'The same means the same bytes.'}
        </p>
        <div className="form-row">
          <Slider
            label="Must agree"
            value={quorum}
            max={7}
            onChange={(next) => onChange({ quorum: next, maxReplicas: Math.max(maxReplicas, next) })}
          />
          <Slider
            label="Ask at most"
            value={maxReplicas}
            max={15}
            onChange={(next) => onChange({ maxReplicas: next, quorum: Math.min(quorum, next) })}
          />
        </div>
        {props.error !== undefined && <FieldError error={props.error} />}
      </div>
    </section>
  );
}

function Slider(props: { label: string; value: number; max: number; onChange: (value: number) => void }) {
  const id = useId();
  return (
    <div className="form-field">
      <div className="range-head">
        <label htmlFor={id}>{props.label}</label>
        <output htmlFor={id} className="quiet small">
          {props.value} {props.value === 1 ? 'node' : 'nodes'}
        </output>
      </div>
      <input
        id={id}
        type="range"
        min={1}
        max={props.max}
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.valueAsNumber)}
      />
    </div>
  );
}
