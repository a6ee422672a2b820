import { mandelbrotRules } from '../../kernels/mandelbrot/rules.ts';
import type { ConformanceKernel } from '../case.ts';

const picture = { width: 61, height: 47, tile: 64 };

/** Float64 arithmetic whose every step IEEE 754 fixes, counted in whole numbers: the same bytes on every engine. */
export const mandelbrotConformance: ConformanceKernel = {
  rules: mandelbrotRules,
  cases: [
    { name: 'the whole set', params: { ...picture, centerX: -0.5, centerY: 0, scale: 3, maxIterations: 500 } },
    {
      name: 'seahorse valley',
      params: { ...picture, centerX: -0.743643887, centerY: 0.131825904, scale: 1e-5, maxIterations: 1000 },
    },
    {
      name: 'deeper than float32',
      params: { ...picture, centerX: -1.25066, centerY: 0.02012, scale: 1e-11, maxIterations: 2000 },
    },
  ],
};
