import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { type Contest, holdContest } from './tuner.ts';

interface Fake {
  name: string;
  /** A sample's milliseconds: the first, the second and so on, the last for ever. */
  ms: number[];
  compileMs?: number;
  broken?: 'compile' | 'warm-up' | 'sample' | 'wrong';
}

/** A contest on a clock that only the candidates move. */
function contest(candidates: Fake[], changes: Partial<Contest<Fake>> = {}) {
  let now = 0;
  let hung = false;
  let sleeps = 0;
  const sampled: string[] = [];
  const of: Contest<Fake> = {
    candidates,
    nameOf: ({ name }) => name,
    async prepare({ name, ms, broken, compileMs = 0 }) {
      if (compileMs === Infinity) {
        hung = true;
        await new Promise(() => undefined);
      }
      now += compileMs;
      if (broken === 'compile') throw new Error('no compiler');
      let next = 0;
      return {
        async warmUp() {
          now += ms[0] as number;
          if (broken === 'warm-up') throw new Error('no start');
          return broken === 'wrong' ? 'row 0 is wrong' : undefined;
        },
        async sample() {
          if (broken === 'sample') throw new Error('no end');
          const took = ms[Math.min(next++, ms.length - 1)] as number;
          now += took;
          sampled.push(name);
          return took;
        },
      };
    },
    budgetMs: 300,
    signal: new AbortController().signal,
    now: () => now,
    sleep: (ms) =>
      new Promise<void>((resolve) => {
        const mine = ++sleeps;
        setImmediate(() => {
          if (hung && mine === sleeps) now += ms;
          resolve();
        });
      }),
    ...changes,
  };
  return { run: () => holdContest(of), sampled, clock: () => now };
}

test('every candidate is sampled in turns that turn, and the hopeless leave after two rounds', async () => {
  const { run, sampled } = contest([
    { name: 'slow', ms: [9] },
    { name: 'fast', ms: [4] },
    { name: 'near', ms: [5] },
  ]);
  expect(Object.fromEntries(await run())).toEqual({ slow: { ms: 9 }, fast: { ms: 4 }, near: { ms: 5 } });
  expect(sampled.slice(0, 6)).toEqual(['slow', 'fast', 'near', 'fast', 'near', 'slow']);
  expect(sampled.filter((name) => name === 'slow')).toHaveLength(2);
  expect(sampled.filter((name) => name === 'fast')).toHaveLength(7);
});

test('one bad moment does not decide: the score is the median', async () => {
  const { run } = contest([
    { name: 'a', ms: [4, 40, 4] },
    { name: 'b', ms: [5] },
  ]);
  expect((await run()).get('a')).toEqual({ ms: 4 });
});

test.each([
  ['compile', 'no compiler'],
  ['warm-up', 'no start'],
  ['sample', 'no end'],
  ['wrong', 'row 0 is wrong'],
] as const)('a candidate whose %s fails is disqualified, and the others go on', async (broken, failed) => {
  const { run } = contest([
    { name: 'broken', ms: [1], broken },
    { name: 'good', ms: [5] },
  ]);
  expect(Object.fromEntries(await run())).toEqual({ broken: { failed }, good: { ms: 5 } });
});

test('what is not compiled in time has no score, and who is ready is measured', async () => {
  const { run, clock } = contest([
    { name: 'good', ms: [5] },
    { name: 'late', ms: [1], compileMs: Infinity },
    { name: 'behind', ms: [1] },
  ]);
  expect(Object.fromEntries(await run())).toEqual({ good: { ms: 5 } });
  expect(clock()).toBeLessThanOrEqual(300);
});

test('candidates are compiled one at a time, and none is begun when half of the time is gone', async () => {
  const [begun, ended]: [string[], string[]] = [[], []];
  let now = 0;
  const prepare = async ({ name }: Fake) => {
    expect(begun).toEqual(ended);
    begun.push(name);
    await new Promise((resolve) => setImmediate(resolve));
    now += 60;
    ended.push(name);
    return { warmUp: async () => undefined, sample: async () => ((now += 1), 1) };
  };
  const four = ['a', 'b', 'c', 'd'].map((name) => ({ name, ms: [1] }));
  const { run } = contest(four, { prepare, now: () => now, sleep: () => new Promise(() => undefined) });
  expect([...(await run()).keys()]).toEqual(['a', 'b', 'c']);
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('whatever the candidates, the budget is overrun by one sample at most, and scores are of what was sampled', async () => {
  const fake = fc.record({
    ms: fc.array(fc.double({ min: 0.1, max: 50, noNaN: true }), { minLength: 1, maxLength: 5 }),
    broken: fc.constantFrom(undefined, undefined, undefined, 'compile', 'warm-up', 'sample', 'wrong'),
    compileMs: fc.constantFrom(0, 0, 20, 50, Infinity),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fake, { maxLength: 12 }), async (fakes) => {
      const named = fakes.map(({ broken, ...fake }, i) => ({
        name: `${i}`,
        ...fake,
        ...(broken && { broken }),
      })) as Fake[];
      const { run, sampled, clock } = contest(named);
      const scores = await run();
      expect(clock()).toBeLessThanOrEqual(300 + 50);
      for (const [name, score] of scores) expect('failed' in score || sampled.includes(name)).toBe(true);
      for (const { name, broken } of named) if (broken) expect(scores.get(name) ?? {}).not.toHaveProperty('ms');
    }),
    { numRuns: 60 },
  );
});

test('an abort ends it at the next sample with its reason', async () => {
  const stop = new AbortController();
  const sample = vi.fn(async () => {
    stop.abort(new Error('stop'));
    return 1;
  });
  const prepare = async () => ({ warmUp: async () => undefined, sample });
  const { run } = contest(
    [
      { name: 'a', ms: [1] },
      { name: 'b', ms: [1] },
    ],
    { prepare, signal: stop.signal },
  );
  await expect(run()).rejects.toThrow('stop');
  expect(sample).toHaveBeenCalledTimes(1);
});

test('an abort while compiling does not wait for the compiler', async () => {
  const stop = new AbortController();
  const sleep = () =>
    new Promise<void>((_, reject) => stop.signal.addEventListener('abort', () => reject(stop.signal.reason)));
  const { run } = contest([{ name: 'late', ms: [1], compileMs: Infinity }], { sleep, signal: stop.signal });
  const running = run();
  stop.abort(new Error('stop'));
  await expect(running).rejects.toThrow('stop');
});
