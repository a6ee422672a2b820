import type { CellLook } from '../../ui/cell.ts';
import { CellMark } from '../../ui/cell-mark.tsx';
import { formatCount, plural } from '../../ui/format.ts';
import type { ConformanceState, Totals } from './state.ts';

/** The outcome in one sentence. */
export function Verdict(props: { state: ConformanceState; totals: Totals }) {
  const { state, totals } = props;
  if (state.phase === 'idle') {
    return (
      <p className="quiet">
        Nothing runs and nothing is downloaded before you press the button. The checks take a few seconds, and nothing
        of what they find is sent unless you submit it.
      </p>
    );
  }
  if (state.phase !== 'done') return null;
  const [look, words] = verdictOf(totals);
  return (
    <p className="conformance-verdict" role="status">
      <CellMark look={look} size={20} /> {words}
    </p>
  );
}

/** Look and words of finished checks. */
export function verdictOf({
  bits,
  bitsDiffering,
  mismatches,
  failed,
  cases,
  floats,
  backends,
}: Totals): [CellLook, string] {
  if (cases === 0) return ['refused', 'No case could be run, so that nothing was compared.'];
  if (bitsDiffering > 0) {
    return ['refused', `${formatCount(bitsDiffering)} of ${plural(bits, 'bit')} differ from the reference.`];
  }
  if (mismatches.length > 0) return ['refused', 'No exact bit differs, but a float kernel is outside its tolerance.'];
  const equal = [
    ...(bits > 0 ? [`Every exact kernel: all ${plural(bits, 'bit')} are equal, on ${backends.join(' and ')}.`] : []),
    ...(floats > 0 ? ['Every float kernel: within its tolerance.'] : []),
  ].join(' ');
  if (failed > 0) return ['waiting', `${equal} ${plural(failed, 'case')} gave no result.`];
  return ['accepted', equal];
}
