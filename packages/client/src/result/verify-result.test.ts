import { kernelRules } from '@reckon/kernels/rules';
import { toUtf8 } from '@reckon/protocol/base/bytes';
import { hashBlob } from '@reckon/protocol/base/hash';
import { addressOfKey } from '@reckon/protocol/base/signature';
import type { NodeId } from '@reckon/protocol/base/ids';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { makeSettledResult } from '../../testing/settled-result.ts';
import { encodeResultFile, RESULT_FILE, type ResultFile, unitFileName } from './result-file.ts';
import { verifyResult } from './verify-result.ts';

let honest: Awaited<ReturnType<typeof makeSettledResult>>;
beforeAll(async () => {
  honest = await makeSettledResult();
});

/** The check that fails after a change to result.json. */
async function caughtBy(change: (result: ResultFile) => void): Promise<string | undefined> {
  const result = structuredClone(honest.result);
  change(result);
  const report = await verifyResult(new Map(honest.files).set(RESULT_FILE, encodeResultFile(result)));
  expect(report.ok).toBe(false);
  const failed = report.checks.find((check) => check.status === 'failed');
  expect(failed?.error?.code).toBe('RESULT_INVALID');
  return failed?.name;
}
type Unit = ResultFile['bundle']['units'][number];
const unit = (result: ResultFile, index = 0): Unit => result.bundle.units[index] as Unit;
const stranger = addressOfKey(new Uint8Array(32).fill(5)) as NodeId;

test('an honest result passes every check', async () => {
  const report = await verifyResult(honest.files);
  expect(report.checks.filter((check) => check.status !== 'ok')).toEqual([]);
  expect(report).toMatchObject({ ok: true });
  expect(report.checks.map((check) => check.name)).toEqual([
    'format',
    'spec',
    'order',
    'units',
    'results',
    'attestations',
    'verdicts',
    'receipts',
    'outputs',
  ]);
});

test('a result whose epoch is not sealed yet has its receipts open, and nothing failed', async () => {
  const result = structuredClone(honest.result);
  for (const each of result.bundle.units) each.receipts = [];
  const report = await verifyResult(new Map(honest.files).set(RESULT_FILE, encodeResultFile(result)));
  expect(report.ok).toBe(true);
  expect(report.checks.find((check) => check.name === 'receipts')?.status).toBe('open');
});

test('any flipped byte of any file but result.json is caught', async () => {
  const names = [...honest.files.keys()].filter((name) => name !== RESULT_FILE);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), fc.nat(), fc.integer({ min: 1, max: 255 }), async (name, at, flip) => {
      const bytes = (honest.files.get(name) as Uint8Array).slice();
      bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ flip;
      const report = await verifyResult(new Map(honest.files).set(name, bytes));
      expect(report.checks.find((check) => check.status === 'failed')?.error?.details).toMatchObject({ file: name });
    }),
    { numRuns: 40 },
  );
});

test('any changed character of the spec is caught', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (at) => {
      const { spec } = honest.result;
      const place = at % spec.length;
      const swapped = spec[place] === '7' ? '8' : '7';
      const changed = { ...honest.result, spec: spec.slice(0, place) + swapped + spec.slice(place + 1) };
      const report = await verifyResult(new Map(honest.files).set(RESULT_FILE, encodeResultFile(changed)));
      expect(report.ok).toBe(false);
    }),
    { numRuns: 40 },
  );
});

test.each<[string, string, (result: ResultFile) => void]>([
  ['a bigger budget', 'order', (r) => void (r.bundle.order.order.budget += 1n)],
  ['another requester', 'order', (r) => void (r.bundle.order.order.requester = stranger as never)],
  ['another chain', 'order', (r) => void (r.bundle.chainId = 1)],
  ['another settlement contract', 'order', (r) => void (r.bundle.contracts.settlement = stranger as never)],
  ['another job id', 'order', (r) => void (r.bundle.jobId = r.bundle.specDigest as never)],
  ['a missing unit', 'units', (r) => void r.bundle.units.pop()],
  ['two units swapped', 'units', (r) => void r.bundle.units.reverse()],
  ['a unit called failed', 'units', (r) => void (unit(r).status = 'failed')],
  ['an attestation of another unit', 'attestations', (r) => void (unit(r).attestations = unit(r, 1).attestations)],
  [
    'an attestation in a stranger’s name',
    'attestations',
    (r) => void ((unit(r).attestations[0] as never as { nodeId: NodeId }).nodeId = stranger),
  ],
  ['a changed path', 'attestations', (r) => void unit(r).attestations[0]?.attestation.path.pop()],
  ['one attestation too few', 'verdicts', (r) => void unit(r).attestations.pop()],
  ['one node counted twice', 'verdicts', (r) => void (unit(r).attestations[1] = unit(r).attestations[0] as never)],
  ['no verdict', 'verdicts', (r) => void (unit(r).verdict = null)],
  ['a verdict of another policy', 'verdicts', (r) => void (unit(r).verdict = { by: 'audit', bound: 0.1 })],
  ['a node that is not paid', 'receipts', (r) => void unit(r).receipts.pop()],
  ['a bigger reward', 'receipts', (r) => void ((unit(r).receipts[0] as Unit['receipts'][number]).receipt.reward += 1n)],
  ['a receipt of another unit', 'receipts', (r) => void (unit(r).receipts = unit(r, 1).receipts)],
  ['a receipt twice', 'receipts', (r) => void unit(r).receipts.push(unit(r).receipts[0] as never)],
  [
    'a receipt for a stranger',
    'receipts',
    (r) => void ((unit(r).receipts[0] as Unit['receipts'][number]).receipt.nodeId = stranger),
  ],
  [
    'another root',
    'receipts',
    (r) => void ((unit(r).receipts[0] as Unit['receipts'][number]).receiptsRoot = r.bundle.specDigest),
  ],
  [
    'an output that was not computed',
    'outputs',
    (r) => void r.files.push({ name: 'extra.txt', digest: hashBlob(toUtf8('x')), size: 1 }),
  ],
  [
    'another digest of an output',
    'outputs',
    (r) => void ((r.files[0] as ResultFile['files'][number]).digest = r.bundle.specDigest),
  ],
])('%s is caught by the check “%s”', async (_what, check, change) => {
  expect(await caughtBy(change)).toBe(check);
});

test('a missing raw result is named', async () => {
  const files = new Map(honest.files);
  files.delete(unitFileName(2));
  const report = await verifyResult(files);
  expect(report.checks.find((check) => check.status === 'failed')?.error?.details).toMatchObject({
    file: 'units/000002.bin',
    check: 'results',
  });
});

test.each([
  ['nothing', undefined],
  ['no JSON', toUtf8('{')],
  ['another shape', toUtf8('{"v":2}')],
])('a result.json that holds %s is refused as a whole', async (_what, bytes) => {
  const files = new Map(honest.files);
  if (bytes === undefined) files.delete(RESULT_FILE);
  else files.set(RESULT_FILE, bytes);
  const report = await verifyResult(files);
  expect(report.checks).toHaveLength(1);
  expect(report.checks[0]?.error?.code).toBe('RESULT_INVALID');
});

/** The picture's rules, as if a kernel of floats: results may differ by at most one step. */
const tolerant = (name: string) => {
  const rules = kernelRules(name);
  const agreement = { kind: 'within' as const, absolute: 1, relative: 0 };
  const agree = (a: Uint8Array, b: Uint8Array) => a.every((value, i) => Math.abs(value - (b[i] ?? 0)) <= 1);
  return { ...rules, manifest: { ...rules.manifest, agreement }, agree };
};
const nudged = (by: number) => (bytes: Uint8Array) => bytes.map((value, i) => (i === 0 ? value + by : value));

test('results that differ within the kernel’s tolerance make a quorum', async () => {
  const { files } = await makeSettledResult({ second: nudged(1) });
  expect(await verifyResult(files, { rulesOf: tolerant })).toMatchObject({ ok: true });
});

test.each([
  ['outside the tolerance', 2, tolerant],
  ['of an exact kernel that differ at all', 1, kernelRules],
] as const)('results %s make none', async (_what, by, rulesOf) => {
  const { files } = await makeSettledResult({ second: nudged(by) });
  const { checks } = await verifyResult(files, { rulesOf });
  expect(checks.filter((check) => check.status === 'failed').map((check) => check.name)).toEqual(['verdicts']);
});

test('a differing result that is not there cannot make a quorum', async () => {
  const { files } = await makeSettledResult({ second: nudged(1) });
  const other = [...files.keys()].find((name) => name.startsWith('units/000003.') && name !== unitFileName(3));
  files.delete(other ?? '');
  const { checks } = await verifyResult(files, { rulesOf: tolerant });
  expect(checks.find((check) => check.status === 'failed')?.error?.details).toMatchObject({
    file: other,
    check: 'verdicts',
  });
});

test('a sampled result passes with the receipts of its checkers, and says how it was checked', async () => {
  const { files } = await makeSettledResult({ sampled: true });
  const report = await verifyResult(files);
  expect(report.checks.filter((check) => check.status !== 'ok')).toEqual([]);
  const words = (name: string) => report.checks.find((check) => check.name === name)?.words;
  expect(words('verdicts')).toContain('checked 6 by sample (a wrong one passes with at most 70 %)');
  expect(words('receipts')).toContain('12 receipts, 6 of them for checks,');
});

test('a checker that is paid less than the others leaves a fee that does not add up', async () => {
  const { files, result } = await makeSettledResult({ sampled: true });
  const changed = structuredClone(result);
  unit(changed, 2).receipts.pop();
  const report = await verifyResult(new Map(files).set(RESULT_FILE, encodeResultFile(changed)));
  expect(report.checks.find(({ status }) => status === 'failed')).toMatchObject({
    name: 'receipts',
    words: expect.stringContaining('unit 2 leaves a fee of'),
  });
});

test('a sealed root that is not that of the result is caught', async () => {
  // Results sealed as if they had no chunks: signed rightly, and still not what a sample could be drawn of.
  const { files } = await makeSettledResult();
  const blind = (name: string) => {
    const { chunks: _chunks, ...rules } = kernelRules(name);
    return rules;
  };
  const { checks } = await verifyResult(files, { rulesOf: blind });
  expect(checks.filter((check) => check.status === 'failed').map((check) => check.name)).toEqual(['verdicts']);
});

test('a node that neither attested nor was asked to check has no receipt', async () => {
  const { files } = await makeSettledResult({ unasked: true });
  const { checks } = await verifyResult(files);
  expect(checks.find(({ status }) => status === 'failed')).toMatchObject({
    name: 'receipts',
    words: expect.stringContaining('attested nothing here'),
  });
});

test('a node whose receipts are left out everywhere is missed', async () => {
  const result = structuredClone(honest.result);
  for (const each of result.bundle.units) each.receipts.pop();
  const report = await verifyResult(new Map(honest.files).set(RESULT_FILE, encodeResultFile(result)));
  expect(report.checks.find(({ status }) => status === 'failed')).toMatchObject({
    name: 'receipts',
    words: expect.stringContaining('is not paid'),
  });
});
