import type { Wei } from '@reckon/protocol/base/units';
import type { AccountSummary } from '@reckon/protocol/wire/http';
import type { ReactNode } from 'react';
import { CellMark } from '../../ui/cell-mark.tsx';
import type { CellLook } from '../../ui/cell.ts';
import { Money, TestMoney, useToken } from '../../ui/money.tsx';
import { ErrorBox } from '../../ui/states.tsx';
import { useNow } from '../../ui/time.tsx';
import { useRelayConfig } from '../wallet/relay-config.ts';
import type { WalletView } from '../wallet/use-wallet.ts';
import { earnedWords, nextFinal, type RewardStages, settlingWords } from './reward-stages.ts';
import { useFinalAt } from './use-claimed.ts';

/** The way of a reward, left to right: each token stands in one place, and each place says what moves it on. */
export function Stages(props: { account: AccountSummary; wallet: WalletView; stages: RewardStages }) {
  const { account, wallet, stages } = props;
  const { epochMs } = useRelayConfig();
  const token = useToken();
  const now = useNow();
  const next = nextFinal(account);
  const finalAt = useFinalAt(wallet, next?.status === 'posted' ? next.epoch : undefined);
  return (
    <>
      <ol className="reward-way" aria-label="Rewards by stage">
        <Stage name="Earned" wei={stages.earned} look="waiting" note={earnedWords(stages, epochMs)} />
        <Stage name="Settling" wei={stages.settling} look="waiting" note={settlingWords(account, finalAt.data, now)} />
        <Stage
          name="Ready to claim"
          wei={stages.claimable}
          look="computing"
          note={stages.claimable > 0n ? 'press Claim below' : 'nothing is final and unpaid'}
        />
        <Stage name="Claimed" wei={stages.claimed} look="accepted" note="paid out, all time">
          {token.test && <TestMoney />}
        </Stage>
      </ol>
      {finalAt.error && <ErrorBox compact error={finalAt.error} />}
    </>
  );
}

function Stage(props: { name: string; wei: Wei; look: CellLook; note: string; children?: ReactNode }) {
  const { name, wei, look, note } = props;
  return (
    <li>
      <span className="quiet small">
        <CellMark look={wei > 0n ? look : 'pending'} size={10} />
        {name}
        {props.children}
      </span>
      <strong>
        <Money wei={wei} />
      </strong>
      <span className="quiet small">{note}</span>
    </li>
  );
}
