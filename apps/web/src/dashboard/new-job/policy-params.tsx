import type { Sampling, VerificationPolicy } from '@reckon/protocol/model/policy';
import { type ReactNode, useId } from 'react';
import { changeSampling, defaultPolicy, epsilonChoices } from './policy-choice.ts';
import { Slider } from './slider.tsx';

interface PolicyParamsProps {
  policy: VerificationPolicy;
  onChange: (policy: VerificationPolicy) => void;
}

/** The numbers of the chosen policy, each within its bounds and never against another. */
export function PolicyParams(props: PolicyParamsProps) {
  const { policy, onChange } = props;
  const most = (min: number) => (
    <Slider
      label="Take at most"
      unit="result"
      value={policy.maxReplicas}
      min={min}
      max={15}
      onChange={(maxReplicas) => onChange({ ...policy, maxReplicas })}
    />
  );
  switch (policy.kind) {
    case 'certificate':
      return <div className="form-row">{most(1)}</div>;
    case 'sample':
      return (
        <div className="form-row">
          <SamplingSliders sampling={policy} onChange={(sampling) => onChange({ ...policy, ...sampling })} />
          {most(1)}
        </div>
      );
    case 'audit':
      return <AuditParams policy={policy} onChange={onChange} most={most(2)} />;
    case 'quorum':
      return <QuorumParams policy={policy} onChange={onChange} />;
  }
}

function SamplingSliders(props: { sampling: Sampling; onChange: (sampling: Sampling) => void }) {
  const { chunks, checkers } = props.sampling;
  const change = (part: Partial<Sampling>) => props.onChange(changeSampling({ chunks, checkers }, part));
  return (
    <>
      <Slider label="Recompute" unit="chunk" value={chunks} max={64} onChange={(value) => change({ chunks: value })} />
      <Slider
        label="Dealt out among"
        unit="checker"
        value={checkers}
        max={8}
        onChange={(value) => change({ checkers: value })}
      />
    </>
  );
}

const sampleDefault = defaultPolicy('sample') as Sampling;

function AuditParams(props: {
  policy: Extract<VerificationPolicy, { kind: 'audit' }>;
  onChange: (policy: VerificationPolicy) => void;
  most: ReactNode;
}) {
  const { policy, onChange } = props;
  const { sample, ...rest } = policy;
  const begin = { chunks: Math.min(8, sampleDefault.chunks), checkers: 1 };
  return (
    <>
      <div className="form-row">
        <Epsilon value={policy.epsilon} onChange={(epsilon) => onChange({ ...policy, epsilon })} />
        {props.most}
      </div>
      <Tick
        label="Recompute some chunks of every result as well"
        checked={sample !== undefined}
        onChange={(on) => onChange(on ? { ...rest, sample: begin } : rest)}
      >
        Gross forgeries are then caught at once, not only when an audit comes.
      </Tick>
      {sample !== undefined && (
        <div className="form-row">
          <SamplingSliders sampling={sample} onChange={(next) => onChange({ ...policy, sample: next })} />
        </div>
      )}
    </>
  );
}

function QuorumParams(props: {
  policy: Extract<VerificationPolicy, { kind: 'quorum' }>;
  onChange: (policy: VerificationPolicy) => void;
}) {
  const { policy, onChange } = props;
  const { epsilon, ...rest } = policy;
  return (
    <>
      <div className="form-row">
        <Slider
          label="Must agree"
          unit="node"
          value={policy.quorum}
          max={7}
          onChange={(quorum) => onChange({ ...policy, quorum, maxReplicas: Math.max(policy.maxReplicas, quorum) })}
        />
        <Slider
          label="Take at most"
          unit="result"
          value={policy.maxReplicas}
          max={15}
          onChange={(maxReplicas) => onChange({ ...policy, maxReplicas, quorum: Math.min(policy.quorum, maxReplicas) })}
        />
      </div>
      <Tick
        label="Ask more nodes where they are little known"
        checked={epsilon !== undefined}
        onChange={(on) => onChange(on ? { ...rest, epsilon: 0.01 } : rest)}
      >
        Results wait until enough is known of their nodes; wrong ones stay below the share you choose.
      </Tick>
      {epsilon !== undefined && (
        <div className="form-row">
          <Epsilon value={epsilon} onChange={(next) => onChange({ ...policy, epsilon: next })} />
        </div>
      )}
    </>
  );
}

function Epsilon(props: { value: number; onChange: (value: number) => void }) {
  const id = useId();
  return (
    <div className="form-field">
      <label htmlFor={id}>Accept no more than</label>
      <select id={id} value={props.value} onChange={(event) => props.onChange(Number(event.currentTarget.value))}>
        {epsilonChoices(props.value).map(({ value, words }) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

function Tick(props: { label: string; checked: boolean; onChange: (checked: boolean) => void; children: ReactNode }) {
  const id = useId();
  return (
    <div className="check-row">
      <input
        type="checkbox"
        id={id}
        checked={props.checked}
        aria-describedby={`${id}-help`}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <div>
        <label htmlFor={id}>{props.label}</label>
        <p className="field-help" id={`${id}-help`}>
          {props.children}
        </p>
      </div>
    </div>
  );
}
