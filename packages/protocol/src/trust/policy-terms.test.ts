import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KernelFacts } from '../model/kernel-manifest.ts';
import type { VerificationPolicy } from '../model/policy.ts';
import { DEFAULT_TRUST } from '../model/trust-constants.ts';
import { policyPrice, policyPromise, type UnitFigures } from './policy-terms.ts';

const facts: KernelFacts = {
  exact: true,
  chunked: true,
  certified: true,
  costShare: 0.15,
  leastHarmfulShare: 0.1,
  memoryMb: 64,
};
const figures: UnitFigures = { runMs: 4000, inputBytes: 1000, resultBytes: 500, uplinkKbps: 10_000, chunkCount: 256 };
const price = (policy: VerificationPolicy, change: Partial<UnitFigures> = {}, kernel: Partial<KernelFacts> = {}) =>
  policyPrice(policy, { ...facts, ...kernel }, DEFAULT_TRUST, { ...figures, ...change });
const promise = (policy: VerificationPolicy) => policyPromise(policy, facts, DEFAULT_TRUST);

test('a vote costs a run and the bytes of another result for each node beyond the first', () => {
  expect(price({ kind: 'quorum', quorum: 3, maxReplicas: 5 })).toMatchObject({ executions: 3, bytes: 3000 });
  expect(price({ kind: 'quorum', quorum: 1, maxReplicas: 5 })).toEqual({ executions: 1, bytes: 0, delayMs: 0 });
});

test('a vote promises no chance, and one vote promises nothing', () => {
  const two = promise({ kind: 'quorum', quorum: 2, maxReplicas: 5 });
  expect(two.undetected).toBeNull();
  expect(two.words).toMatch(/unless 2 nodes forge it alike/);
  expect(promise({ kind: 'quorum', quorum: 1, maxReplicas: 1 }).words).toMatch(/^Nothing is checked/);
});

test('a sample costs its share of the chunks and the input of each checker', () => {
  const sample = { kind: 'sample', chunks: 16, checkers: 2, maxReplicas: 3 } as const;
  expect(price(sample)).toEqual({ executions: 1 + 16 / 256, bytes: 2 * 1000 + 16 * 100, delayMs: 325 });
  // Never more than the result has.
  expect(price({ ...sample, chunks: 64 }, { chunkCount: 8 }).executions).toBe(2);
});

test('a sample’s promise names the tamper share and the colluding checkers', () => {
  const { undetected, words } = promise({ kind: 'sample', chunks: 64, checkers: 4, maxReplicas: 3 });
  // (0.05 + 0.95 · 0.9^16)^4
  expect(undetected).toBeCloseTo((0.05 + 0.95 * 0.9 ** 16) ** 4, 12);
  expect(words).toContain('at least 10 % of it forged is noticed with 99.7 %');
  expect(words).toContain('5 % of checkers are in league');
});

test('a certificate costs its share of a run and promises 2⁻⁶³', () => {
  const certificate = { kind: 'certificate', maxReplicas: 3 } as const;
  expect(price(certificate)).toEqual({ executions: 1.15, bytes: 0, delayMs: 600 });
  expect(price(certificate, {}, { certificateShare: 2 })).toMatchObject({ bytes: 1000 });
  expect(promise(certificate)).toMatchObject({ undetected: 2 ** -63, words: expect.stringContaining('2⁻⁶³') });
  // Another kernel's certificate may say less.
  expect(policyPromise(certificate, facts, DEFAULT_TRUST, -20)).toMatchObject({
    undetected: 2 ** -20,
    words: expect.stringContaining('2⁻²⁰'),
  });
});

test('an audit is dear for newcomers, cheap for known nodes, and cheaper still by certificate', () => {
  const audit = { kind: 'audit', epsilon: 0.001, maxReplicas: 5 } as const;
  const run = price(audit, {}, { certified: false });
  expect(run.executions).toBeGreaterThan(1.5);
  expect(run.executionsLater).toBeLessThan(1.3);
  expect(price(audit).executions).toBeLessThan(1.2);
  expect(promise(audit)).toMatchObject({ undetected: 0.001, words: expect.stringContaining('1 in 1,000') });
});

test('a vote with an ε asks for as many unknown nodes as make it', () => {
  const vote = (epsilon: number) => price({ kind: 'quorum', quorum: 1, maxReplicas: 7, epsilon }).executions;
  // Odds of 19 to 1 for each: 361/362 for two, 6859/6860 for three.
  expect([vote(0.06), vote(0.003), vote(0.001), vote(0.0001)]).toEqual([1, 2, 3, 4]);
});

test('asking for more never costs less', () => {
  const sampling = fc.integer({ min: 1, max: 8 });
  fc.assert(
    fc.property(
      sampling,
      fc.integer({ min: 8, max: 63 }),
      fc.double({ min: 1e-6, max: 0.4, noNaN: true }),
      (k, m, e) => {
        const sample = (chunks: number, checkers: number) =>
          ({ kind: 'sample', chunks, checkers, maxReplicas: 3 }) as const;
        expect(price(sample(m + 1, k)).executions).toBeGreaterThan(price(sample(m, k)).executions);
        expect(promise(sample(m + 1, k)).undetected as number).toBeLessThanOrEqual(
          promise(sample(m, k)).undetected as number,
        );
        const audit = (epsilon: number) => price({ kind: 'audit', epsilon, maxReplicas: 5 }, {}, { certified: false });
        expect(audit(e / 2).executions).toBeGreaterThanOrEqual(audit(e).executions);
      },
    ),
  );
});

test('no chance is rounded up to certainty', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 8 }), (m, k) => {
      const { words } = promise({ kind: 'sample', chunks: Math.max(m, k), checkers: k, maxReplicas: 3 });
      expect(words).not.toMatch(/with 100/);
    }),
  );
});
