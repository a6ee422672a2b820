import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toUtf8 } from '../base/bytes.ts';
import { ReckonError } from '../base/errors.ts';
import { MAX_JOB_FILE_BYTES, parseJobFile, readJobFile } from './job-file.ts';

const digits = () => ({
  title: 'Classify handwritten digits',
  requester: 'Ada',
  stages: [
    {
      kernel: 'onnx@1.1.0',
      params: { batch: 50 },
      inputs: { model: 'digits.onnx', image: 'inputs/digits.npy' },
      verify: { kind: 'quorum', quorum: 2, maxReplicas: 5 },
      pricePerUnit: '0.01',
    },
  ],
  expiresInMinutes: 60,
});
type Loose = Record<string, unknown>;
const withStage = (change: Loose): Loose => ({ ...digits(), stages: [{ ...digits().stages[0], ...change }] });
const refusal = (run: () => unknown): ReckonError => {
  try {
    run();
  } catch (error) {
    if (error instanceof ReckonError) return error;
    throw error;
  }
  throw new Error('was not refused');
};

test('a plain job file is read, with defaults for what may be left out', () => {
  const { expiresInMinutes: _left, ...rest } = digits();
  const stage = { ...digits().stages[0] } as Loose;
  delete stage['params'];
  delete stage['inputs'];
  const job = parseJobFile({ ...rest, stages: [stage] });
  expect(job.expiresInMinutes).toBe(60);
  expect(job.stages[0]).toMatchObject({ params: {}, inputs: {}, pricePerUnit: '0.01' });
});

test.each<[string, Loose, string]>([
  ['an unknown field', { ...digits(), priority: 'high' }, 'priority'],
  ['an unknown field of a stage', withStage({ gpu: true }), 'stages.0.gpu'],
  ['no title', { ...digits(), title: '' }, 'title'],
  ['a title that is too long', { ...digits(), title: 'x'.repeat(121) }, 'title'],
  ['no stage', { ...digits(), stages: [] }, 'stages'],
  ['two stages', { ...digits(), stages: [digits().stages[0], digits().stages[0]] }, 'stages'],
  ['a kernel without version', withStage({ kernel: 'onnx' }), 'stages.0.kernel'],
  ['a price as a number', withStage({ pricePerUnit: 0.01 }), 'stages.0.pricePerUnit'],
  ['a price of nothing', withStage({ pricePerUnit: '0.000' }), 'stages.0.pricePerUnit'],
  ['a negative price', withStage({ pricePerUnit: '-1' }), 'stages.0.pricePerUnit'],
  ['nineteen decimals', withStage({ pricePerUnit: '0.0000000000000000001' }), 'stages.0.pricePerUnit'],
  ['a price in scientific form', withStage({ pricePerUnit: '1e3' }), 'stages.0.pricePerUnit'],
  [
    'a quorum above the replicas',
    withStage({ verify: { kind: 'quorum', quorum: 3, maxReplicas: 2 } }),
    'stages.0.verify',
  ],
  ['a quorum of none', withStage({ verify: { kind: 'quorum', quorum: 0, maxReplicas: 2 } }), 'stages.0.verify.quorum'],
  [
    'one result under a bound of wrong ones',
    withStage({ verify: { kind: 'quorum', quorum: 1, maxReplicas: 1, epsilon: 0.01 } }),
    'stages.0.verify',
  ],
  [
    'an audit that nobody may repeat',
    withStage({ verify: { kind: 'audit', epsilon: 0.01, maxReplicas: 1 } }),
    'stages.0.verify',
  ],
  [
    'every second result wrong',
    withStage({ verify: { kind: 'audit', epsilon: 0.6, maxReplicas: 3 } }),
    'stages.0.verify.epsilon',
  ],
  [
    'more checkers than chunks',
    withStage({ verify: { kind: 'sample', chunks: 2, checkers: 3, maxReplicas: 3 } }),
    'stages.0.verify',
  ],
  [
    'samples without checkers',
    withStage({ verify: { kind: 'sample', chunks: 2, checkers: 0, maxReplicas: 3 } }),
    'stages.0.verify.checkers',
  ],
  [
    'a certificate with a quorum',
    withStage({ verify: { kind: 'certificate', quorum: 2, maxReplicas: 3 } }),
    'stages.0.verify.quorum',
  ],
  ['a policy that is only named', withStage({ verify: { kind: 'proof', maxReplicas: 3 } }), 'stages.0.verify.kind'],
  ['another policy', withStage({ verify: { kind: 'trust' } }), 'stages.0.verify.kind'],
  ['an infinite parameter', withStage({ params: { batch: Number.POSITIVE_INFINITY } }), 'stages.0.params.batch'],
  ['a nested parameter', withStage({ params: { batch: { size: 1 } } }), 'stages.0.params.batch'],
  ['four minutes', { ...digits(), expiresInMinutes: 4 }, 'expiresInMinutes'],
  ['more than a week', { ...digits(), expiresInMinutes: 10_081 }, 'expiresInMinutes'],
  ['half a minute more', { ...digits(), expiresInMinutes: 5.5 }, 'expiresInMinutes'],
])('%s is refused with its path', (_what, file, path) => {
  const error = refusal(() => parseJobFile(file));
  expect(error.code).toBe('JOB_FILE_INVALID');
  expect((error.details as { path: string }).path).toBe(path);
});

test.each(['/etc/passwd', '../secret', 'a/../../b', 'a/..', '..', 'C:/Windows', '\\\\host\\share', 'a\\b', 'x\0y', ''])(
  'the input path %j is refused',
  (path) => {
    expect(refusal(() => parseJobFile(withStage({ inputs: { model: path } }))).code).toBe('JOB_FILE_INVALID');
  },
);

test.each(['digits.onnx', 'inputs/a.npy', './a.npy', 'a..b/c', '...', 'ä ö/ü.npy'])(
  'the input path %j is taken',
  (path) => {
    expect(parseJobFile(withStage({ inputs: { model: path } })).stages[0]?.inputs['model']).toBe(path);
  },
);

test('bytes that are not JSON, not UTF-8 or too many are refused by name', () => {
  expect(refusal(() => readJobFile(toUtf8('{"title":'), 'job.json'))).toMatchObject({ code: 'JOB_FILE_UNREADABLE' });
  expect(refusal(() => readJobFile(Uint8Array.of(0xff, 0xfe), 'job.json')).message).toContain('not UTF-8');
  expect(refusal(() => readJobFile(new Uint8Array(MAX_JOB_FILE_BYTES + 1), 'job.json')).details).toEqual({
    limitBytes: MAX_JOB_FILE_BYTES,
    sizeBytes: MAX_JOB_FILE_BYTES + 1,
  });
});

test('whatever the JSON, reading gives a job file or a coded refusal', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      expect(refusal(() => readJobFile(toUtf8(text), 'job.json')).code).toMatch(/^JOB_FILE_/);
    }),
  );
});

test.each([
  { kind: 'quorum', quorum: 2, maxReplicas: 5, epsilon: 0.001 },
  { kind: 'sample', chunks: 16, checkers: 2, maxReplicas: 3 },
  { kind: 'certificate', maxReplicas: 3 },
  { kind: 'audit', epsilon: 0.001, maxReplicas: 5 },
  { kind: 'audit', epsilon: 0.001, sample: { chunks: 16, checkers: 1 }, maxReplicas: 5 },
])('the policy $kind is taken as it is', (verify) => {
  expect(parseJobFile(withStage({ verify })).stages[0]?.verify).toEqual(verify);
});

test.each<[Loose, RegExp]>([
  [withStage({ kernel: 'onnx' }), /expected id@version, as custom-wasm@1\.0\.0, got "onnx"\.$/],
  [withStage({ inputs: { model: '/etc/passwd' } }), /expected a path with \/ below the job file’s folder, got/],
  [withStage({ pricePerUnit: '0' }), /expected a decimal number of tokens above 0/],
  [{ ...digits(), stages: [] }, /expected at least 1 entry, got 0\.$/],
])('what was expected is said in words, not as a pattern: %#', (job, words) => {
  expect(refusal(() => parseJobFile(job)).message).toMatch(words);
});
