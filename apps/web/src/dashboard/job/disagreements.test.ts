import type { JobSummary, UnitCells } from '@reckon/protocol/wire/http';
import { expect, test, vi } from 'vitest';
import { jobs } from '../../../testing/sample-data.ts';
import { unitOf } from '../../../testing/sample-units.ts';

// The relay's client reads the page's address when it is made; there is no page here.
vi.stubGlobal('location', { origin: 'http://127.0.0.1:1' });
const { groupResults, suspects } = await import('./disagreements.tsx');

const cell = (status: UnitCells['cells'][number]['status'], revealed: number): UnitCells['cells'][number] => ({
  status,
  revealed,
  leased: 0,
  progress: 0,
  digest: null,
});

test('units that failed or took more results than had to agree are looked into', () => {
  const cells = [cell('accepted', 2), cell('accepted', 3), cell('failed', 0), cell('issued', 1), cell('issued', 3)];
  expect(suspects(cells, 2)).toEqual([1, 2, 4]);
});

test('results are grouped by what they were, and the accepted group is said to be', () => {
  const groups = groupResults(unitOf(jobs[1] as JobSummary, 3));
  expect(groups.map(({ nodes, accepted }) => [nodes.length, accepted])).toEqual([
    [2, true],
    [1, false],
  ]);
});
