import type { NodeSettings } from '@reckon/node/settings';
import { useId } from 'react';
import { localHours, utcHours } from './green-hours.ts';

interface PowerProps {
  settings: Pick<NodeSettings, 'gramsCo2PerKwh' | 'greenHours'>;
  onChange: (change: Partial<NodeSettings>) => void;
}

type Known = 'nothing' | 'hours' | 'grams';
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const hourText = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

/** How the device is powered, if its person likes to say so. */
export function PowerSettings(props: PowerProps) {
  const { settings, onChange } = props;
  const { gramsCo2PerKwh, greenHours } = settings;
  const id = useId();
  const known: Known = gramsCo2PerKwh !== undefined ? 'grams' : greenHours !== undefined ? 'hours' : 'nothing';
  const choose = (next: Known) =>
    onChange({
      gramsCo2PerKwh: next === 'grams' ? 100 : undefined,
      greenHours: next === 'hours' ? utcHours(10, 16) : undefined,
    });
  const [from, to] = localHours(greenHours ?? [0, 0]);
  return (
    <div className="form-field">
      <label htmlFor={id}>Electricity</label>
      <select
        id={id}
        value={known}
        aria-describedby={`${id}-help`}
        onChange={(event) => choose(event.currentTarget.value as Known)}
      >
        <option value="nothing">I don’t say</option>
        <option value="hours">Green at some hours</option>
        <option value="grams">I know its grams of CO₂</option>
      </select>
      {known === 'hours' && (
        <div className="power-row">
          <HourSelect
            label="Green from"
            value={from}
            onChange={(hour) => onChange({ greenHours: utcHours(hour, to) })}
          />
          <HourSelect label="until" value={to} onChange={(hour) => onChange({ greenHours: utcHours(from, hour) })} />
        </div>
      )}
      {known === 'grams' && (
        <div className="power-row">
          <label htmlFor={`${id}-grams`}>Grams per kWh</label>
          <input
            id={`${id}-grams`}
            type="number"
            min={0}
            max={2000}
            step={10}
            value={gramsCo2PerKwh}
            onChange={({ currentTarget }) => {
              const grams = currentTarget.valueAsNumber;
              if (grams >= 0 && grams <= 2000) onChange({ gramsCo2PerKwh: grams });
            }}
          />
        </div>
      )}
      <p className="field-help" id={`${id}-help`}>
        Optional. Jobs that ask for the greenest nodes first go by it; it changes no reward.
      </p>
    </div>
  );
}

function HourSelect(props: { label: string; value: number; onChange: (hour: number) => void }) {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{props.label}</label>
      <select id={id} value={props.value} onChange={(event) => props.onChange(Number(event.currentTarget.value))}>
        {HOURS.map((hour) => (
          <option key={hour} value={hour}>
            {hourText(hour)}
          </option>
        ))}
      </select>
    </>
  );
}
