import { expect, test } from 'vitest';
import { GUEST_POLICY, OWN_POLICY, sealsGuests, workerPolicy } from './worker-policy.ts';

test('only the two workers’ scripts have a policy of their own', () => {
  expect(workerPolicy('/assets/guest-worker-BdZ_x-91.js')).toBe(GUEST_POLICY);
  expect(workerPolicy('assets/own-worker-C0ffee12.js')).toBe(OWN_POLICY);
  expect(workerPolicy('/srv/dist/assets/own-worker.js')).toBe(OWN_POLICY);
  for (const path of [
    '/',
    '/assets/engine-worker-abc.js',
    '/guest-worker.html',
    '/my-guest-worker.js',
    '/own-worker.js.map',
  ])
    expect(workerPolicy(path)).toBeUndefined();
});

test('a guest’s policy lets it load and connect to nothing', () => {
  expect(GUEST_POLICY).not.toContain('self');
  expect(GUEST_POLICY).not.toContain("'unsafe-eval'");
  expect(OWN_POLICY).toContain("script-src 'self' 'wasm-unsafe-eval'");
});

test.each([
  [GUEST_POLICY, true],
  ["default-src 'none';connect-src 'none';  Worker-Src 'none' ; script-src 'self'", true],
  [null, false],
  ['', false],
  ["default-src 'none'; connect-src 'self'; worker-src 'none'", false],
  ["default-src 'self'; connect-src 'none'; worker-src 'none'", false],
  ["default-src 'none'; connect-src 'none'", false],
])('a guest may run under %j: %s', (policy, may) => {
  expect(sealsGuests(policy)).toBe(may);
});
