import { toReckonError } from '@reckon/protocol/base/errors';
import { WithGuide } from '../../ui/with-guide.tsx';
import { type HTMLAttributes, type ReactNode, useId } from 'react';

interface TextFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: unknown;
  inputMode?: HTMLAttributes<HTMLInputElement>['inputMode'];
  children?: ReactNode;
}

/** A labelled field with its help, and a refusal in its own words when it is about this field. */
export function TextField(props: TextFieldProps) {
  const id = useId();
  const failed = props.error !== undefined;
  return (
    <div className="form-field">
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        type="text"
        inputMode={props.inputMode}
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        aria-invalid={failed || undefined}
        aria-describedby={`${id}-help`}
      />
      <div id={`${id}-help`}>
        {failed ? <FieldError error={props.error} /> : <p className="field-help">{props.children}</p>}
      </div>
    </div>
  );
}

export function FieldError(props: { error: unknown }) {
  const error = toReckonError(props.error);
  return (
    <p className="field-error" role="alert">
      <WithGuide text={error.message} /> <code>{error.code}</code>
    </p>
  );
}
