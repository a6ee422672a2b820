import { manifests } from '@reckon/kernels/manifests';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import { expect, test } from 'vitest';
import { emptyDraft, fieldOf, fromJobFile, isUnfilled, toJobFile } from './draft.ts';

const manifest = manifests.find((candidate) => candidate.id === 'matmul-i8') as KernelManifest;
const filled = {
  ...emptyDraft(manifest),
  title: ' Multiply ',
  requester: 'Ada',
  files: new Map([['a', { fileName: 'a.npy', bytes: new Uint8Array(1) }]]),
};

const refusal = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was refused');
};

test('a filled form becomes a job file with numbers as numbers and texts trimmed', () => {
  const jobFile = toJobFile(filled, manifest);
  expect(jobFile.title).toBe('Multiply');
  expect(jobFile.stages[0]).toMatchObject({ params: { rows: 64 }, inputs: { a: 'a.npy' }, pricePerUnit: '0.01' });
});

test('how results are verified and who goes first get into the job file', () => {
  const verify = { kind: 'audit', epsilon: 0.001, maxReplicas: 3 } as const;
  expect(toJobFile({ ...filled, verify, greenest: true }, manifest).stages[0]).toMatchObject({
    verify,
    prefer: 'greenest',
  });
  expect(toJobFile(filled, manifest).stages[0]).not.toHaveProperty('prefer');
});

test('a job file becomes the form it came from', () => {
  const draft = fromJobFile(toJobFile(filled, manifest), filled.files, manifest);
  expect(draft).toEqual({ ...filled, title: 'Multiply' });
});

test.each([
  ['price', { price: 'a lot' }],
  ['minutes', { minutes: '1' }],
  ['title', { title: '' }],
  ['verify', { verify: { kind: 'quorum', quorum: 5, maxReplicas: 2 } }],
] as const)('a wrong %s is refused beside that field', (field, change) => {
  const error = refusal(() => toJobFile({ ...filled, ...change }, manifest));
  expect(error).toBeInstanceOf(ReckonError);
  expect(fieldOf(error)).toBe(field);
});

test('refusals of kernels are placed at the parameter or input they name', () => {
  const wrong = { kernel: 'k@1.0.0', path: 'rows', expected: 'at least 1', received: '0' };
  expect(fieldOf(new ReckonError('KERNEL_PARAMS_INVALID', wrong))).toBe('param:rows');
  expect(fieldOf(new ReckonError('TENSOR_TYPE', { input: 'a', expected: 'int8', received: 'float32' }))).toBe(
    'input:a',
  );
  const place = { shader: 'shader', line: 1, column: 2, cause: 'x' };
  expect(fieldOf(new ReckonError('SHADER_INVALID', place))).toBe('input:shader');
  expect(fieldOf(new ReckonError('SHADER_MANIFEST_INVALID', { ...wrong, path: 'within' }))).toBe('input:manifest');
  expect(fieldOf(new ReckonError('UNEXPECTED', { cause: 'x' }))).toBeUndefined();
});

test('an empty field is still needed; a wrong one is an error', () => {
  const missing = new ReckonError('KERNEL_INPUT_MISSING', { kernel: 'k@1.0.0', input: 'b' });
  expect(isUnfilled(missing, filled)).toBe(true);
  const empty = { ...filled, title: '' };
  expect(
    isUnfilled(
      refusal(() => toJobFile(empty, manifest)),
      empty,
    ),
  ).toBe(true);
  expect(
    isUnfilled(
      refusal(() => toJobFile({ ...filled, price: '0' }, manifest)),
      filled,
    ),
  ).toBe(false);
});
