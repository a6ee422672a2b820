import { expect, test, vi } from 'vitest';
import { createChooser } from './choose.ts';
import type { GemmInput, GemmJob } from './job.ts';
import { type GemmPlan, planName } from './plan.ts';
import { GEMM_PLANS } from './plans.ts';
import { layoutOf } from './shape.ts';
import { openTuneCache, type Scores } from './tune-cache.ts';
import type { Score } from './tuner.ts';

const [first, second, third] = GEMM_PLANS as [GemmPlan, GemmPlan, GemmPlan];
const plans = [first, second, third];
const signal = new AbortController().signal;

/** A chooser whose tuning finds `found`, and a job whose plans compile but for `broken`. */
function world({ found = {}, broken = [] }: { found?: Record<string, Score>; broken?: GemmPlan[] } = {}) {
  const lost = new AbortController();
  const layout = layoutOf('f32', { m: 512, k: 512, n: 512 });
  const device = { features: new Set(), limits: {} };
  const job = {
    layout,
    lease: { device, vendor: 'amd', architecture: 'rdna-3', language: new Set(), lost: lost.signal },
    prepare: vi.fn(async (plan: GemmPlan) => {
      if (broken.includes(plan)) throw new Error('no compiler');
      return { plan };
    }),
  } as unknown as GemmJob;
  const tune = vi.fn(async (): Promise<Scores> => new Map(Object.entries(found)));
  const cache = openTuneCache(false);
  const choose = createChooser(tune, cache);
  const choice = async (ms = 0) => {
    const chosen = await choose(job, { layout } as GemmInput, plans, signal);
    chosen.spent(ms);
    return chosen;
  };
  return { choice, tune, job, lost, again: () => createChooser(tune, cache), layout };
}

test('before anything is measured the likeliest is used, and little work is never tuned', async () => {
  const { choice, tune } = world();
  for (let i = 0; i < 5; i++) expect((await choice(59)).prepared.plan).toBe(first);
  expect(tune).not.toHaveBeenCalled();
});

test('after 300 ms of work the plans are measured once, at the speed seen, and the best is used', async () => {
  const found = { [planName(first)]: { ms: 3 }, [planName(second)]: { ms: 2 }, [planName(third)]: { ms: 4 } };
  const { choice, tune } = world({ found });
  await choice(200);
  await choice(100);
  expect((await choice(1000)).prepared.plan).toBe(second);
  expect(tune).toHaveBeenCalledExactlyOnceWith(
    expect.anything(),
    expect.anything(),
    plans,
    300 / (2 * 512 ** 3),
    signal,
  );
  expect((await choice()).prepared.plan).toBe(second);
  expect(tune).toHaveBeenCalledTimes(1);
});

test('what a tuning had no time for is measured after twice the time, beside the best so far', async () => {
  const { choice, tune } = world({ found: { [planName(third)]: { ms: 2 } } });
  await choice(300);
  expect((await choice(599)).prepared.plan).toBe(third);
  await choice(1);
  expect(tune).toHaveBeenCalledTimes(1);
  await choice();
  expect(tune.mock.calls.map((call) => (call as unknown[])[2])).toEqual([plans, [third, first, second]]);
});

test('a plan that is never compiled in time does not keep those behind it from being measured', async () => {
  const { choice, tune } = world();
  const asked = (): GemmPlan[][] => tune.mock.calls.map((call) => (call as unknown[])[2] as GemmPlan[]);
  // The first that is not ready ends a tuning.
  tune.mockImplementation(async () => {
    const plans = asked().at(-1) as GemmPlan[];
    const reached = plans.slice(0, plans.indexOf(second));
    return new Map(reached.map((plan) => [planName(plan), { ms: 3 }]));
  });
  for (let i = 0; i < 4; i++) await choice(1e6);
  expect(asked()).toEqual([plans, [first, second, third], [first, third, second]]);
});

test('scores hold on the next visit', async () => {
  const { choice, again, job, layout } = world({ found: { [planName(third)]: { ms: 2 } } });
  await choice(300);
  await choice();
  const next = await again()(job, { layout } as GemmInput, plans, signal);
  expect(next.prepared.plan).toBe(third);
});

test('a plan that failed in tuning, does not compile or was wrong is not used again', async () => {
  const { choice, job } = world({ found: { [planName(first)]: { failed: 'zeros' } }, broken: [second] });
  await choice(300);
  const chosen = await choice();
  expect(chosen.prepared.plan).toBe(third);
  expect(job.prepare).toHaveBeenCalledTimes(3);
  await choice();
  expect(job.prepare).toHaveBeenCalledTimes(4);
  chosen.disqualify('row 0, column 0 is 0');
  await expect(choice()).rejects.toMatchObject({ code: 'DEVICE_UNSUPPORTED' });
});

test('a lost device says nothing about its plans', async () => {
  const { choice, lost, job } = world();
  vi.mocked(job.prepare).mockImplementationOnce(async () => {
    // Announced some microtasks after the plan has failed.
    let later = Promise.resolve();
    for (let i = 0; i < 20; i++) later = later.then(() => undefined);
    void later.then(() => lost.abort(new Error('lost')));
    throw new Error('no device');
  });
  await expect(choice()).rejects.toThrow('lost');
  expect(job.prepare).toHaveBeenCalledTimes(1);
});
