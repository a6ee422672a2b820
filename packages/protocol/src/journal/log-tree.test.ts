import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHex } from '../base/bytes.ts';
import { textbookRoot } from '../../testing/static-log.ts';
import { appendToLog, EMPTY_LOG, fullSubtrees, hashEntry, rootOfLog, rootOfRow } from './log-tree.ts';

test('the frontier gives the RFC 6962 root after every append', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 40 }), (entries) => {
      let tree = EMPTY_LOG;
      for (const [i, entry] of entries.entries()) {
        tree = appendToLog(tree, entry);
        expect(toHex(rootOfLog(tree))).toBe(toHex(textbookRoot(entries.slice(0, i + 1))));
      }
    }),
    { numRuns: 40 },
  );
});

test('a row of hashes has the root and the full subtrees of its entries', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 4 }), { maxLength: 40 }), (entries) => {
      const row = entries.map(hashEntry);
      expect(toHex(rootOfRow(row))).toBe(toHex(textbookRoot(entries)));
      expect(fullSubtrees(row)).toEqual(entries.reduce(appendToLog, EMPTY_LOG).frontier);
    }),
    { numRuns: 40 },
  );
});

test('the root of the empty log is the hash of nothing', () => {
  expect(toHex(rootOfLog(EMPTY_LOG))).toBe('0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});
