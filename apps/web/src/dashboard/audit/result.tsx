import type { AuditReport } from '@reckon/client/audit/audit-report';
import type { Balance, ReplayedEpoch } from '@reckon/protocol/audit/epochs';
import { Link } from 'wouter';
import { CellMark } from '../../ui/cell-mark.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Digest } from '../../ui/digest.tsx';
import { Stat, Stats } from '../../ui/figure.tsx';
import { formatCount, plural } from '../../ui/format.ts';
import { Money, useToken } from '../../ui/money.tsx';
import { Empty } from '../../ui/states.tsx';

/** What was found, in figures and lists. */
export function Result(props: { report: AuditReport }) {
  const { report } = props;
  const { replay, checkpoint } = report;
  if (checkpoint.size === 0) {
    return (
      <Empty title="The log is empty">
        The checkpoint is signed and says that nothing has been entered yet. Come back once the relay has work, or{' '}
        <Link href="/jobs/new">order some</Link>.
      </Empty>
    );
  }
  return (
    <>
      <Figures report={report} />
      {replay.epochs.length > 0 && <EpochList report={report} />}
      {replay.balances.length > 0 && <Balances report={report} />}
    </>
  );
}

function Figures({ report }: { report: AuditReport }) {
  const { replay, signatures, chain, accepted } = report;
  const { repeated, open } = replay.draws;
  return (
    <Stats label="What was checked">
      <Stat label="Entries replayed" note={`of ${formatCount(report.checkpoint.size)}`}>
        {formatCount(replay.entries)}
      </Stat>
      <Stat
        label="Signatures checked"
        note={signatures.skipped > 0 ? `drawn; ${formatCount(signatures.skipped)} were not` : 'all there are'}
      >
        {formatCount(signatures.checked)}
      </Stat>
      <Stat label="Draws repeated" note={open > 0 ? `${formatCount(open)} wait for their secret` : 'all there are'}>
        {formatCount(repeated)}
      </Stat>
      <Stat label="Epochs on chain" note={chain === null ? 'not compared' : 'read through the relay’s bridge'}>
        {formatCount(chain?.compared ?? 0)}
      </Stat>
      <Stat label="Units accepted" note="by the rules, replayed">
        {formatCount(accepted)}
      </Stat>
    </Stats>
  );
}

/** Newest first; the whole list is in `reckon audit --json`. */
const SHOWN = 50;

function EpochList({ report }: { report: AuditReport }) {
  const { replay, chain, difference } = report;
  const stateOf = ({ epoch }: ReplayedEpoch) => {
    if (difference?.epoch === epoch) return { look: 'refused', words: 'differs' } as const;
    if (chain === null || difference !== null) return { look: 'pending', words: 'not compared' } as const;
    return chain.notPosted.includes(epoch)
      ? ({ look: 'waiting', words: 'not on chain yet' } as const)
      : ({ look: 'checked', words: '✓ as on chain' } as const);
  };
  const columns: Column<ReplayedEpoch>[] = [
    { head: 'Epoch', rowHead: true, cell: ({ epoch }) => epoch },
    {
      head: 'Chain',
      cell: (epoch) => {
        const { look, words } = stateOf(epoch);
        return (
          <>
            <CellMark look={look} /> {words}
          </>
        );
      },
    },
    { head: 'Sum of claims', number: true, cell: ({ totalCumulative }) => <Money wei={totalCumulative} bare /> },
    { head: 'Claims root', wide: true, cell: ({ claimsRoot }) => <Digest hex={claimsRoot} what="the claims root" /> },
    {
      head: 'Journal root',
      wide: true,
      cell: ({ journalRoot }) => <Digest hex={journalRoot} what="the journal root" />,
    },
    { head: 'Entry', number: true, wide: true, cell: ({ index }) => formatCount(index) },
  ];
  const rows = [...replay.epochs].reverse().slice(0, SHOWN);
  return (
    <section className="panel" aria-labelledby="audit-epochs">
      <div className="panel-head">
        <h2 id="audit-epochs">Epochs, worked out here</h2>
        {chain !== null && chain.notPublished > 0 && (
          <p className="quiet small">{plural(chain.notPublished, 'newer epoch')} on chain, not published yet</p>
        )}
      </div>
      <DataTable label="Epochs, worked out here" rows={rows} columns={columns} rowKey={({ epoch }) => epoch} />
    </section>
  );
}

const TOP = 10;

function Balances({ report }: { report: AuditReport }) {
  const token = useToken();
  const { balances, epochs } = report.replay;
  const rows = [...balances].sort((a, b) => (a.cumulative < b.cumulative ? 1 : -1)).slice(0, TOP);
  const columns: Column<Balance>[] = [
    { head: 'Account', rowHead: true, cell: ({ account }) => <Digest hex={account} what="the account" /> },
    { head: `Earned, ${token.symbol}`, number: true, cell: ({ cumulative }) => <Money wei={cumulative} bare /> },
  ];
  return (
    <section className="panel" aria-labelledby="audit-balances">
      <div className="panel-head">
        <h2 id="audit-balances">Balances, worked out here</h2>
        <p className="quiet small">
          {balances.length > TOP ? `The ${TOP} largest of ${formatCount(balances.length)}, up` : 'Up'} to epoch{' '}
          {epochs.at(-1)?.epoch}
        </p>
      </div>
      <DataTable label="Balances, worked out here" rows={rows} columns={columns} rowKey={({ account }) => account} />
    </section>
  );
}
