import type { NetworkSummary } from '@reckon/protocol/wire/http';
import { useNetwork } from '../../api/queries.ts';
import type { Cell } from '../../ui/cell.ts';
import { CellField } from '../../ui/cell-field.tsx';
import { Digest } from '../../ui/digest.tsx';
import { Stat, Stats } from '../../ui/figure.tsx';
import { formatCount, plural } from '../../ui/format.ts';
import { Money, TestMoney, useToken } from '../../ui/money.tsx';
import { Loaded } from '../../ui/states.tsx';
import { Equivalent } from '../shell/equivalent.tsx';
import { usePageTitle } from '../shell/page-title.ts';
import { ConformanceCounts } from './conformance-counts.tsx';
import { Epochs } from './epochs.tsx';
import { Measures } from './measures.tsx';
import './network.css';

/** The whole network: who is here, how much is checked, and what was posted on the chain. */
export default function NetworkPage() {
  usePageTitle('Network');
  const network = useNetwork();
  return (
    <div className="page">
      <header className="page-head">
        <h1>Network</h1>
        <p>
          Every figure here is a fold over the relay’s journal, entry by entry; only what visitors report of their
          devices is not in it.
        </p>
      </header>
      <Loaded query={network} what="the network">
        {(data) => (
          <>
            <Figures data={data} />
            <Measures data={data} />
            <Devices data={data} />
            <Journal data={data} />
          </>
        )}
      </Loaded>
      <ConformanceCounts />
      <Epochs />
      <Equivalent cli="npx reckon status --json" sdk="await relay.network()" http="GET /api/network" />
    </div>
  );
}

function Figures(props: { data: NetworkSummary }) {
  const { data } = props;
  const token = useToken();
  return (
    <Stats label="The network in figures">
      <Stat label="Units accepted" note={`${formatCount(data.unitsAcceptedLastMinute)} in the last minute`}>
        {formatCount(data.unitsAccepted)}
      </Stat>
      <Stat label="Results decided" note={`${formatCount(data.resultsDisagreed)} not accepted`}>
        {formatCount(data.resultsChecked)}
      </Stat>
      <Stat label="Jobs running" note={`${formatCount(data.jobsCompleted)} completed`}>
        {formatCount(data.jobsRunning)}
      </Stat>
      <Stat
        label={
          <>
            Earned, {token.symbol}
            {token.test && <TestMoney />}
          </>
        }
        note="by all nodes, all time"
      >
        <Money wei={data.rewardsEarned} bare />
      </Stat>
    </Stats>
  );
}

const kindWords = {
  tab: 'Volunteer tabs',
  widget: 'Widgets on sites',
  headless: 'Headless nodes',
  house: 'House nodes, ours',
};
const classWords = { gpu: 'with a graphics chip', cpu: 'processor only' };

/** One cell a node: solid while it computes, outlined while it waits. */
const nodeCells = (online: number, busy: number): Cell[] =>
  Array.from({ length: online }, (_, index) => ({ look: index < busy ? 'accepted' : 'pending', progress: 0 }));

function Devices(props: { data: NetworkSummary }) {
  const groups = props.data.nodes.filter((group) => group.online > 0);
  return (
    <section className="panel" aria-labelledby="devices-title">
      <div className="panel-head">
        <h2 id="devices-title">Nodes online</h2>
        <p className="quiet small">One cell a node; solid where it computes.</p>
      </div>
      {groups.length === 0 ? (
        <p className="quiet">No node is online. Press Start on the volunteer page to be the first.</p>
      ) : (
        <ul className="device-fields">
          {groups.map((group) => (
            <li key={`${group.kind}-${group.deviceClass}`}>
              <h3>{kindWords[group.kind]}</h3>
              <p className="quiet small">
                {classWords[group.deviceClass]} · {formatCount(group.online)} online, {plural(group.busySlots, 'slot')}{' '}
                busy
              </p>
              <CellField
                bare
                cells={nodeCells(group.online, Math.min(group.online, group.busySlots))}
                label={`${kindWords[group.kind]}, ${classWords[group.deviceClass]}`}
                maxCell={18}
                minCell={4}
                maxHeight={140}
                describe={(index) => (index < group.busySlots ? 'Computes' : 'Waits for work')}
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Journal(props: { data: NetworkSummary }) {
  const { journal, epoch } = props.data;
  return (
    <section className="panel" aria-labelledby="journal-title">
      <h2 id="journal-title">Journal</h2>
      <dl className="facts">
        <dt>Entries</dt>
        <dd>{formatCount(journal.entries)}, append-only</dd>
        <dt>Merkle root</dt>
        <dd>
          <Digest hex={journal.root} what="the journal's root" />
        </dd>
        <dt>Epoch now</dt>
        <dd>
          {formatCount(epoch.number)}, {epoch.status}; last on the chain:{' '}
          {epoch.lastPosted === 0 ? 'none yet' : formatCount(epoch.lastPosted)}
        </dd>
      </dl>
    </section>
  );
}
