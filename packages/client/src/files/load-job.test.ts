import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_JOB_FILE_BYTES } from '@reckon/protocol/model/job-file';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadJob } from './load-job.ts';

let outer: string;
let folder: string;
beforeEach(async () => {
  outer = await mkdtemp(join(tmpdir(), 'reckon-job-'));
  folder = join(outer, 'job');
  await mkdir(join(folder, 'inputs'), { recursive: true });
});
afterEach(() => rm(outer, { recursive: true, force: true }));

async function write(inputs: Record<string, string>): Promise<string> {
  const stage = {
    kernel: 'onnx@1.1.0',
    inputs,
    verify: { kind: 'quorum', quorum: 2, maxReplicas: 5 },
    pricePerUnit: '0.01',
  };
  const path = join(folder, 'job.json');
  await writeFile(path, JSON.stringify({ title: 'T', requester: 'R', stages: [stage] }));
  return path;
}

test('inputs are read relative to the job file, by name', async () => {
  await writeFile(join(folder, 'inputs', 'a.npy'), 'abc');
  const { jobFile, inputs } = await loadJob(await write({ images: 'inputs/a.npy' }));
  expect(jobFile.title).toBe('T');
  expect(inputs.get('images')).toEqual({ fileName: 'a.npy', bytes: new TextEncoder().encode('abc') });
});

test('a link that leads out of the folder is not followed', async () => {
  await writeFile(join(outer, 'secret'), 'secret');
  await symlink(join(outer, 'secret'), join(folder, 'inputs', 'link.npy'));
  await expect(loadJob(await write({ images: 'inputs/link.npy' }))).rejects.toMatchObject({
    code: 'JOB_FILE_INVALID',
    details: { path: 'stages.0.inputs.images', received: 'inputs/link.npy, which lies outside' },
  });
});

test.each([
  ['missing.npy', 'missing.npy (there is no such file)'],
  ['inputs', 'inputs (it is a folder)'],
])('an input %s is refused with its place in the file', async (path, received) => {
  await expect(loadJob(await write({ images: path }))).rejects.toMatchObject({
    code: 'JOB_FILE_INVALID',
    details: { path: 'stages.0.inputs.images', received },
  });
});

test('a job file that is not there, is a folder or is endless is refused', async () => {
  await expect(loadJob(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'JOB_FILE_UNREADABLE' });
  await expect(loadJob(folder)).rejects.toMatchObject({ code: 'JOB_FILE_UNREADABLE' });
  await writeFile(join(folder, 'big.json'), Buffer.alloc(MAX_JOB_FILE_BYTES * 3, ' '));
  await expect(loadJob(join(folder, 'big.json'))).rejects.toMatchObject({
    code: 'JOB_FILE_TOO_LARGE',
    details: { sizeBytes: MAX_JOB_FILE_BYTES + 1 },
  });
});
