import type { CaseOutcome } from '@reckon/kernels/conformance/run';
import { fromWire } from '@reckon/protocol/base/errors';
import { CellMark } from '../../ui/cell-mark.tsx';
import { formatCount, plural } from '../../ui/format.ts';
import { formatError } from './float-results.tsx';
import { backendWords } from './marks.tsx';
import { differs } from './state.ts';

/** Each case that is wrong or gave no result, by name. */
export function Differences(props: { outcomes: readonly CaseOutcome[] }) {
  const listed = props.outcomes.filter((outcome) => differs(outcome) || outcome.status === 'failed');
  if (listed.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="differences-title">
      <h2 id="differences-title">Cases that are not as they should be</h2>
      <ul className="conformance-cases">
        {listed.map((outcome) => (
          <li key={`${outcome.kernel} ${outcome.backend} ${outcome.build} ${outcome.case}`}>
            <CellMark look="refused" size={14} />
            <span>
              {outcome.case} <span className="quiet small mono">{outcome.kernel}</span>{' '}
              <span className="quiet small">on {backendWords[outcome.backend]}</span>
              <br />
              {wordsOf(outcome)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function wordsOf(outcome: CaseOutcome): string {
  if (outcome.status === 'failed') return fromWire(outcome.error).message;
  if (outcome.status === 'unavailable') return outcome.reason;
  const { bits, bitsDiffering, build, float, referenceDiffers, device } = outcome;
  const far =
    float === undefined || build === 'plain'
      ? `${formatCount(bitsDiffering)} of ${plural(bits, 'bit')} differ on ${device}.`
      : `${formatError(float.maxRelative)} off at the most on ${device}, which is outside the tolerance.`;
  return referenceDiffers ? `${far} This browser’s plain JavaScript gives another reference too.` : far;
}
