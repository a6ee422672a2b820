import type { LiveEvent, UnitCells } from '@reckon/protocol/wire/http';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';

// The hub reads the page's address when it is made; there is no page here.
vi.stubGlobal('location', { origin: 'http://127.0.0.1:1' });
const { applyUnit, createRefresher, staleKeys } = await import('./live.ts');

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

test('a burst of events asks once, and never cuts off an answer that is on its way', async () => {
  vi.useFakeTimers();
  try {
    const queryClient = new QueryClient();
    let asked = 0;
    const answers: (() => void)[] = [];
    const queryFn = () => {
      asked += 1;
      return new Promise<number>((resolve) => answers.push(() => resolve(asked)));
    };
    const observer = new QueryObserver(queryClient, { queryKey: ['network'], queryFn });
    const leave = observer.subscribe(() => undefined);
    const refresh = createRefresher(queryClient);
    for (let event = 0; event < 20; event++) {
      refresh([['network']]);
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(asked).toBe(1);
    answers.shift()?.();
    await vi.advanceTimersByTimeAsync(600);
    expect(observer.getCurrentResult().data).toBe(1);
    expect(asked).toBe(2);
    leave();
    queryClient.clear();
  } finally {
    vi.useRealTimers();
  }
});
