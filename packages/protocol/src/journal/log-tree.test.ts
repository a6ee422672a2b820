import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, toHex } from '../base/bytes.ts';
import { sha256 } from '../base/hash.ts';
import { appendToLog, EMPTY_LOG, rootOfLog } from './log-tree.ts';

/** RFC 6962 section 2.1, written down as it stands there. */
function referenceRoot(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length === 0) return sha256(new Uint8Array(0));
  if (entries.length === 1) return sha256(concat(Uint8Array.of(0), entries[0] as Uint8Array));
  let split = 1;
  while (split * 2 < entries.length) split *= 2;
  return sha256(concat(Uint8Array.of(1), referenceRoot(entries.slice(0, split)), referenceRoot(entries.slice(split))));
}

test('the frontier gives the RFC 6962 root after every append', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 40 }), (entries) => {
      let tree = EMPTY_LOG;
      for (const [i, entry] of entries.entries()) {
        tree = appendToLog(tree, entry);
        expect(toHex(rootOfLog(tree))).toBe(toHex(referenceRoot(entries.slice(0, i + 1))));
      }
    }),
    { numRuns: 40 },
  );
});

test('the root of the empty log is the hash of nothing', () => {
  expect(toHex(rootOfLog(EMPTY_LOG))).toBe('0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});
