import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { hash, nodeId } from '../../testing/arbitraries.ts';
import type { Address, KernelDigest } from '../base/ids.ts';
import { toJson } from '../base/json.ts';
import { createKeySigner, recoverAddress } from '../base/signature.ts';
import {
  type ConformanceFinding,
  ConformanceReport,
  isMismatch,
  recoverConformanceSigner,
  SignedConformanceReport,
  signConformance,
} from './conformance.ts';

const DOMAIN = { chainId: 31337, verifyingContract: `0x${'ab'.repeat(20)}` as Address };
const signer = createKeySigner(new Uint8Array(32).fill(5));

const finding: fc.Arbitrary<ConformanceFinding> = fc
  .record({
    id: fc.constantFrom('matmul-i8', 'n-body', 'onnx'),
    digest: hash as fc.Arbitrary<KernelDigest>,
    backend: fc.constantFrom('webgpu' as const, 'wasm' as const),
    cases: fc.integer({ min: 1, max: 256 }),
    failed: fc.integer({ min: 0, max: 256 }),
    bits: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    differing: fc.nat(),
    maxRelativeError: fc.option(fc.double({ min: 0, max: 2, noNaN: true })),
    outside: fc.nat(),
  })
  .map(({ id, digest, differing, outside, ...rest }) => ({
    ...rest,
    kernel: { name: `${id}@1.0.0`, digest },
    bitsDiffering: differing % (rest.bits + 1),
    outside: outside % (rest.cases + 1),
  }));
const word = fc.constantFrom('', 'apple', 'metal-3', 'nvidia', 'gen-12lp');
const unsigned = fc.record({
  measuredAt: fc.integer({ min: 0, max: 2_000_000_000 }),
  adapter: fc.option(fc.record({ vendor: word, architecture: word })),
  browser: fc.record({
    name: fc.constantFrom('chrome' as const, 'safari' as const),
    major: fc.integer({ min: 0, max: 999 }),
  }),
  findings: fc.uniqueArray(finding, {
    minLength: 1,
    maxLength: 6,
    selector: ({ kernel, backend }) => `${kernel.name} ${backend}`,
  }),
});

test('a report is by the key it names, also after travelling as JSON', () => {
  fc.assert(
    fc.property(unsigned, (report) => {
      const signed = signConformance(DOMAIN, signer, report);
      const arrived = v.parse(SignedConformanceReport, JSON.parse(toJson(signed)));
      expect(recoverConformanceSigner(DOMAIN, arrived, recoverAddress)).toBe(signer.nodeId);
    }),
    { numRuns: 25 },
  );
});

test('nothing of a report can be changed without changing who signed it', () => {
  fc.assert(
    fc.property(unsigned, hash, nodeId, (report, noise, other) => {
      const { report: signed, signature } = signConformance(DOMAIN, signer, report);
      const first = signed.findings[0] as ConformanceFinding;
      const withFirst = (change: Partial<ConformanceFinding>) => ({
        ...signed,
        findings: [{ ...first, ...change }, ...signed.findings.slice(1)],
      });
      const forged: ConformanceReport[] = [
        { ...signed, nodeKey: other },
        { ...signed, measuredAt: signed.measuredAt + 1 },
        { ...signed, adapter: signed.adapter === null ? { vendor: '', architecture: '' } : null },
        { ...signed, browser: { ...signed.browser, major: signed.browser.major + 1 } },
        { ...signed, browser: { ...signed.browser, name: 'firefox' } },
        { ...signed, findings: [...signed.findings, first] },
        withFirst({ kernel: { ...first.kernel, name: 'other@1.0.0' } }),
        withFirst({ kernel: { ...first.kernel, digest: noise as KernelDigest } }),
        withFirst({ backend: first.backend === 'wasm' ? 'webgpu' : 'wasm' }),
        withFirst({ cases: first.cases + 1 }),
        withFirst({ failed: first.failed + 1 }),
        withFirst({ bits: first.bits + 1 }),
        withFirst({ bitsDiffering: first.bitsDiffering + 1 }),
        withFirst({ maxRelativeError: first.maxRelativeError === null ? 0 : null }),
        withFirst({ outside: first.outside + 1 }),
      ];
      for (const each of forged) {
        const by = recoverConformanceSigner(DOMAIN, { report: each, signature }, recoverAddress);
        expect(by === each.nodeKey).toBe(false);
      }
      expect(
        recoverConformanceSigner({ ...DOMAIN, chainId: 1 }, { report: signed, signature }, recoverAddress),
      ).not.toBe(signer.nodeId);
    }),
    { numRuns: 10 },
  );
});

const [example] = fc.sample(finding, { numRuns: 1, seed: 1 }) as [ConformanceFinding];
const report = {
  nodeKey: signer.nodeId,
  measuredAt: 1_800_000_000,
  adapter: { vendor: 'apple', architecture: 'metal-3' },
  browser: { name: 'safari', major: 27 },
  findings: [{ ...example, cases: 3, failed: 0, bits: 96, bitsDiffering: 0, maxRelativeError: null, outside: 0 }],
};
const changed = (change: object) => ({ ...report, findings: [{ ...report.findings[0], ...change }] });

test('a report of the right form is taken', () => {
  expect(v.safeParse(ConformanceReport, report).success).toBe(true);
  expect(v.safeParse(ConformanceReport, { ...report, adapter: null }).success).toBe(true);
});

test.each([
  ['a user agent', { ...report, userAgent: 'Mozilla/5.0' }],
  ['a name of a device', { ...report, adapter: { ...report.adapter, device: 'Ada’s laptop' } }],
  ['an adapter in words', { ...report, adapter: { vendor: 'NVIDIA GeForce RTX 4090', architecture: '' } }],
  ['an adapter of markup', { ...report, adapter: { vendor: '<b>', architecture: '' } }],
  ['a long adapter', { ...report, adapter: { vendor: 'a'.repeat(33), architecture: '' } }],
  ['an unknown browser', { ...report, browser: { name: 'Chrome 156.0.8078.79', major: 156 } }],
  ['a part of a version', { ...report, browser: { name: 'chrome', major: 156.1 } }],
  ['no findings', { ...report, findings: [] }],
  ['a finding twice', { ...report, findings: [report.findings[0], report.findings[0]] }],
  ['too many findings', { ...report, findings: Array.from({ length: 65 }, () => report.findings[0]) }],
  ['more bits differing than compared', changed({ bitsDiffering: 97 })],
  ['bits of no case', changed({ cases: 0, failed: 1 })],
  ['no case at all', changed({ cases: 0, bits: 0 })],
  ['more cases outside than compared', changed({ outside: 4 })],
  ['a count below zero', changed({ bits: -1 })],
  ['an endless error', changed({ maxRelativeError: Number.POSITIVE_INFINITY })],
  ['an error that is no number', changed({ maxRelativeError: Number.NaN })],
  ['a kernel by another name', changed({ kernel: { name: 'Matmul', digest: example.kernel.digest } })],
  ['an unknown backend', changed({ backend: 'webgl' })],
])('a report with %s is refused', (_what, bad) => {
  expect(v.safeParse(ConformanceReport, bad).success).toBe(false);
});

test('an exact kernel mismatches by a bit, a float kernel only outside its tolerance', () => {
  expect(isMismatch({ ...example, bitsDiffering: 1, maxRelativeError: null, outside: 0 })).toBe(true);
  expect(isMismatch({ ...example, bitsDiffering: 0, maxRelativeError: null, outside: 0 })).toBe(false);
  expect(isMismatch({ ...example, bitsDiffering: 9, maxRelativeError: 1e-7, outside: 0 })).toBe(false);
  expect(isMismatch({ ...example, bitsDiffering: 9, maxRelativeError: 0.1, outside: 1 })).toBe(true);
});
