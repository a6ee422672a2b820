import { useId } from 'react';

interface SliderProps {
  label: string;
  value: number;
  min?: number;
  max: number;
  /** What is counted: "node". */
  unit: string;
  onChange: (value: number) => void;
}

/** A whole number within its bounds, with what it counts beside it. */
export function Slider(props: SliderProps) {
  const { label, value, min = 1, max, unit, onChange } = props;
  const id = useId();
  const text = `${value} ${value === 1 ? unit : `${unit}s`}`;
  return (
    <div className="form-field">
      <div className="range-head">
        <label htmlFor={id}>{label}</label>
        <output htmlFor={id} className="quiet small">
          {text}
        </output>
      </div>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        value={value}
        aria-valuetext={text}
        onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
      />
    </div>
  );
}
