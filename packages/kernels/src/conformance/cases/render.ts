import { renderRules } from '../../kernels/render/rules.ts';
import type { ConformanceKernel } from '../case.ts';

const picture = { width: 29, height: 23, tile: 32, samples: 4 };

/** Every built-in scene: long chains of float64 arithmetic in WASM, where one other rounding sends a ray elsewhere. */
export const renderConformance: ConformanceKernel = {
  rules: renderRules,
  cases: [
    { name: 'cornell', params: { ...picture, scene: 'cornell' } },
    { name: 'spheres', params: { ...picture, scene: 'spheres', turn: 40, tilt: 10 } },
    { name: 'gallery', params: { ...picture, scene: 'gallery', seed: 4_294_967_295 } },
  ],
};
