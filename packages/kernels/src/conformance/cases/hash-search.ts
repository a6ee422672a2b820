import { hashSearchRules } from '../../kernels/hash-search/rules.ts';
import type { ConformanceKernel } from '../case.ts';

/** A search of 4,099 counters, a prime, from `from` on, for digests that begin with eight zero bits. */
const search = (name: string, prefix: string, from: bigint, count = 4099n) => ({
  name,
  params: { prefix, zeroBits: 8, from: String(from), to: String(from + count), perUnit: Number(count) },
});

/** The shortest and longest prefixes, and counters where a 32-bit or a 64-bit one would turn over. */
export const hashSearchConformance: ConformanceKernel = {
  rules: hashSearchRules,
  cases: [
    search('no prefix', '', 0n),
    search('a short prefix', 'reckon:', 1_000_000n),
    search('47 bytes of prefix', '0x'.padEnd(96, 'a5'), 0n),
    search('across 2³²', 'reckon:', 2n ** 32n - 2000n),
    search('up to 2⁶⁴', 'reckon:', 2n ** 64n - 4099n),
    search('one counter', 'reckon:', 42n, 1n),
  ],
};
