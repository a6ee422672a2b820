import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64, toBase64 } from './base64.ts';
import { toUtf8 } from './bytes.ts';

test.each([
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg=='],
  ['fooba', 'Zm9vYmE='],
  ['foobar', 'Zm9vYmFy'],
])('RFC 4648 section 10: "%s" is "%s"', (text, encoded) => {
  expect(toBase64(toUtf8(text))).toBe(encoded);
  expect(fromBase64(encoded)).toEqual(toUtf8(text));
});

test('bytes come back as they were, and as every other encoder writes them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    }),
  );
});

test.each(['Zg', 'Zg=', 'Zh==', 'Zm9=', 'Z===', '====', 'Zg==Zg==', 'Z m9', 'Zm9v\n', 'Zm-_', 'Zé=='])(
  '"%s" is nobody\'s spelling',
  (text) => expect(fromBase64(text)).toBeUndefined(),
);
