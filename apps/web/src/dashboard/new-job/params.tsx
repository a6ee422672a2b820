import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import { useId } from 'react';
import { FieldError, TextField } from './text-field.tsx';

interface ParamsProps {
  manifest: KernelManifest;
  values: Readonly<Record<string, string>>;
  onChange: (values: Readonly<Record<string, string>>) => void;
  errorAt: (name: string) => unknown;
}

/** The kernel's parameters, drawn from its manifest. */
export function Params(props: ParamsProps) {
  const { manifest, values } = props;
  const set = (name: string, value: string) => props.onChange({ ...values, [name]: value });
  return (
    <div className="form-row">
      {manifest.params.map((param) => {
        const value = values[param.name] ?? '';
        const error = props.errorAt(param.name);
        if (param.kind === 'choice') {
          return (
            <Choice
              key={param.name}
              label={param.name}
              value={value}
              choices={param.choices ?? []}
              error={error}
              onChange={(next) => set(param.name, next)}
            >
              {param.description}
            </Choice>
          );
        }
        const bounds = param.min === undefined || param.max === undefined ? '' : ` ${param.min} to ${param.max}.`;
        return (
          <TextField
            key={param.name}
            label={param.name}
            value={value}
            inputMode={param.kind === 'integer' ? 'numeric' : param.kind === 'number' ? 'decimal' : 'text'}
            error={error}
            onChange={(next) => set(param.name, next)}
          >
            {param.description}
            {bounds}
          </TextField>
        );
      })}
    </div>
  );
}

function Choice(props: {
  label: string;
  value: string;
  choices: readonly string[];
  error: unknown;
  onChange: (value: string) => void;
  children: React.ReactNode;
}) {
  const id = useId();
  return (
    <div className="form-field">
      <label htmlFor={id}>{props.label}</label>
      <select id={id} value={props.value} onChange={(event) => props.onChange(event.currentTarget.value)}>
        {props.choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
      {props.error === undefined ? <p className="field-help">{props.children}</p> : <FieldError error={props.error} />}
    </div>
  );
}
