import { monteCarloRules } from '../../kernels/monte-carlo/rules.ts';
import type { ConformanceKernel } from '../case.ts';

const GENERATORS = ['philox4x32-10', 'threefry4x32-20'] as const;
/** A prime number of paths, so that the last block is short. */
const paths = { paths: 8191, pathsPerBlock: 1024, blocks: 8 };
/** The largest seed and stream there are, and ordinary ones. */
const far = { seed: Number.MAX_SAFE_INTEGER, stream: 2 ** 32 - 1 };

/** Every problem with both generators. */
export const monteCarloConformance: ConformanceKernel = {
  rules: monteCarloRules,
  cases: GENERATORS.flatMap((generator) => {
    const by = generator.startsWith('philox') ? 'Philox' : 'Threefry';
    const common = { generator, ...paths };
    return [
      { name: `π by ${by}`, params: { problem: 'pi', ...common, seed: 7 } },
      { name: `π by ${by}, last stream`, params: { problem: 'pi', ...common, ...far } },
      { name: `European call by ${by}`, params: { problem: 'european', option: 'call', ...common, seed: 11 } },
      {
        name: `European put by ${by}, far from the money`,
        params: { problem: 'european', option: 'put', ...common, ...far, strike: 140, volatility: 0.6, rate: -0.05 },
      },
      {
        name: `Asian call by ${by}`,
        params: { problem: 'asian', option: 'call', ...common, paths: 1021, pathsPerBlock: 128, seed: 13, steps: 13 },
      },
    ];
  }),
};
