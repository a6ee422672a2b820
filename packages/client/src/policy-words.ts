import type { VerificationPolicy } from '@reckon/protocol/model/policy';
import type { PolicyPrice } from '@reckon/protocol/trust/policy-terms';
import type { ResultBundle } from '@reckon/protocol/wire/http';

/** Different nodes that a unit of this policy needs at least. */
export function nodesNeeded(policy: VerificationPolicy): number {
  switch (policy.kind) {
    case 'quorum':
      return policy.quorum;
    case 'sample':
      return 1 + policy.checkers;
    case 'certificate':
      return 1;
    case 'audit':
      return Math.max(2, 1 + (policy.sample?.checkers ?? 0));
  }
}

/** "a vote of 2 nodes": what a policy asks for, in a few words. */
export function policyName(policy: VerificationPolicy): string {
  const sampling = ({ chunks, checkers }: { chunks: number; checkers: number }) =>
    `a sample of ${chunks} chunks by ${checkers} ${checkers === 1 ? 'checker' : 'checkers'}`;
  switch (policy.kind) {
    case 'quorum':
      return `a vote of ${policy.quorum} ${policy.quorum === 1 ? 'node' : 'nodes'}${policy.epsilon === undefined ? '' : ` and ε = ${policy.epsilon}`}`;
    case 'sample':
      return sampling(policy);
    case 'certificate':
      return 'certificate';
    case 'audit':
      return `audit with ε = ${policy.epsilon}${policy.sample === undefined ? '' : ` and ${sampling(policy.sample)}`}`;
  }
}

const bytesWords = (bytes: number): string =>
  bytes < 1000 ? `${bytes} bytes` : bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

/** "about 1.06 executions, +0 bytes, +0.4 s per unit". */
export function priceWords({ executions, executionsLater, bytes, delayMs }: PolicyPrice): string {
  const later = executionsLater === undefined ? '' : ` (about ${executionsLater.toFixed(2)} by nodes that are known)`;
  return `about ${executions.toFixed(2)} executions${later}, +${bytesWords(bytes)}, +${(delayMs / 1000).toFixed(1)} s per unit`;
}

type BundleUnit = ResultBundle['units'][number];

/** "24 by sample, 2 by vote": how accepted units were verified, as the relay tells. */
export function verdictCounts(units: readonly Pick<BundleUnit, 'verdict'>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { verdict } of units) if (verdict !== null) counts[verdict.by] = (counts[verdict.by] ?? 0) + 1;
  return counts;
}

export function verdictWords(units: readonly Pick<BundleUnit, 'verdict'>[]): string {
  const worst = new Map<string, number>();
  for (const { verdict } of units) {
    if (verdict !== null) worst.set(verdict.by, Math.max(verdict.bound, worst.get(verdict.by) ?? 0));
  }
  return Object.entries(verdictCounts(units))
    .map(([by, count]) => {
      const bound = worst.get(by) ?? 1;
      return `${count} by ${by}${bound < 1 ? ` (a wrong one passes with at most ${chance(bound)})` : ''}`;
    })
    .join(', ');
}

const chance = (bound: number): string =>
  bound < 1e-9 ? bound.toExponential(0) : `${Number((bound * 100).toPrecision(2))} %`;
