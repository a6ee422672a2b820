import type { ConformanceAdapter, ConformanceGroup, ConformanceSummary } from '@reckon/protocol/wire/conformance';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { useConformanceCounts } from '../../api/queries.ts';
import { CellMark } from '../../ui/cell-mark.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Button } from '../../ui/button.tsx';
import { formatCount, plural } from '../../ui/format.ts';
import { Loaded } from '../../ui/states.tsx';
import { adapterText } from '../conformance/device.ts';

/** Whether devices compute the same bits, as their visitors say. */
export function ConformanceCounts() {
  const counts = useConformanceCounts();
  return (
    <section id="conformance" className="panel" aria-labelledby="conformance-title">
      <div className="panel-head">
        <h2 id="conformance-title">Do devices compute the same bits?</h2>
        <p className="quiet small">
          <Link href="/conformance">Check this device</Link>
        </p>
      </div>
      <Loaded query={counts} what="the reports">
        {(data) => <Counts data={data} />}
      </Loaded>
    </section>
  );
}

/** Kinds of GPU shown before the rest is asked for. */
const SHOWN = 8;

const keyOf = ({ adapter }: { adapter: ConformanceAdapter['adapter'] }): string =>
  adapter === null ? 'none' : `${adapter.vendor}/${adapter.architecture}`;

function Counts(props: { data: ConformanceSummary }) {
  const { data } = props;
  const [all, setAll] = useState(false);
  // Who follows a link to this section meets it only now.
  useEffect(() => {
    if (location.hash === '#conformance') document.getElementById('conformance')?.scrollIntoView({ block: 'start' });
  }, []);
  if (data.devices === 0) {
    return (
      <p className="quiet">
        Nobody has reported yet. Any visitor can run the kernels’ fixed cases on their device, compare each bit with the
        reference, and report what differs.
      </p>
    );
  }
  const rows = all ? data.adapters : data.adapters.slice(0, SHOWN);
  const columns: Column<ConformanceAdapter>[] = [
    {
      head: 'Kind of GPU',
      rowHead: true,
      cell: ({ adapter, mismatching }) => (
        <span className="conformance-adapter">
          <CellMark look={mismatching > 0 ? 'refused' : 'accepted'} /> {adapterText(adapter)}
        </span>
      ),
    },
    { head: 'Devices', number: true, cell: ({ devices }) => formatCount(devices) },
    { head: 'With differences', number: true, cell: ({ mismatching }) => formatCount(mismatching) },
    {
      head: 'Bits differing in exact kernels',
      number: true,
      wide: true,
      cell: ({ bitsDiffering }) => formatCount(bitsDiffering),
    },
  ];
  const wrong = data.groups.filter(({ mismatching }) => mismatching > 0);
  return (
    <>
      <p className="quiet small">
        Reported by {plural(data.devices, 'device')} in the last 90 days, {formatCount(data.mismatching)} with
        differences. Reports are unpaid statements of strangers, a key each, and anybody can make many keys: they hint
        at a driver, and nothing is decided by them.
      </p>
      <DataTable label="Reports by kind of GPU" rows={rows} columns={columns} rowKey={keyOf} />
      {!all && data.adapters.length > SHOWN && (
        <div className="actions">
          <Button size="small" onClick={() => setAll(true)}>
            Show all {formatCount(data.adapters.length)}
          </Button>
        </div>
      )}
      {wrong.length > 0 && <Wrong groups={wrong} />}
    </>
  );
}

/** Which kernels differ, and where. */
function Wrong(props: { groups: readonly ConformanceGroup[] }) {
  const columns: Column<ConformanceGroup>[] = [
    {
      head: 'Kernel',
      rowHead: true,
      cell: ({ kernel, backend }) => (
        <>
          <span className="mono">{kernel}</span>{' '}
          <span className="cell-note quiet small">on {backend === 'webgpu' ? 'WebGPU' : 'WASM'}</span>
        </>
      ),
    },
    { head: 'Kind of GPU', cell: ({ adapter }) => adapterText(adapter) },
    {
      head: 'Devices',
      number: true,
      cell: ({ mismatching, devices }) => `${formatCount(mismatching)} of ${formatCount(devices)}`,
    },
    {
      head: 'Bits differing',
      number: true,
      wide: true,
      cell: ({ bitsDiffering, maxRelativeError }) =>
        maxRelativeError === null ? formatCount(bitsDiffering) : 'outside tolerance',
    },
  ];
  return (
    <>
      <h3>Where they differ</h3>
      <DataTable
        label="Kernels that differ"
        rows={props.groups}
        columns={columns}
        rowKey={(group) => `${keyOf(group)} ${group.kernel} ${group.backend}`}
      />
    </>
  );
}
