import type { LiveEvent, UnitCells } from '@reckon/protocol/wire/http';
import { expect, test, vi } from 'vitest';

// The hub reads the page's address when it is made; there is no page here.
vi.stubGlobal('location', { origin: 'http://127.0.0.1:1' });
const { applyUnit, staleKeys } = await import('./live.ts');

const jobId = `0x${'11'.repeat(32)}` as UnitCells['jobId'];
const pending = { status: 'pending', leased: 0, revealed: 0, progress: 0, digest: null } as const;
const cells: UnitCells = { jobId, cells: [pending, pending] };
const accepted: Extract<LiveEvent, { type: 'unit' }> = {
  type: 'unit',
  jobId,
  index: 1,
  status: 'accepted',
  leased: 0,
  revealed: 2,
  progress: 1,
  digest: null,
};

test("a unit's event changes its own cell only", () => {
  const next = applyUnit(cells, accepted);
  expect(next.cells[0]).toBe(pending);
  expect(next.cells[1]?.status).toBe('accepted');
  expect(cells.cells[1]?.status).toBe('pending');
});

test('an event about a unit the page does not know changes nothing', () => {
  expect(applyUnit(cells, { ...accepted, index: 9 })).toBe(cells);
});

test('a unit makes its summary stale, but not the whole field', () => {
  expect(staleKeys(accepted)).toEqual([
    ['job', jobId, 'summary'],
    ['job', jobId, 'unit', 1],
  ]);
});
