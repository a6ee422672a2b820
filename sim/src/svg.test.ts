import { expect, test } from 'vitest';
import { toCsv } from './rows.ts';
import { drawPlot } from './svg.ts';
import { createTimeline } from './timeline.ts';

test('things happen in order of their time, and of being planned', () => {
  const timeline = createTimeline();
  const seen: string[] = [];
  const see = (name: string) => () => void seen.push(`${name} at ${timeline.now}`);
  for (const at of [50, 10, 30, 10, 20, 40]) timeline.plan(at, see(`${at}`));
  timeline.plan(20, () => timeline.plan(5, see('late')));
  while (timeline.next());
  expect(seen).toEqual(['10 at 10', '10 at 10', '20 at 20', 'late at 20', '30 at 30', '40 at 40', '50 at 50']);
});

test('a plot names its axes, its series and its levels, and leaves out what is not known', () => {
  const svg = drawPlot({
    title: 'Forged < accepted',
    xLabel: 'share',
    yLabel: 'forged',
    places: ['0 %', '20 %'],
    series: [
      { name: 'sample', values: [0, 1e-2] },
      { name: 'audit', values: [undefined, 1e-3] },
    ],
    log: { from: 1e-4, to: 1 },
    levels: [{ name: 'reach', value: 1e-3 }],
  });
  for (const text of ['Forged &lt; accepted', 'share', 'forged', '20 %', 'sample', 'audit', 'reach', '1e-4', '1e0']) {
    expect(svg).toContain(`>${text}<`);
  }
  expect(svg.match(/<circle/g)).toHaveLength(3);
  // A zero stands on the lower edge, a hundredth halfway up.
  expect(svg).toContain('cy="340.0"');
  expect(svg).toContain('cy="194.0"');
});

test('no rows are no table', () => {
  expect(toCsv([])).toBe('');
});
