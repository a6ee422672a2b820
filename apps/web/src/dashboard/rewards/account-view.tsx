import type { Address } from '@reckon/protocol/base/ids';
import type { AccountSummary } from '@reckon/protocol/wire/http';
import { Link } from 'wouter';
import { useTopics } from '../../api/live.ts';
import { useAccount } from '../../api/queries.ts';
import { CellMark } from '../../ui/cell-mark.tsx';
import { Digest } from '../../ui/digest.tsx';
import { Stat, Stats } from '../../ui/figure.tsx';
import { formatCount } from '../../ui/format.ts';
import { Money, TestMoney, useToken } from '../../ui/money.tsx';
import { Empty, ErrorBox, Loaded } from '../../ui/states.tsx';
import { Ago } from '../../ui/time.tsx';
import { useTokenBalance, type WalletView } from '../wallet/use-wallet.ts';
import { ClaimPanel } from './claim-panel.tsx';
import { useClaimed } from './use-claimed.ts';

export function AccountView(props: { wallet: WalletView; address: Address }) {
  const { wallet, address } = props;
  const account = useAccount(address);
  return (
    <Loaded query={account} what="the account">
      {(data) => (
        <>
          <Stages account={data} wallet={wallet} />
          <ClaimPanel account={data} wallet={wallet} />
          <Nodes nodes={data.nodes} />
          <History history={data.history} />
        </>
      )}
    </Loaded>
  );
}

function Stages(props: { account: AccountSummary; wallet: WalletView }) {
  const { account, wallet } = props;
  useTopics(...account.nodes.map((node) => `node:${node.nodeId}`));
  const balance = useTokenBalance(wallet);
  const claimed = useClaimed(wallet);
  const reading = 'reading';
  return (
    <>
      <Stats label="Rewards by stage">
        <Stat label="Pending" note="not in an epoch yet">
          <Money wei={account.pending} />
        </Stat>
        <Stat label="Settled" note="in epochs, all time">
          <Money wei={account.settled} />
        </Stat>
        <Stat label="Claimed" note="paid out, all time">
          {claimed.data === undefined ? reading : <Money wei={claimed.data} />}
        </Stat>
        <Stat
          label={
            <>
              In the wallet
              <TestMark />
            </>
          }
          note="read from the chain"
        >
          {balance.data === undefined ? reading : <Money wei={balance.data} />}
        </Stat>
      </Stats>
      {(balance.error ?? claimed.error) && <ErrorBox compact error={balance.error ?? claimed.error} />}
    </>
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
      <div className="table-wrap">
        <table>
          <thead>
            <tr>
              <th scope="col">Node</th>
              <th scope="col" className="wide-only">
                Device
              </th>
              <th scope="col">State</th>
              <th scope="col" className="number">
                Agreed
              </th>
              <th scope="col" className="number wide-only">
                Disagreed
              </th>
              <th scope="col" className="number">
                Earned
              </th>
            </tr>
          </thead>
          <tbody>
            {nodes.map((node) => (
              <tr key={node.nodeId}>
                <td>
                  <Digest hex={node.nodeId} what="the node's name" />
                </td>
                <td className="wide-only">{node.device}</td>
                <td>
                  <CellMark look={node.online ? 'accepted' : 'pending'} />
                  {node.online ? 'online' : 'away'}
                </td>
                <td className="number">{formatCount(node.units.agreed)}</td>
                <td className="number wide-only">{formatCount(node.units.disagreed)}</td>
                <td className="number">
                  <Money wei={node.earned} bare />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function History(props: { history: AccountSummary['history'] }) {
  if (props.history.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="history-title">
      <h2 id="history-title">By epoch</h2>
      <div className="table-wrap">
        <table>
          <thead>
            <tr>
              <th scope="col">Epoch</th>
              <th scope="col">State</th>
              <th scope="col" className="number">
                Earned
              </th>
              <th scope="col" className="number wide-only">
                All until then
              </th>
              <th scope="col">Transaction</th>
              <th scope="col" className="wide-only">
                Sealed
              </th>
            </tr>
          </thead>
          <tbody>
            {props.history.map((row) => (
              <tr key={row.epoch}>
                <td>{row.epoch}</td>
                <td>
                  <CellMark look={row.status === 'final' ? 'accepted' : 'waiting'} />
                  {row.status}
                </td>
                <td className="number">
                  <Money wei={row.amount} bare />
                </td>
                <td className="number wide-only">
                  <Money wei={row.cumulative} bare />
                </td>
                <td>
                  {row.tx === null ? (
                    <span className="quiet">not yet</span>
                  ) : (
                    <Digest hex={row.tx} what="the transaction" />
                  )}
                </td>
                <td className="wide-only">
                  <Ago at={row.sealedAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function TestMark() {
  return useToken().test ? <TestMoney /> : null;
}
