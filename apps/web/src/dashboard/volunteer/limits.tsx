import type { NodeSnapshot } from '@reckon/node/snapshot';
import { useId } from 'react';
import { formatBytes } from '../../ui/format.ts';
import '../../ui/field.css';
import { Range } from '../../ui/range.tsx';
import { currentNode } from '../node/node-store.ts';
import { PowerSettings } from './power.tsx';

type Settings = NodeSnapshot['settings'];
const set = (change: Partial<Settings>): void => currentNode()?.setSettings(change);
const MIB = 1024 ** 2;

/** What the volunteer allows. Changes act at once and are kept in this browser. */
export function Limits(props: { settings: Settings; capabilities: NodeSnapshot['capabilities'] }) {
  const { settings, capabilities } = props;
  const cores = Math.max(1, navigator.hardwareConcurrency || 1, settings.workers);
  const gpuKnown = capabilities !== null;
  const hasGpu = capabilities === null || capabilities.deviceClass === 'gpu' || !settings.gpu;
  return (
    <section className="panel" aria-labelledby="limits-title">
      <h2 id="limits-title">Limits</h2>
      <div className="sheet limits">
        <Range
          label="Workers"
          value={settings.workers}
          text={`${settings.workers} of ${cores} cores`}
          {...{ min: 1, max: cores, step: 1 }}
          onChange={(workers) => set({ workers })}
        />
        <Range
          label="Share of time"
          value={settings.dutyPercent}
          text={`${settings.dutyPercent}% of each second`}
          {...{ min: 5, max: 100, step: 5 }}
          onChange={(dutyPercent) => set({ dutyPercent })}
        />
        <Range
          label="Kept between visits"
          value={settings.cacheBytes / MIB}
          text={`up to ${formatBytes(settings.cacheBytes)}`}
          {...{ min: 0, max: 2048, step: 64 }}
          onChange={(mebibytes) => set({ cacheBytes: mebibytes * MIB })}
        />
        <Check label="Use the graphics chip" checked={settings.gpu && hasGpu} onChange={(gpu) => set({ gpu })}>
          {gpuKnown && !hasGpu && 'This browser offers no WebGPU; units run in WebAssembly.'}
        </Check>
        <Check label="Compute on battery" checked={settings.onBattery} onChange={(onBattery) => set({ onBattery })}>
          Never below half its charge.
        </Check>
        <Check
          label="Compute in a hidden tab"
          checked={settings.whenHidden}
          onChange={(whenHidden) => set({ whenHidden })}
        />
        <PowerSettings settings={settings} onChange={set} />
      </div>
    </section>
  );
}

function Check(props: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  children?: React.ReactNode;
}) {
  const id = useId();
  return (
    <div className="check-row">
      <input
        type="checkbox"
        id={id}
        checked={props.checked}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <div>
        <label htmlFor={id}>{props.label}</label>
        {props.children ? <p className="field-help">{props.children}</p> : null}
      </div>
    </div>
  );
}
