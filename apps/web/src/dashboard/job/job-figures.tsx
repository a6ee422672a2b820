import type { JobSummary } from '@reckon/protocol/wire/http';
import { Stat, Stats } from '../../ui/figure.tsx';
import { formatCount } from '../../ui/format.ts';
import { Money, TestMoney, useToken } from '../../ui/money.tsx';
import { policyNames } from '../trust/policy-words.ts';
import { PaceStat } from './job-pace.tsx';
import type { PaceSample } from './pace.ts';

export function JobFigures(props: { job: JobSummary; samples: readonly PaceSample[] }) {
  const { job } = props;
  const token = useToken();
  return (
    <Stats label="The job in figures">
      <Stat
        label={
          <>
            Spent, {token.symbol}
            {token.test && <TestMoney />}
          </>
        }
        note={
          <>
            of <Money wei={job.budget} bare />
          </>
        }
      >
        <Money wei={job.spent} bare />
      </Stat>
      <Stat label="Settled on chain" note="charged to the escrow">
        <Money wei={job.settled} bare />
      </Stat>
      <Stat
        label="Accepted"
        note={`of ${formatCount(job.units.total)} units${job.units.failed > 0 ? `, ${formatCount(job.units.failed)} failed` : ''}`}
      >
        {formatCount(job.units.accepted)}
      </Stat>
      <Stat label="In work" note={`${formatCount(job.units.pending)} pending`}>
        {formatCount(job.units.issued)}
      </Stat>
      <PaceStat job={job} samples={props.samples} />
      <Stat label="Nodes" note={`checked by ${policyNames[job.policy.kind].toLowerCase()}`}>
        {formatCount(job.nodes)}
      </Stat>
    </Stats>
  );
}
