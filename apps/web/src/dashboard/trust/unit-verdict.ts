import { kernelRules } from '@reckon/kernels/rules';
import type { JobSummary, UnitDetail } from '@reckon/protocol/wire/http';
import type { UnitVerdict } from '@reckon/protocol/wire/http-trust';
import { formatCount, plural } from '../../ui/format.ts';
import { chanceWords } from './chance.ts';

export type VerdictBy = UnitVerdict['by'];

/** Ways of verifying, those that prove most first, and what a unit verified so is called. */
export const verdictNames: { readonly [B in VerdictBy]: string } = {
  certificate: 'by certificate',
  sample: 'by sample',
  audit: 'by audit',
  credibility: 'by credibility',
  vote: 'by vote',
};

/** Stronger than a vote: something was recomputed or checked that the node could not know before it sealed its result. */
export const isStronger = (by: VerdictBy): boolean => by === 'certificate' || by === 'sample' || by === 'audit';

/** Chunks a unit's results have; undefined where the kernel has none. */
function chunkCount(kernel: string, params: string): number | undefined {
  try {
    return kernelRules(kernel).chunks?.count(params);
  } catch {
    return undefined; // a kernel this page does not know
  }
}

const shareWords = (share: number): string => `${Math.round(share * 100)}%`;

/** How an accepted unit was verified, with what was done and the chance that is left. */
export function unitVerdictWords(job: Pick<JobSummary, 'kernel' | 'policy'>, unit: UnitDetail): string {
  const { verdict } = unit;
  if (verdict === null) return '';
  const agreed = unit.replicas.filter(({ status }) => status === 'agreed').length;
  const left = chanceWords(verdict.bound);
  switch (verdict.by) {
    case 'certificate':
      return `Checked by its kernel’s certificate; chance that a wrong result passes: ${left}.`;
    case 'sample':
      return sampleWords(job, unit, left);
    case 'audit':
      return agreed > 1
        ? `Checked by an audit: ${agreed} nodes computed the whole unit and agree; chance that it is wrong: ${left}.`
        : `Checked by an audit; chance that it is wrong: ${left}.`;
    case 'credibility':
      return `Accepted because enough earlier results of ${agreed === 1 ? 'its node' : `its ${agreed} nodes`} were checked; chance that it is wrong: ${left}.`;
    case 'vote':
      return agreed <= 1
        ? 'Taken as it came: nothing was compared.'
        : `Accepted by vote: ${agreed} nodes got the same result. Nodes that work together could agree on a wrong one.`;
  }
}

function sampleWords(job: Pick<JobSummary, 'kernel'>, unit: UnitDetail, left: string): string {
  const passed = unit.checks.filter(({ status }) => status === 'passed');
  const chunks = new Set(passed.flatMap((check) => check.chunks)).size;
  const nodes = new Set(passed.map(({ checker }) => checker)).size;
  const all = chunkCount(job.kernel, unit.params);
  const of = all === undefined ? plural(chunks, 'chunk') : `${formatCount(chunks)} of ${plural(all, 'chunk')}`;
  const share = harmfulShare(job.kernel);
  const forgery = share === undefined ? 'a forgery' : `a forgery of ${shareWords(share)}`;
  const done = passed.length === 0 ? 'chunks' : of;
  const by = nodes === 0 ? '' : ` by ${plural(nodes, 'other node')}`;
  return `Checked by sample: ${done} recomputed${by}; chance that ${forgery} passes: ${left}.`;
}

/** Share of the chunks the kernel says a forgery must spoil to do harm. */
function harmfulShare(kernel: string): number | undefined {
  try {
    return kernelRules(kernel).manifest.chunking?.leastHarmfulShare;
  } catch {
    return undefined;
  }
}
