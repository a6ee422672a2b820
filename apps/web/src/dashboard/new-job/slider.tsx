import { Range } from '../../ui/range.tsx';

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
export function Slider({ unit, min = 1, ...range }: SliderProps) {
  const text = `${range.value} ${range.value === 1 ? unit : `${unit}s`}`;
  return <Range {...range} min={min} step={1} text={text} />;
}
