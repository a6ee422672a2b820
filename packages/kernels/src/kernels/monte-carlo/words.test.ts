import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mulhi } from './mulhi.ts';
import { philox4x32, type Words4 } from './philox.ts';
import { threefry4x32 } from './threefry.ts';
import { wordsOnWasm } from './wasm.ts';
import { counterOf, keyOf, wordsFrom } from './words.ts';

/** Counter, key and answer, from tests/kat_vectors of Random123 1.14. */
const philoxAnswers = [
  '00000000 00000000 00000000 00000000 00000000 00000000 6627e8d5 e169c58d bc57ac4c 9b00dbd8',
  'ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff 408f276d 41c83b0e a20bc7c6 6d5451fd',
  '243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0 d16cfe09 94fdcceb 5001e420 24126ea1',
];
const threefryAnswers = [
  '00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 9c6ca96a e17eae66 fc10ecd4 5256a7d8',
  'ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff 2a881696 57012287 f6c7446e a16a6732',
  '243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0 082efa98 ec4e6c89 59cd1dbb b8879579 86b5d00c ac8b6d84',
];
const generators = [
  ['philox4x32-10', philox4x32, philoxAnswers],
  ['threefry4x32-20', threefry4x32, threefryAnswers],
] as const;

function known(line: string): { counter: Words4; key: Words4; answer: number[] } {
  const words = line.split(' ').map((hex) => Number.parseInt(hex, 16));
  const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = words.slice(4, -4);
  return { counter: words.slice(0, 4) as unknown as Words4, key: [k0, k1, k2, k3], answer: words.slice(-4) };
}

test.each(generators)('%s gives the known answers, in TypeScript and in WASM', async (name, generate, lines) => {
  for (const { counter, key, answer } of lines.map(known)) {
    expect(generate(counter, key)).toEqual(answer);
    expect([...(await wordsOnWasm(name, 4, counter, key)).subarray(0, 4)]).toEqual(answer);
  }
});

const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const words4 = fc.tuple(u32, u32, u32, u32);

test.each(generators)('%s: WASM equals TypeScript for any counter and key', async (name, generate) => {
  await fc.assert(
    fc.asyncProperty(words4, words4, async (counter, key) => {
      const answer = await wordsOnWasm(name, 4, counter, key);
      expect([...answer.subarray(0, 4)]).toEqual(generate(counter, key));
    }),
  );
});

test.each(generators)('%s: the counter carries into its second word', async (name, generate) => {
  const key = keyOf({ generator: name, seed: 2 ** 33 + 5, stream: 9 });
  const words = await wordsOnWasm(name, 8, [2 ** 32 - 3, 7, 9, 0], key);
  const counters: Words4[] = Array.from({ length: 8 }, (_, i) => [(2 ** 32 - 3 + i) % 2 ** 32, i < 3 ? 7 : 8, 9, 0]);
  expect([...words]).toEqual(counters.flatMap((counter) => generate(counter, key)));
});

test('any word is had without those before it', () => {
  const source = { generator: 'philox4x32-10', seed: 123_456_789_012, stream: 3 } as const;
  const start = 2 ** 34 - 5;
  const all = wordsFrom(source, start);
  const words = Array.from({ length: 20 }, all);
  for (const skip of [1, 4, 7, 19]) expect(wordsFrom(source, start + skip)()).toBe(words[skip]);
  expect(counterOf(source, 2 ** 34)).toEqual([0, 1, 3, 0]);
  expect(new Set(words).size).toBe(20);
});

test('seed, stream and generator each give other words', () => {
  const source = { generator: 'philox4x32-10', seed: 1, stream: 0 } as const;
  const others = [{ seed: 2 }, { seed: 2 ** 32 + 1 }, { stream: 1 }, { generator: 'threefry4x32-20' as const }];
  const firsts = [{}, ...others].map((change) => wordsFrom({ ...source, ...change }, 0)());
  expect(new Set(firsts).size).toBe(5);
});

test('the upper half of a product is exact', () => {
  fc.assert(fc.property(u32, u32, (a, b) => mulhi(a, b) === Number((BigInt(a) * BigInt(b)) >> 32n)));
  expect(mulhi(2 ** 32 - 1, 2 ** 32 - 1)).toBe(2 ** 32 - 2);
});
