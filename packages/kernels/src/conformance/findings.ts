import type { Backend } from '@reckon/protocol/model/kernel-manifest';
import type { ConformanceFinding } from '@reckon/protocol/wire/conformance';
import type { ConformanceKernel } from './case.ts';
import { nameOf } from './kernels.ts';
import type { CaseOutcome } from './run.ts';

/**
 * Added-up outcomes of one kernel on one backend, of all its builds; undefined where there is none. A case that fell back to another backend
 * counts as failed: kernels do so when their own checks find a GPU that gives wrong results.
 */
export function findingOf(
  kernel: ConformanceKernel,
  backend: Backend,
  outcomes: readonly CaseOutcome[],
): ConformanceFinding | undefined {
  const name = nameOf(kernel);
  const mine = outcomes.filter((outcome) => outcome.kernel === name && outcome.backend === backend);
  const compared = mine.filter((outcome) => outcome.status === 'compared');
  if (mine.length === 0) return undefined;
  const sum = (of: (outcome: (typeof compared)[number]) => number) =>
    compared.reduce((total, outcome) => total + of(outcome), 0);
  const relative = compared.map(({ float }) => float?.maxRelative ?? 0);
  return {
    kernel: { name, digest: kernel.rules.manifest.digest },
    backend,
    cases: compared.length,
    failed: mine.length - compared.length,
    bits: sum(({ bits }) => bits),
    bitsDiffering: sum(({ bitsDiffering }) => bitsDiffering),
    maxRelativeError: kernel.numbers === undefined ? null : Math.max(0, ...relative),
    outside: compared.filter(({ float }) => float?.within === false).length,
  };
}
