import { toHex } from '@reckon/protocol/base/bytes';
import type { Address, BlobDigest } from '@reckon/protocol/base/ids';
import type { StructMessage, StructName, TypedDomain } from '@reckon/protocol/base/typed-data';
import type { JobOrder } from '@reckon/protocol/model/job-order';
import { drawAddress, drawWord } from './vector-words.ts';

export const typedDomains: TypedDomain[] = [
  { chainId: 31337, verifyingContract: drawAddress('settlement') as Address },
  { chainId: 1, verifyingContract: `0x${'00'.repeat(19)}01` as Address },
];

const zeroWord = toHex(new Uint8Array(32));
const zeroAddress = toHex(new Uint8Array(20));
const MAX_U64 = 2n ** 64n - 1n;

export const jobOrders: JobOrder[] = ['first', 'second'].map((name, index) => ({
  requester: drawAddress(`requester ${name}`) as Address,
  specDigest: toHex(drawWord(`spec ${name}`)) as BlobDigest,
  budget: index === 0 ? 1000n : 500n,
  expiresAt: 2_000_000_000,
  salt: toHex(drawWord(`salt ${name}`)),
}));

/** For each struct an ordinary message, then one at the ends of its types: zero, empty, not ASCII, largest. */
export const typedMessages: { [N in StructName]: StructMessage<N>[] } = {
  JobOrder: [
    ...jobOrders,
    { requester: zeroAddress, specDigest: zeroWord, budget: 2n ** 256n - 1n, expiresAt: MAX_U64, salt: zeroWord },
  ],
  JobControl: [
    { jobId: toHex(drawWord('job')), action: 'cancel', nonce: 7 },
    { jobId: zeroWord, action: '', nonce: MAX_U64 },
  ],
  Delegation: [
    {
      nodeKey: drawAddress('node'),
      payoutAddress: drawAddress('wallet'),
      scopes: 'attest claim',
      expiry: 1_900_000_000,
    },
    { nodeKey: zeroAddress, payoutAddress: zeroAddress, scopes: '', expiry: 0 },
  ],
  Consent: [
    {
      nodeKey: drawAddress('node'),
      site: 'example.org',
      textVersion: '2026-01',
      grantedAt: 1_800_000_000,
      expiresAt: 1_810_000_000,
    },
    { nodeKey: zeroAddress, site: 'bücher.example ✓', textVersion: '', grantedAt: 0, expiresAt: MAX_U64 },
  ],
  NodeHello: [
    { nodeKey: drawAddress('node'), relayId: 'relay-1', challenge: toHex(drawWord('challenge')) },
    { nodeKey: zeroAddress, relayId: '', challenge: zeroWord },
  ],
  BatchAttestation: [
    { nodeKey: drawAddress('node'), leavesRoot: toHex(drawWord('batch')), count: 32 },
    { nodeKey: zeroAddress, leavesRoot: zeroWord, count: 2 ** 32 - 1 },
  ],
  CheckAnswer: [
    { nodeKey: drawAddress('checker'), workUnitId: toHex(drawWord('unit')), answersDigest: toHex(drawWord('answers')) },
    { nodeKey: zeroAddress, workUnitId: zeroWord, answersDigest: zeroWord },
  ],
  ConformanceReport: [
    { nodeKey: drawAddress('node'), measuredAt: 1_800_000_000, findingsDigest: toHex(drawWord('findings')) },
    { nodeKey: zeroAddress, measuredAt: MAX_U64, findingsDigest: zeroWord },
  ],
};
