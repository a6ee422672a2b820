import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KernelDigest, NodeId } from '@reckon/protocol/base/ids';
import type { ConformanceReport } from '@reckon/protocol/wire/conformance';
import Database from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { openReportStore } from './report-store.ts';

const dir = mkdtempSync(join(tmpdir(), 'reckon-reports-'));
afterAll(() => rmSync(dir, { recursive: true }));

const DIGEST = `0x${'01'.repeat(32)}` as KernelDigest;
const report = (key: number, measuredAt: number): ConformanceReport => ({
  nodeKey: `0x${key.toString(16).padStart(40, '0')}` as NodeId,
  measuredAt,
  adapter: null,
  browser: { name: 'firefox', major: 160 },
  findings: [
    {
      kernel: { name: 'echo@1.0.0', digest: DIGEST },
      backend: 'wasm',
      cases: 1,
      failed: 0,
      bits: 8,
      bitsDiffering: 0,
      maxRelativeError: null,
      outside: 0,
    },
  ],
});

test('reports outlive the relay', () => {
  const file = join(dir, 'kept.sqlite');
  const first = openReportStore(file);
  expect(first.put(report(1, 1000), '')).toBe(1);
  first.close();
  const second = openReportStore(file);
  expect(second.count(0, [DIGEST])).toMatchObject({ devices: 1, groups: [{ kernel: 'echo@1.0.0', devices: 1 }] });
  expect(second.count(1001 * 1000, [DIGEST]).devices).toBe(0);
  expect(second.count(0, [])).toMatchObject({ devices: 0, adapters: [], groups: [] });
  second.close();
});

test('a spoiled file is begun anew', () => {
  const file = join(dir, 'spoiled.sqlite');
  writeFileSync(file, 'this is no database, and long enough that nothing could take it for an empty one'.repeat(99));
  const store = openReportStore(file);
  expect(store.put(report(1, 1000), '')).toBe(1);
  store.close();
});

test('a file of an earlier format is begun anew', () => {
  const file = join(dir, 'earlier.sqlite');
  const earlier = new Database(file);
  earlier.exec('create table findings (node text, day integer)');
  earlier.close();
  const store = openReportStore(file);
  expect(store.put(report(1, 1000), '')).toBe(1);
  store.close();
});

test('however many keys report, the file is bounded and the oldest go first', () => {
  const store = openReportStore(':memory:', 20);
  for (let key = 1; key <= 99; key++) store.put(report(key, 1000 + key), 'a');
  const kept = store.count(0, [DIGEST]).devices;
  expect(kept).toBeGreaterThanOrEqual(19);
  expect(kept).toBeLessThanOrEqual(20);
  expect(store.count((1100 - kept) * 1000, [DIGEST]).devices).toBe(kept);
  store.close();
});

test('one network, or a few, cannot push out what the others reported', () => {
  const store = openReportStore(':memory:', 20);
  // The honest reports are the oldest.
  for (let key = 1; key <= 5; key++) store.put(report(key, key), `honest ${key}`);
  for (let key = 6; key <= 999; key++) store.put(report(key, 1000 + key), `flood ${key % 3}`);
  expect(store.count(0, [DIGEST]).devices - store.count(1000 * 1000, [DIGEST]).devices).toBe(5);
  // Each flooding network gave up its own.
  expect(store.count(0, [DIGEST]).devices).toBeLessThanOrEqual(20);
  store.close();
});
