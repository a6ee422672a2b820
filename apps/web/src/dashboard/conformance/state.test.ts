import type { CaseOutcome } from '@reckon/kernels/conformance/run';
import type { ConformanceFinding } from '@reckon/protocol/wire/conformance';
import { expect, test } from 'vitest';
import type { PlanLine } from './messages.ts';
import { IDLE, lineResults, receive, totalsOf } from './state.ts';
import { verdictOf } from './verdict.tsx';

const line = (over: Partial<PlanLine> = {}): PlanLine => ({
  kernel: 'matmul-i8@1.1.0',
  title: 'Multiply',
  backend: 'wasm',
  exact: true,
  cases: ['one', 'two'],
  ...over,
});
const outcome = (over: object = {}) =>
  ({
    kernel: 'matmul-i8@1.1.0',
    backend: 'wasm',
    case: 'one',
    status: 'compared',
    device: 'WASM SIMD',
    computeMs: 1,
    bits: 96,
    bitsDiffering: 0,
    referenceDiffers: false,
    ...over,
  }) as CaseOutcome;
const finding = (over: Partial<ConformanceFinding> = {}): ConformanceFinding => ({
  kernel: { name: 'matmul-i8@1.1.0', digest: `0x${'00'.repeat(32)}` as ConformanceFinding['kernel']['digest'] },
  backend: 'wasm',
  cases: 2,
  failed: 0,
  bits: 1000,
  bitsDiffering: 0,
  maxRelativeError: null,
  outside: 0,
  ...over,
});

test('outcomes stand in the line of their kernel and backend as they come', () => {
  const adapter = { vendor: 'apple', architecture: 'metal-3' };
  const lines = [line({ backend: 'webgpu' }), line()];
  let state = receive({ ...IDLE, phase: 'running' }, { type: 'plan', lines, adapter, software: false });
  for (const each of [outcome(), outcome({ case: 'two', status: 'failed', error: { code: 'X', details: {} } })]) {
    state = receive(state, { type: 'outcome', outcome: each });
  }
  const [gpu, wasm] = lineResults(state);
  expect(gpu?.outcomes).toEqual([]);
  expect(wasm?.outcomes).toHaveLength(2);
  expect(wasm?.compared.map(({ case: name }) => name)).toEqual(['one']);
  expect(state).toMatchObject({ phase: 'running', adapter });
});

test('the end brings the findings; a failure keeps what was known', () => {
  const done = receive({ ...IDLE, phase: 'running' }, { type: 'done', findings: [finding()] });
  expect(done).toMatchObject({ phase: 'done', findings: [{ cases: 2 }] });
  const failed = receive(
    { ...IDLE, phase: 'running', lines: [line()] },
    { type: 'failed', error: { code: 'UNEXPECTED', details: { cause: 'x' } } },
  );
  expect(failed).toMatchObject({ phase: 'failed', lines: [{ title: 'Multiply' }], error: { code: 'UNEXPECTED' } });
});

const words = (...findings: ConformanceFinding[]) => verdictOf(totalsOf(findings));
const float = finding({ bits: 640, bitsDiffering: 20, maxRelativeError: 1e-7 });

test('the verdict counts bits of exact kernels only', () => {
  const gpu = finding({ backend: 'webgpu', bits: 500 });
  expect(words(gpu, finding(), float)).toEqual([
    'accepted',
    'Every exact kernel: all 1,500 bits are equal, on WebGPU and WASM. Every float kernel: within its tolerance.',
  ]);
  expect(words({ ...gpu, bitsDiffering: 3 }, finding(), float)).toEqual([
    'refused',
    '3 of 1,500 bits differ from the reference.',
  ]);
});

test('the verdict tells wrong floats, cases without a result and no case at all apart', () => {
  expect(words(finding(), { ...float, outside: 1 })[1]).toContain('outside its tolerance');
  expect(words(finding(), finding({ backend: 'webgpu', cases: 1, failed: 1 }))).toEqual([
    'waiting',
    'Every exact kernel: all 2,000 bits are equal, on WASM and WebGPU. 1 case gave no result.',
  ]);
  expect(words(float)).toEqual(['accepted', 'Every float kernel: within its tolerance.']);
  expect(words(finding({ cases: 0, bits: 0, failed: 2 }))[0]).toBe('refused');
  expect(words()[1]).toContain('No case could be run');
});
