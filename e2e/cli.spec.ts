import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeNpy } from '@reckon/kernels/tensor/npy';
import { MAX_JOB_FILE_BYTES } from '@reckon/protocol/model/job-file';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CliRun, reckon, startCli } from './fixtures/cli.ts';
import { type Program, root } from './fixtures/program.ts';
import { newRequester } from './fixtures/requester.ts';
import { freePorts, type Stack, startStack } from './fixtures/stack.ts';

// The house node and one `reckon node` compute here; no browser is needed.
let stack: Stack;
let node: Program;
let folder: string;
const env = () => ({ RECKON_RELAY: stack.url, XDG_CONFIG_HOME: join(folder, 'config') });
const cli = (...args: string[]): Promise<CliRun> => reckon([...args, '--json'], { env: env() });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reckon-cli-'));
  stack = await startStack({ sample: false });
  node = startCli(['node', '--workers', '1', '--json'], { env: env() });
});
afterAll(async () => {
  await node?.stop();
  await stack?.stop();
  await rm(folder, { recursive: true, force: true });
});

const codeOf = ({ json }: CliRun): unknown => (json?.['error'] as { code?: unknown } | undefined)?.code;
const detailsOf = ({ json }: CliRun): unknown => (json?.['error'] as { details?: unknown } | undefined)?.details;

test('reckon run posts, funds, waits, downloads and verifies; reckon verify agrees, and catches a flipped byte', async () => {
  const out = join(folder, 'results');
  const run = await cli('run', 'examples/digits/job.json', '--out', out);
  expect(run.stderr).toBe('');
  expect(run).toMatchObject({
    code: 0,
    json: { ok: true, settled: true, units: { total: 10, accepted: 10 }, nodes: 2 },
  });
  const csv = await readFile(join(out, 'predictions.csv'), 'utf8');
  expect(csv.trim().split('\n')).toHaveLength(201);

  const online = await cli('verify', out);
  expect(online).toMatchObject({ code: 0, json: { ok: true, chain: true, settled: true, accepted: 10 } });
  const offline = await cli('verify', out, '--offline');
  expect(offline).toMatchObject({ code: 0, json: { ok: true, chain: false } });

  const forged = join(folder, 'forged');
  await cp(out, forged, { recursive: true });
  const unit = join(forged, 'units', '000003.bin');
  const bytes = await readFile(unit);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  await writeFile(unit, bytes);
  const caught = await cli('verify', forged, '--offline');
  expect(caught.code).toBe(1);
  expect(codeOf(caught)).toBe('RESULT_INVALID');

  const status = await cli('status', String(run.json?.['jobId']));
  expect(status).toMatchObject({ code: 0, json: { ok: true, job: { status: 'completed', units: { accepted: 10 } } } });
}, 90_000);

test('reckon status shows the network, with the nodes of the house and of the terminal', async () => {
  const status = await cli('status');
  expect(status.code).toBe(0);
  const { nodes } = (status.json ?? {})['network'] as { nodes: { kind: string; online: number }[] };
  expect(
    nodes
      .filter(({ online }) => online > 0)
      .map(({ kind }) => kind)
      .sort(),
  ).toEqual(['headless', 'house']);
  const people = await reckon(['status'], { env: env() });
  expect(people.stdout).toMatch(/units accepted, \d+ jobs running/);
});

test('wrong usage ends with 2, a refusal with 1 and its code; both print one JSON object', async () => {
  for (const args of [[], ['compute'], ['run'], ['run', 'examples/digits/job.json'], ['status', 'nonsense']]) {
    const run = await cli(...args);
    expect(run.code, args.join(' ')).toBe(2);
    expect(codeOf(run)).toBe('USAGE');
  }
  const nobody = `http://127.0.0.1:${await freePorts()}`;
  const away = await reckon(['status', '--relay', nobody, '--json'], { env: env() });
  expect(away.code).toBe(1);
  expect(codeOf(away)).toBe('RELAY_UNREACHABLE');
  expect(codeOf(await cli('verify', join(folder, 'nothing-here')))).toBe('NOT_FOUND');
});

/** The digits example with some of its stage changed, in a folder of its own. */
async function jobFolder(
  name: string,
  stage: object,
  files: Record<string, Uint8Array | string> = {},
): Promise<string> {
  const place = join(folder, name);
  await cp(join(root, 'examples/digits'), place, { recursive: true });
  const file = JSON.parse(await readFile(join(place, 'job.json'), 'utf8')) as { stages: [object] };
  await writeFile(join(place, 'job.json'), JSON.stringify({ ...file, stages: [{ ...file.stages[0], ...stage }] }));
  for (const [path, content] of Object.entries(files)) await writeFile(join(place, path), content);
  return join(place, 'job.json');
}

const tensor = (shape: number[], dtype: 'float32' | 'uint8') => {
  const count = shape.reduce((product, size) => product * size, 1);
  return encodeNpy({ dtype, shape, data: new Uint8Array(count * (dtype === 'float32' ? 4 : 1)) });
};

interface BadInput {
  what: string;
  stage?: object;
  files?: Record<string, Uint8Array | string>;
  code: string;
  details?: object;
}
const badInputs: BadInput[] = [
  { what: 'job file that is not JSON', files: { 'job.json': '{ "title": ' }, code: 'JOB_FILE_UNREADABLE' },
  {
    what: 'oversized job file',
    files: { 'job.json': `{"title":"${'x'.repeat(MAX_JOB_FILE_BYTES)}"}` },
    code: 'JOB_FILE_TOO_LARGE',
    details: { limitBytes: MAX_JOB_FILE_BYTES },
  },
  { what: 'price that is no number', stage: { pricePerUnit: 'much' }, code: 'JOB_FILE_INVALID' },
  {
    what: 'unknown kernel',
    stage: { kernel: 'oracle@1.0.0' },
    code: 'KERNEL_UNKNOWN',
    details: { kernel: 'oracle@1.0.0' },
  },
  { what: 'unknown version of a kernel', stage: { kernel: 'onnx@99.0.0' }, code: 'KERNEL_VERSION_UNKNOWN' },
  {
    what: 'parameter out of range',
    stage: { params: { batch: 0 } },
    code: 'KERNEL_PARAMS_INVALID',
    details: { path: 'batch' },
  },
  {
    what: 'missing input',
    stage: { inputs: { images: 'images.npy' } },
    code: 'KERNEL_INPUT_MISSING',
    details: { input: 'model' },
  },
  {
    what: 'input file that is not there',
    stage: { inputs: { model: 'no.onnx', images: 'images.npy' } },
    code: 'JOB_FILE_INVALID',
  },
  {
    what: 'model that is not ONNX',
    files: { 'digits.onnx': 'not a model' },
    code: 'MODEL_NOT_ONNX',
    details: { file: 'digits.onnx' },
  },
  {
    what: 'input the model does not have',
    stage: { inputs: { model: 'digits.onnx', pictures: 'images.npy' } },
    code: 'MODEL_INPUT_MISMATCH',
  },
  {
    what: 'input that is no tensor',
    files: { 'images.npy': 'pixels' },
    code: 'TENSOR_INVALID',
    details: { input: 'images' },
  },
  {
    what: 'tensor of wrong shape',
    files: { 'images.npy': tensor([4, 1, 20, 20], 'float32') },
    code: 'TENSOR_SHAPE',
    details: { input: 'images', expected: expect.stringContaining('1, 28, 28'), received: '[4, 1, 20, 20]' },
  },
  {
    what: 'tensor of wrong type',
    files: { 'images.npy': tensor([4, 1, 28, 28], 'uint8') },
    code: 'TENSOR_TYPE',
    details: { input: 'images', expected: 'float32', received: 'uint8' },
  },
];

test('bad input is refused with a code that names it, before anything is signed, sent or spent', async () => {
  const { relay } = await newRequester(stack.url);
  const before = (await relay.jobs({})).map(({ jobId }) => jobId);
  const runs = badInputs.map(async (bad, i) => {
    const path = await jobFolder(`bad-${i}`, bad.stage ?? {}, bad.files);
    return { bad, run: await cli('run', path, '--out', join(folder, `out-${i}`)) };
  });
  for (const { bad, run } of await Promise.all(runs)) {
    expect({ what: bad.what, exit: run.code, code: codeOf(run) }).toEqual({ what: bad.what, exit: 1, code: bad.code });
    if (bad.details !== undefined) expect(detailsOf(run), bad.what).toMatchObject(bad.details);
  }
  expect((await relay.jobs({})).map(({ jobId }) => jobId)).toEqual(before);
});
