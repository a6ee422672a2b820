import type { Difference } from '@reckon/protocol/audit/difference';
import { CellMark } from '../../ui/cell-mark.tsx';
import { formatCount } from '../../ui/format.ts';
import { prettyEntry } from './pretty-entry.ts';

/** The first entry that is not what it should be: which, why, and how it reads. */
export function DifferenceView(props: { difference: Difference; entry: string | null }) {
  const { difference, entry } = props;
  const { index, epoch, what, expected, received, code } = difference;
  return (
    <section className="panel sheet audit-difference" aria-labelledby="difference-title">
      <h2 id="difference-title">
        <CellMark look="refused" size={16} /> Entry {formatCount(index)} differs
      </h2>
      <p role="alert">
        {`In entry ${formatCount(index)}${epoch === undefined ? '' : ` (epoch ${epoch})`}, ${what} is not what it should be. What comes after it was not checked.`}
      </p>
      <dl className="facts small">
        <dt>Expected</dt>
        <dd className="mono">{expected}</dd>
        <dt>Received</dt>
        <dd className="mono">{received}</dd>
        <dt>Code</dt>
        <dd>
          <code>{code}</code>
        </dd>
      </dl>
      {entry !== null && (
        <>
          <h3>The entry as the relay serves it</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keys */}
          <pre className="mono audit-entry" tabIndex={0} aria-label={`Entry ${index} as text`}>
            {prettyEntry(entry)}
          </pre>
        </>
      )}
      <p className="note small">
        Keep the signed checkpoint below and this entry, and show both to others: with them anybody can repeat this.
      </p>
    </section>
  );
}
