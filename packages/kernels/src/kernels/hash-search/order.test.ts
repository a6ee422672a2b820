import { toHex, toUtf8 } from '@reckon/protocol/base/bytes';
import { sha256 } from '@reckon/protocol/base/hash';
import { expect, test } from 'vitest';
import { hashSearchRules } from './rules.ts';

const NONE = `0x${'00'.repeat(32)}`;
const EIGHT = `0xff${'00'.repeat(31)}`;

test('patterns: leading zeros, a mask with its target, a whole digest, and all of them together', async () => {
  const patternOf = async (params: Record<string, unknown>) => {
    const { prefix, mask, target } = JSON.parse((await hashSearchRules.split(params, new Map())).stageParams);
    return { prefix, mask, target };
  };
  expect(await patternOf({})).toEqual({
    prefix: toHex(toUtf8('reckon:')),
    mask: `0xffffff${'00'.repeat(29)}`,
    target: NONE,
  });
  expect(await patternOf({ prefix: '0xABcd', zeroBits: 13 })).toEqual({
    prefix: '0xabcd',
    mask: `0xfff8${'00'.repeat(30)}`,
    target: NONE,
  });
  const digest = toHex(sha256(toUtf8('x')));
  expect(await patternOf({ prefix: '', zeroBits: 0, target: digest })).toEqual({
    prefix: '0x',
    mask: `0x${'ff'.repeat(32)}`,
    target: digest,
  });
  const mask = `0x${'00'.repeat(30)}FFFF`;
  const target = `0x${'00'.repeat(30)}BEEF`;
  expect(await patternOf({ zeroBits: 8, mask, target })).toMatchObject({
    mask: `0xff${'00'.repeat(29)}ffff`,
    target: target.toLowerCase(),
  });
});

test.each([
  [{ to: '9' }, { from: '9' }, /"to" of hash-search@1\.0\.0 expected a counter after 9/],
  [
    { zeroBits: 9 },
    { target: `0x01${'00'.repeat(31)}` },
    /"zeroBits" of hash-search@1\.0\.0 expected no more zero bits/,
  ],
  [
    { zeroBits: 0 },
    { mask: EIGHT, target: `0x0001${'00'.repeat(30)}` },
    /"target" of hash-search@1\.0\.0 expected no bit that the mask/,
  ],
  [{ zeroBits: 7 }, {}, /"mask" of hash-search@1\.0\.0 expected at least 8 bits.*got 7/],
  [{ prefix: 'a'.repeat(48) }, {}, /"prefix" of hash-search@1\.0\.0 expected at most 47 bytes.*got 48/],
  [
    { zeroBits: 8, to: `${2 ** 26}` },
    {},
    /"perUnit" of hash-search@1\.0\.0 expected units with about 32 hits a chunk at most/,
  ],
  [
    { zeroBits: 8, to: `${2 ** 26}` },
    { perUnit: 2 ** 15 },
    /"to" of hash-search@1\.0\.0 expected a range of about 65536 hits at most/,
  ],
])('%j is refused by the name of the parameter', (some, more, message) => {
  expect(() => hashSearchRules.split({ ...some, ...more }, new Map())).toThrow(message);
});

test('the whole of the last counters can be searched', async () => {
  const last = await hashSearchRules.split({ from: `${2n ** 64n - 5n}`, to: `${2n ** 64n}` }, new Map());
  expect(last.units.map(({ params }) => JSON.parse(params))).toMatchObject([
    { from: '18446744073709551611', count: 5 },
  ]);
});
