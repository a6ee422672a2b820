import { useId } from 'react';
import './field.css';

interface RangeProps {
  label: string;
  /** The value in words, with its unit. */
  text: string;
  value: number;
  min: number;
  max: number;
  step: number;
  onChange: (value: number) => void;
}

/** A number within its bounds, with what it means beside it. */
export function Range(props: RangeProps) {
  const { label, text, onChange, ...range } = props;
  const id = useId();
  return (
    <div className="form-field">
      <div className="range-head">
        <label htmlFor={id}>{label}</label>
        <output htmlFor={id} className="quiet small">
          {text}
        </output>
      </div>
      <input
        type="range"
        id={id}
        {...range}
        aria-valuetext={text}
        onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
      />
    </div>
  );
}
