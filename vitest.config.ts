import { defineConfig } from 'vitest/config';

const exclude = ['**/node_modules/**', '**/dist/**', '**/.types/**', '**/.node/**', '**/artifacts/**'];
/** Tests that start browsers and servers: one file at a time, so that two cores suffice and ports do not meet. */
const oneAtATime = { fileParallelism: false, testTimeout: 60_000, hookTimeout: 60_000 } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...exclude, '**/*.browser.test.ts'],
          environment: 'node',
          maxWorkers: 2,
          testTimeout: 20_000,
        },
      },
      { test: { name: 'browser', include: ['**/*.browser.test.ts'], exclude, environment: 'node', ...oneAtATime } },
      { test: { name: 'e2e', include: ['e2e/**/*.spec.ts'], exclude, environment: 'node', ...oneAtATime } },
    ],
  },
});
