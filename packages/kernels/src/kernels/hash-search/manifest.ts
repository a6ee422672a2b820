import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import { kernelDigests } from '../../digests.generated.ts';

/** Counters whose message has a SHA-256 that matches a pattern; whole numbers, exact on every device. */
export const hashSearchManifest: KernelManifest = {
  id: 'hash-search',
  version: '1.0.0',
  digest: kernelDigests['hash-search@1.0.0'],
  title: 'Search for a SHA-256 pattern',
  summary:
    'Tries numbers behind a given prefix and reports those whose SHA-256 matches a pattern: for hash puzzles and stamps, digests with a wished-for beginning, or a short forgotten value of the requester’s own. Each chunk also names the message whose digest begins with the lowest word, so an answer given without trying is wrong in every chunk.',
  backends: ['wasm'],
  agreement: { kind: 'exact' },
  // No certificate: hits are verified one by one wherever a result is read, but hits left out cannot be seen so, nor whether
  // a witness is the lowest.
  policies: ['quorum', 'sample', 'audit'],
  // Who computes nothing has the witness of every chunk wrong, and who tries a share of the messages that of most. But who
  // computes all and leaves out a single hit, which may be the one that was sought, changes one of at most 256 chunks. A
  // sample therefore promises little here; runs by others (quorum, audit) are what finds omissions.
  chunking: { chunk: 'an equal share of the unit’s counters', leastHarmfulShare: 1 / 256 },
  inputs: [],
  params: [
    {
      name: 'prefix',
      kind: 'text',
      description: 'What every message begins with: text, or bytes as 0x and hex; at most 47 bytes.',
      default: 'reckon:',
    },
    {
      name: 'zeroBits',
      kind: 'integer',
      description: 'Zero bits that the digest begins with; 0 when mask and target say it all.',
      default: 24,
      min: 0,
      max: 256,
    },
    {
      name: 'mask',
      kind: 'text',
      description:
        'Bits of the digest to compare with the target, 0x and 64 hex digits; empty: all, if there is a target.',
      default: '',
    },
    {
      name: 'target',
      kind: 'text',
      description: 'What those bits must be, 0x and 64 hex digits; empty: zeros.',
      default: '',
    },
    { name: 'from', kind: 'text', description: 'First counter, a whole number from 0.', default: '0' },
    {
      name: 'to',
      kind: 'text',
      description: 'Counter after the last one, at most 2⁶⁴ = 18446744073709551616.',
      default: '67108864',
    },
    {
      name: 'perUnit',
      kind: 'integer',
      description: 'Counters in one work unit.',
      default: 8_388_608,
      min: 1,
      max: 16_777_216,
    },
  ],
  limits: { maxResultBytes: 256 * (16 + 128 * 8), maxMemoryBytes: 64 * 1024 * 1024, maxMs: 120_000 },
};
