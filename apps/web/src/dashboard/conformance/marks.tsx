import type { CaseOutcome } from '@reckon/kernels/conformance/run';
import type { Backend } from '@reckon/protocol/model/kernel-manifest';
import type { CellLook } from '../../ui/cell.ts';
import { CellMark } from '../../ui/cell-mark.tsx';
import { formatCount, plural } from '../../ui/format.ts';
import { differs, type LineResult } from './state.ts';

export const backendWords: { readonly [B in Backend]: string } = { webgpu: 'WebGPU', wasm: 'WASM' };

const lookOf = (outcome: CaseOutcome): CellLook =>
  differs(outcome) || outcome.status === 'failed'
    ? 'refused'
    : outcome.status === 'unavailable'
      ? 'waiting'
      : 'accepted';

/** A kernel on a backend: its title, what it runs on, and a cell for each case. */
export function LineHead(props: { line: LineResult; running: boolean }) {
  const { line, running } = props;
  const { title, kernel, backend, build, cases, outcomes, compared } = line;
  const device = compared[0]?.device ?? `${backendWords[backend]}${build === 'plain' ? ', not relaxed' : ''}`;
  const wrong = outcomes.filter(differs).length;
  const failed = outcomes.filter(({ status }) => status === 'failed').length;
  const away = outcomes.find((outcome) => outcome.status === 'unavailable');
  return (
    <div className="conformance-line">
      <span>{title}</span>
      <span className="quiet small">
        {device} · <span className="mono">{kernel}</span>
      </span>
      <span className="conformance-marks">
        {cases.map((name, index) => {
          const outcome = outcomes[index];
          const now = running && outcome === undefined && index === outcomes.length && outcomes.length > 0;
          return (
            <span key={name} title={name}>
              <CellMark look={outcome === undefined ? (now ? 'computing' : 'pending') : lookOf(outcome)} size={11} />
            </span>
          );
        })}
      </span>
      <span className="hidden-text">
        {formatCount(outcomes.length)} of {plural(cases.length, 'case')} run
        {wrong > 0 && `, ${formatCount(wrong)} wrong`}
        {failed > 0 && `, ${formatCount(failed)} without a result`}
      </span>
      {away?.status === 'unavailable' && <span className="conformance-away small">Fell back: {away.reason}</span>}
    </div>
  );
}
