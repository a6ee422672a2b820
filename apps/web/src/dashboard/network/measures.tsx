import type { NetworkSummary } from '@reckon/protocol/wire/http';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { formatCount, plural } from '../../ui/format.ts';
import { Stat, Stats } from '../../ui/figure.tsx';

const percent = new Intl.NumberFormat('en-GB', { style: 'percent', maximumSignificantDigits: 3 });
const ratio = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** A share in percent, which never rounds up to all of it; undefined of nothing. */
export function rate(part: number, all: number): string | undefined {
  if (all === 0) return undefined;
  const share = part / all;
  return percent.format(part < all ? Math.min(share, 0.999) : share);
}

interface Measure {
  label: string;
  /** Undefined while there is nothing to measure. */
  value: string | undefined;
  meaning: ReactNode;
  /** What the value is out of, or what is missing for it. */
  none: string;
}

/** The network's own measures of how far its results can be believed. Pure. */
export function measuresOf(data: NetworkSummary): Measure[] {
  const { trust } = data;
  return [
    {
      label: 'Verifiability rate',
      value: rate(trust.verified, trust.accepted),
      meaning: 'of the accepted results had a check stronger than a vote',
      none: 'No results yet',
    },
    {
      label: 'Executions per result',
      value: trust.accepted === 0 ? undefined : ratio.format(trust.executions / trust.accepted),
      meaning: 'times a unit was computed, checks counted by their share; 1.00 is the least',
      none: 'No results yet',
    },
    {
      label: 'Disagreement rate',
      value: rate(data.resultsDisagreed, data.resultsChecked),
      meaning: `of the decided results were not accepted; ${plural(trust.disputed, 'dispute')} settled by recomputing`,
      none: 'No results yet',
    },
    {
      label: 'Forged canaries',
      value: trust.canaries === 0 ? undefined : formatCount(trust.canariesForged),
      meaning: `of ${plural(trust.canaries, 'unit')} whose result was known and that were given out as a test`,
      none: 'No canary yet',
    },
    {
      label: 'Nodes caught',
      value: trust.accepted === 0 && trust.caught === 0 ? undefined : formatCount(trust.caught),
      meaning: `with a wrong result; ${plural(trust.voided, 'other result')} of theirs made void`,
      none: 'No results yet',
    },
  ];
}

export function Measures(props: { data: NetworkSummary }) {
  return (
    <section className="panel" aria-labelledby="measures-title">
      <div className="panel-head">
        <h2 id="measures-title">How far results can be believed</h2>
        <p className="quiet small">
          Since the journal began. <Link href="/verdicts">What verdicts mean</Link>
        </p>
      </div>
      <Stats label="Measures of trust">
        {measuresOf(props.data).map(({ label, value, meaning, none }) => (
          <Stat key={label} label={label} note={value === undefined ? undefined : meaning}>
            {value ?? <span className="stat-none">{none}</span>}
          </Stat>
        ))}
      </Stats>
    </section>
  );
}
