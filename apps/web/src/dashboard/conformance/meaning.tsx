import { manifests } from '@reckon/kernels/manifests';
import { type KernelManifest, kernelName } from '@reckon/protocol/model/kernel-manifest';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { backendWords } from './marks.tsx';
import type { Totals } from './state.ts';

/** Before anything runs: the kernels, and what counts as equal for each. */
export function WhatRuns() {
  const columns: Column<KernelManifest>[] = [
    {
      head: 'Kernel',
      rowHead: true,
      cell: (manifest) => (
        <>
          {manifest.title} <span className="cell-note quiet small mono">{kernelName(manifest)}</span>
        </>
      ),
    },
    { head: 'Runs on', cell: ({ backends }) => backends.map((backend) => backendWords[backend]).join(', ') },
    {
      head: 'Equal means',
      cell: ({ agreement }) => (agreement.kind === 'exact' ? 'every bit' : 'within a tolerance'),
    },
  ];
  return (
    <section className="panel" aria-labelledby="runs-title">
      <h2 id="runs-title">What is compared</h2>
      <DataTable label="Kernels that are compared" rows={manifests} columns={columns} rowKey={kernelName} />
    </section>
  );
}

/** What the outcome says, and what it does not. */
export function Meaning(props: { totals: Totals }) {
  const { mismatches, cases, failed } = props.totals;
  const backends = [...new Set(mismatches.map(({ backend }) => backendWords[backend]))].join(' and ');
  return (
    <section className="panel" aria-labelledby="meaning-title">
      <h2 id="meaning-title">What this means</h2>
      {cases === 0 ? (
        <p>
          No case gave a result. The list above says why; most often a file could not be loaded because the connection
          was lost. Try again.
        </p>
      ) : mismatches.length === 0 ? (
        <p>
          On these cases this device computes what every other right device computes, so that its results can be
          compared with theirs. The cases are few: they find a driver or a browser that computes otherwise, not one that
          errs once in a million, and they promise nothing of a device that is made to lie.
        </p>
      ) : (
        <p>
          On {backends} this device, its driver or its browser computes something otherwise than the reference. Work
          units from there may be found wrong and not be paid. If you volunteer, switch the GPU off in the limits when
          WebGPU is concerned. A report helps to find the driver at fault: it is seldom the only one of its kind.
        </p>
      )}
      {cases > 0 && failed > 0 && (
        <p>
          A case without a result says nothing of the bits. Where a kernel’s own checks turned the GPU down, it runs on
          WASM instead, slower and right.
        </p>
      )}
    </section>
  );
}
