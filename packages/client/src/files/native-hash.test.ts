import { hashEntry } from '@reckon/protocol/journal/log-tree';
import { expect, test } from 'vitest';
import { hashEntryNatively } from './native-hash.ts';

test.each([0, 1, 54, 55, 63, 64, 600, 65_535])('an entry of %i bytes has the same hash either way', (length) => {
  const entry = new Uint8Array(length).map((_, i) => (i * 31) & 255);
  expect(new Uint8Array(hashEntryNatively(entry))).toEqual(hashEntry(entry));
});
