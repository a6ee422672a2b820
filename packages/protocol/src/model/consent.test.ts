import { expect, test } from 'vitest';
import type { Address, NodeId } from '../base/ids.ts';
import { createKeySigner, recoverAddress } from '../base/signature.ts';
import { CONSENT_MAX_SECONDS, consentProblem, signConsent } from './consent.ts';

const DOMAIN = { chainId: 31337, verifyingContract: `0x${'ab'.repeat(20)}` as Address };
const signer = createKeySigner(new Uint8Array(32).fill(5));
const NOW = 1_800_000_000;
const consent = signConsent(DOMAIN, signer, 'self', NOW);
const problem = (change: object, now = NOW, nodeId: NodeId = signer.nodeId) =>
  consentProblem(DOMAIN, { ...consent, ...change }, nodeId, now, recoverAddress);

test('a fresh consent gives the right to lease until it ends', () => {
  expect(problem({})).toBeUndefined();
  expect(problem({}, NOW + CONSENT_MAX_SECONDS - 1)).toBeUndefined();
  expect(problem({}, NOW + CONSENT_MAX_SECONDS)).toMatch(/has ended/);
});

test('says what is wrong with any other', () => {
  expect(problem({}, NOW, createKeySigner(new Uint8Array(32).fill(6)).nodeId)).toMatch(/another node/);
  expect(problem({ textVersion: '2020-01' })).toMatch(/its text is 2020-01/);
  expect(problem({ expiresAt: NOW + CONSENT_MAX_SECONDS + 1 })).toMatch(/24 hours/);
  expect(problem({ grantedAt: NOW + 61, expiresAt: NOW + 100 })).toMatch(/future/);
  expect(problem({ site: 'another-site' })).toMatch(/signature is not by the node/);
});
