import { policyRules } from '@reckon/protocol/trust/policy';
import type { JobSummary, UnitCells, UnitDetail } from '@reckon/protocol/wire/http';
import { useQueries } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useCells } from '../../api/queries.ts';
import { keys } from '../../api/queries.ts';
import { relay } from '../../api/relay.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Digest } from '../../ui/digest.tsx';
import { plural } from '../../ui/format.ts';

/** Units looked into at once; each is a request. */
const MAX_SHOWN = 8;

/** Units that may have had differing results: those that failed, and those that took more results than are wanted. */
export function suspects(cells: UnitCells['cells'], wanted: number): number[] {
  return cells.flatMap((cell, index) => (cell.status === 'failed' || cell.revealed > wanted ? [index] : []));
}

interface Group {
  digest: string;
  nodes: string[];
  accepted: boolean;
}

/** Results of one unit by what they were, the largest group first. */
export function groupResults(unit: UnitDetail): Group[] {
  const groups = new Map<string, Group>();
  for (const { resultDigest, device, kind, status } of unit.replicas) {
    if (resultDigest === null || (status !== 'agreed' && status !== 'disagreed' && status !== 'revealed')) continue;
    const group = groups.get(resultDigest) ?? { digest: resultDigest, nodes: [], accepted: false };
    group.nodes.push(`${kind}, ${device}`);
    group.accepted ||= status === 'agreed';
    groups.set(resultDigest, group);
  }
  return [...groups.values()].sort((a, b) => b.nodes.length - a.nodes.length);
}

const disagreed = (unit: UnitDetail): boolean =>
  unit.status === 'failed' || unit.replicas.some(({ status }) => status === 'disagreed');

/** Where nodes got different results: what each group found, on what devices, and what became of the unit. */
export function Disagreements(props: { job: JobSummary }) {
  const { job } = props;
  const cells = useCells(job.jobId).data?.cells ?? [];
  const { votes } = policyRules(job.policy);
  const found = suspects(cells, votes);
  const asked = found.slice(0, MAX_SHOWN);
  const units = useQueries({
    queries: asked.map((index) => ({
      queryKey: keys.unit(job.jobId, index),
      queryFn: () => relay.unit(job.jobId, index),
    })),
  });
  const shown = units.flatMap(({ data }) => (data !== undefined && disagreed(data) ? [data] : []));
  if (job.policy.kind === 'quorum' && votes === 1) return null;
  return (
    <section className="panel" aria-labelledby="disagreements-title">
      <h2 id="disagreements-title">Disagreements</h2>
      {shown.length === 0 ? (
        <p className="quiet small">
          None so far{job.units.accepted === 0 ? '; nothing has been compared yet' : ''}. Where results differ or fail
          their check, more nodes are asked, and once the unit is decided each group of results is listed here.
        </p>
      ) : (
        <DataTable label="Disagreements" rows={shown} columns={columns} rowKey={(unit) => unit.index} />
      )}
      {found.length > MAX_SHOWN && (
        <p className="quiet small">The first {plural(MAX_SHOWN, 'unit')} that took more results were looked into.</p>
      )}
    </section>
  );
}

const columns: Column<UnitDetail>[] = [
  {
    head: 'Unit',
    rowHead: true,
    cell: (unit) => (
      <>
        <Link href={`/jobs/${unit.jobId}?unit=${unit.index}`}>Unit {unit.index}</Link>
        <span className="quiet small cell-note">{unit.status === 'failed' ? 'failed, not charged' : unit.status}</span>
      </>
    ),
  },
  {
    head: 'Results',
    cell: (unit) => {
      const groups = groupResults(unit);
      if (groups.length === 0) return <span className="quiet">none came in time</span>;
      return (
        <ul className="result-groups">
          {groups.map((group) => (
            <li key={group.digest}>
              {plural(group.nodes.length, 'node')} found <Digest hex={group.digest} what="the result's digest" />
              <span className="quiet small">
                {' '}
                {[...new Set(group.nodes)].join('; ')}
                {group.accepted ? ' · accepted' : ''}
              </span>
            </li>
          ))}
        </ul>
      );
    },
  },
];
