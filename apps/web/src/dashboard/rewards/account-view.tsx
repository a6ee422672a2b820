import type { Address } from '@reckon/protocol/base/ids';
import type { AccountSummary } from '@reckon/protocol/wire/http';
import { Link } from 'wouter';
import { useTopics } from '../../api/live.ts';
import { useAccount } from '../../api/queries.ts';
import { CellMark } from '../../ui/cell-mark.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Digest } from '../../ui/digest.tsx';
import { formatCount } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { Empty, Loaded } from '../../ui/states.tsx';
import { Ago } from '../../ui/time.tsx';
import { holdWords } from '../trust/hold-words.ts';
import type { WalletView } from '../wallet/use-wallet.ts';
import { ClaimPanel } from './claim-panel.tsx';
import { rewardStages } from './reward-stages.ts';
import { Stages } from './stages.tsx';
import { useClaimed } from './use-claimed.ts';

export function AccountView(props: { wallet: WalletView; address: Address }) {
  const { wallet, address } = props;
  const account = useAccount(address);
  return (
    <Loaded query={account} what="the account">
      {(data) => (
        <>
          <Way account={data} wallet={wallet} />
          <Nodes nodes={data.nodes} />
          <History history={data.history} />
        </>
      )}
    </Loaded>
  );
}

/** Where the rewards are, and the button that collects them; both from the relay's word and the contract's. */
function Way(props: { account: AccountSummary; wallet: WalletView }) {
  const { account, wallet } = props;
  useTopics(...account.nodes.map((node) => `node:${node.nodeId}`));
  const claimed = useClaimed(wallet);
  return (
    <Loaded query={claimed} what="what was claimed">
      {(paid) => {
        const stages = rewardStages(account, paid);
        return (
          <>
            <Stages account={account} wallet={wallet} stages={stages} />
            <ClaimPanel account={account} wallet={wallet} claimable={stages.claimable} />
          </>
        );
      }}
    </Loaded>
  );
}

function Nodes(props: { nodes: AccountSummary['nodes'] }) {
  const { nodes } = props;
  if (nodes.length === 0) {
    return (
      <Empty title="No node is linked to this wallet" action={<Link href="/">Go to the volunteer page</Link>}>
        Start computing there, then press Link a wallet. One signature sends that node's rewards here.
      </Empty>
    );
  }
  return (
    <section className="panel" aria-labelledby="nodes-title">
      <h2 id="nodes-title">Linked nodes</h2>
      {/* A standing is the wallet's, the same for each of its nodes. */}
      {nodes[0] !== undefined && <p className="small">{holdWords(nodes[0].standing)}</p>}
      <DataTable label="Linked nodes" rows={nodes} columns={nodeColumns} rowKey={(node) => node.nodeId} />
    </section>
  );
}

const nodeColumns: Column<AccountSummary['nodes'][number]>[] = [
  { head: 'Node', rowHead: true, cell: (node) => <Digest hex={node.nodeId} what="the node's name" /> },
  { head: 'Device', wide: true, cell: (node) => node.device },
  {
    head: 'State',
    cell: ({ online }) => (
      <>
        <CellMark look={online ? 'accepted' : 'pending'} />
        {online ? 'online' : 'away'}
      </>
    ),
  },
  { head: 'Agreed', number: true, cell: (node) => formatCount(node.units.agreed) },
  { head: 'Disagreed', number: true, wide: true, cell: (node) => formatCount(node.units.disagreed) },
  { head: 'Earned', number: true, cell: (node) => <Money wei={node.earned} bare /> },
];

function History(props: { history: AccountSummary['history'] }) {
  if (props.history.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="history-title">
      <h2 id="history-title">By epoch</h2>
      <DataTable label="Rewards by epoch" rows={props.history} columns={epochColumns} rowKey={(row) => row.epoch} />
    </section>
  );
}

const epochColumns: Column<AccountSummary['history'][number]>[] = [
  { head: 'Epoch', rowHead: true, cell: (row) => row.epoch },
  {
    head: 'State',
    cell: ({ status }) => (
      <>
        <CellMark look={status === 'final' ? 'accepted' : 'waiting'} />
        {status}
      </>
    ),
  },
  { head: 'Earned', number: true, cell: (row) => <Money wei={row.amount} bare /> },
  { head: 'All until then', number: true, wide: true, cell: (row) => <Money wei={row.cumulative} bare /> },
  {
    head: 'Transaction',
    cell: ({ tx }) =>
      tx === null ? <span className="quiet">not yet</span> : <Digest hex={tx} what="the transaction" />,
  },
  { head: 'Sealed', wide: true, cell: (row) => <Ago at={row.sealedAt} /> },
];
