import type { NodeId } from '@reckon/protocol/base/ids';
import { createKeySigner, recoverAddress } from '@reckon/protocol/base/signature';
import { type ConformanceReport, signConformance } from '@reckon/protocol/wire/conformance';
import { expect, test } from 'vitest';
import { testKernels } from '../../testing/test-kernel.ts';
import { domain, keyOf } from '../../testing/world.ts';
import { createConformanceDesk } from './desk.ts';
import { openReportStore } from './report-store.ts';

const measuredAt = 1_795_000_000;
const findings: ConformanceReport['findings'] = [
  {
    kernel: testKernels.refs[0] as (typeof testKernels.refs)[0],
    backend: 'wasm',
    cases: 1,
    failed: 0,
    bits: 8,
    bitsDiffering: 0,
    maxRelativeError: null,
    outside: 0,
  },
];
const report = { measuredAt, adapter: null, browser: { name: 'firefox', major: 160 }, findings } as const;

/** A desk whose store holds so many findings, and how often it counted them. */
function createDesk(held: number) {
  const store = openReportStore(':memory:');
  for (let key = 1; key <= held; key++) {
    store.put({ ...report, nodeKey: `0x${key.toString(16).padStart(40, '0')}` as NodeId }, '');
  }
  const state = { now: measuredAt * 1000, counts: 0 };
  const count: typeof store.count = (...asked) => {
    state.counts++;
    return store.count(...asked);
  };
  const clock = { now: () => state.now, sleep: () => Promise.resolve() };
  const desk = createConformanceDesk({
    store: { ...store, count },
    kernels: testKernels,
    domain,
    clock,
    recover: recoverAddress,
  });
  const take = (key: number) => desk.take(signConformance(domain, createKeySigner(keyOf(key)), report), '');
  return { state, desk, take };
}

test('however often visitors report and ask, what takes long to count is counted seldom', () => {
  const { state, desk, take } = createDesk(400);
  expect(desk.summary().devices).toBe(400);
  for (let key = 1; key <= 20; key++) {
    take(key);
    expect(desk.summary().devices).toBe(400);
  }
  state.now += 99;
  expect(desk.summary().devices).toBe(400);
  expect(state.counts).toBe(1);
  state.now += 1;
  expect(desk.summary().devices).toBe(420);
  expect(state.counts).toBe(2);
  // And not again for nothing.
  state.now += 59_999;
  desk.summary();
  expect(state.counts).toBe(2);
  state.now += 1;
  desk.summary();
  expect(state.counts).toBe(3);
});

test('a visitor finds a report counted where there are few', () => {
  const { state, desk, take } = createDesk(3);
  expect(desk.summary().devices).toBe(3);
  take(1);
  state.now += 1;
  expect(desk.summary().devices).toBe(4);
});
