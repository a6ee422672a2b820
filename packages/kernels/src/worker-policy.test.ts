import { expect, test } from 'vitest';
import { DEVELOPMENT_POLICY, GUEST_POLICY, OWN_POLICY, sealsGuests, workerPolicy } from './worker-policy.ts';

const SEALED = "default-src 'none'; connect-src 'none'; worker-src 'none'";

test('only the two workers’ scripts have a policy of their own', () => {
  expect(workerPolicy('/assets/guest-worker-BdZ_x-91.js')).toBe(GUEST_POLICY);
  expect(workerPolicy('assets/own-worker-C0ffee12.js')).toBe(OWN_POLICY);
  expect(workerPolicy('/srv/dist/assets/own-worker.js')).toBe(OWN_POLICY);
  expect(workerPolicy('C:\\app\\assets\\guest-worker-AbC.js')).toBe(GUEST_POLICY);
  expect(workerPolicy('/assets/GUEST-Worker-x.js')).toBe(GUEST_POLICY);
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
  [DEVELOPMENT_POLICY, true],
  ["default-src 'none';connect-src 'none';  Worker-Src 'none' ; script-src 'wasm-unsafe-eval' 'self'", true],
  [`default-src *, ${GUEST_POLICY}`, true],
  [`${GUEST_POLICY}; connect-src *`, true],
  [null, false],
  ['', false],
  ["default-src 'none'; connect-src 'self'; worker-src 'none'", false],
  ["default-src 'self'; connect-src 'none'; worker-src 'none'", false],
  ["default-src 'none'; connect-src 'none'; script-src 'wasm-unsafe-eval'", false],
  [`connect-src *; ${GUEST_POLICY}`, false],
  [`Connect-Src *; ${GUEST_POLICY}`, false],
  [`connect-src *, ${SEALED}; script-src *`, false],
  // Of two policies neither may lean on the other.
  [`${SEALED}, script-src 'wasm-unsafe-eval'`, false],
  [SEALED, false],
  [`${SEALED}; script-src *`, false],
  [`${SEALED}; script-src 'self'`, false],
  [`${SEALED}; script-src 'self' https://elsewhere.test 'wasm-unsafe-eval'`, false],
  [`${GUEST_POLICY}; script-src-elem *`, false],
  [`${GUEST_POLICY}; img-src *`, false],
  [`${GUEST_POLICY}; report-uri https://elsewhere.test/`, false],
  // No blank to a browser, so a directive that it does not know.
  [GUEST_POLICY.replace("connect-src 'none'", "connect-src\u00a0'none'"), false],
])('a guest may run under %j: %s', (policy, may) => {
  expect(sealsGuests(policy)).toBe(may);
});
