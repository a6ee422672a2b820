import { expect, test } from 'vitest';
import { kernels } from './kernels.ts';

test('the benchmark runs, its candidates compute the same, and it names its figures', async () => {
  const lines: string[] = [];
  const figures = await kernels((line) => lines.push(line), { quick: true });
  const ratio = { median: expect.any(Number), low: expect.any(Number), high: expect.any(Number) };
  const product = { ...ratio, worst: { ...ratio, size: expect.any(String) } };
  expect(figures).toMatchObject({
    f32VsTfjs: product,
    f32VsOrt: product,
    f32RooflineShare: product,
    i8VsOrt: product,
    i8FullVsOrt: product,
    sha256VsHashWasm: ratio,
    layerOverheadUs: ratio,
    wgslIntegerBitsDiffering: null,
    tab: { isolated: true },
  });
  expect(lines).toHaveLength(13);
});
