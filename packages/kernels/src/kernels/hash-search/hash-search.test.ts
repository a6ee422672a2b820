import { concat, fromHex, fromUtf8, toHex, toUtf8 } from '@reckon/protocol/base/bytes';
import { sha256 } from '@reckon/protocol/base/hash';
import { expect, test } from 'vitest';
import { testChecking } from '../../../testing/checking-acceptance.ts';
import { context, type KernelCase, testKernel } from '../../../testing/kernel-acceptance.ts';
import type { UnitInput } from '../../kernel.ts';
import { chunkAt, chunkCount, decodeChunk, encodeChunk } from './layout.ts';
import { readRange } from './params.ts';
import { hitTest, messageOf, searchReference } from './reference.ts';
import { hashSearchRules } from './rules.ts';
import { hashSearchKernel } from './run.ts';

const order = { prefix: 'stamp for ada:', zeroBits: 8, from: '4294967000', to: '4294972000', perUnit: 2000 };
const NONE = `0x${'00'.repeat(32)}`;
const EIGHT = `0xff${'00'.repeat(31)}`;
const unit = { prefix: '0x', mask: EIGHT, target: NONE, from: '0', count: 1000 };
const input = (changes: Partial<typeof unit>): UnitInput => ({
  params: JSON.stringify({ ...unit, ...changes }),
  blobs: new Map(),
});

function reference({ params }: UnitInput): Uint8Array {
  const range = readRange(params);
  const chunks = Array.from({ length: chunkCount(range) }, (_, i) => {
    const { first, count } = chunkAt(range, i);
    return encodeChunk(searchReference(range, first, count));
  });
  return concat(...chunks);
}

const makeCase = (): KernelCase => ({
  rules: hashSearchRules,
  kernel: hashSearchKernel,
  params: order,
  inputs: new Map(),
  reference,
  badParams: [
    { ...order, prefix: 'a'.repeat(48) },
    { ...order, prefix: 'é'.repeat(24) },
    { ...order, prefix: `0x${'00'.repeat(48)}` },
    { ...order, prefix: '0xabc' },
    { ...order, prefix: '\ud800' },
    { ...order, prefix: 7 },
    { ...order, zeroBits: 7 },
    { ...order, zeroBits: 257 },
    { ...order, zeroBits: 8.5 },
    { ...order, mask: '0xff' },
    { ...order, target: 'ff'.repeat(32) },
    { ...order, mask: EIGHT, target: `0x01ff${'00'.repeat(30)}` },
    { ...order, target: `0x01${'00'.repeat(31)}` },
    { ...order, from: -1 },
    { ...order, from: '-1' },
    { ...order, from: '007' },
    { ...order, from: '1e3' },
    { ...order, from: order.to },
    { ...order, to: '18446744073709551617' },
    { ...order, to: '9'.repeat(5000) },
    { ...order, perUnit: 0 },
    { ...order, perUnit: 2 ** 24 + 1 },
    { ...order, perUnit: 1 },
    { ...order, to: `${2n ** 64n}`, perUnit: 2 ** 24 },
    { ...order, from: '0', to: `${2 ** 26}`, perUnit: 2 ** 24 },
    { ...order, from: '0', to: `${2 ** 26}`, perUnit: 2 ** 20 },
  ],
  badUnitParams: [
    { mask: NONE },
    { mask: `0x7f${'00'.repeat(31)}` },
    { target: `0x00ff${'00'.repeat(30)}` },
    { mask: EIGHT.toUpperCase() },
    { prefix: `0x${'00'.repeat(48)}` },
    { prefix: '0xZZ' },
    { from: '18446744073709550617' },
    { from: '18446744073709551616', count: 1 },
    { from: '99999999999999999999' },
    { count: 0 },
    { count: 2 ** 24 + 1 },
    { count: 1.5 },
  ].map((changes) => input(changes).params),
  shapes: [
    { count: 1 },
    { count: 1021, prefix: `0x${'5a'.repeat(47)}` },
    { count: 1024, from: '18446744073709550592' },
    { count: 5003, prefix: '0x616263', from: '65000' },
  ].map(input),
  mostChunks: 256,
});
testKernel('hash-search', makeCase);
testChecking('hash-search', makeCase);

test('the manifest promises no certificate, and names one chunk of the most there are as harmful', () => {
  const { policies, chunking, certificate } = hashSearchRules.manifest;
  expect(policies).not.toContain('certificate');
  expect(certificate).toBeUndefined();
  const most = Math.max(...[1, 1023, 1024, 1025, 99_999, 2 ** 24].map((count) => chunkCount({ count })));
  expect(chunking?.leastHarmfulShare).toBe(1 / most);
});

test('chunks are equal shares that cover a unit once', () => {
  for (const count of [1, 4, 5, 1023, 1024, 1025, 65_537, 2 ** 24 - 1, 2 ** 24]) {
    const range = { ...unit, from: '77', count };
    let next = 77n;
    for (let i = 0; i < chunkCount(range); i++) {
      const chunk = chunkAt(range, i);
      expect(chunk.first).toBe(next);
      expect(chunk.count).toBeGreaterThan(0);
      next += BigInt(chunk.count);
    }
    expect(next).toBe(77n + BigInt(count));
  }
});

test('a run with as many looks at the signal as it may have gives each chunk’s reference', async () => {
  const { params } = input({ from: '250', count: 2 ** 18 + 3, prefix: '0x01' });
  const { bytes } = await hashSearchKernel.run({ params, blobs: new Map() }, context());
  for (const index of [0, 63, 64, 254]) {
    const slice = hashSearchRules.chunks?.slice(params, bytes, index);
    expect(slice).toEqual(hashSearchRules.chunks?.compute({ params, blobs: new Map() }, index));
  }
});

test('two runs at once in one worker do not disturb each other', async () => {
  const units = ['0x01', '0x02'].map((prefix) => input({ prefix, count: 2 ** 17 }));
  const alone = [];
  for (const unit of units) alone.push((await hashSearchKernel.run(unit, context())).bytes);
  const together = await Promise.all(units.map((unit) => hashSearchKernel.run(unit, context())));
  expect(together.map(({ bytes }) => bytes)).toEqual(alone);
});

test('an abort between two bands ends the run', async () => {
  const controller = new AbortController();
  const progress = () => controller.abort(new Error('stop'));
  const run = hashSearchKernel.run(input({ count: 2 ** 20 }), context({ signal: controller.signal, progress }));
  await expect(run).rejects.toThrow('stop');
});

const LOOSE = `0x00ff${'00'.repeat(30)}`;
const one = { ...unit, mask: LOOSE, from: '1000', count: 1000 };
const refuse = (result: Uint8Array) => hashSearchRules.inspect(JSON.stringify(one), result);

test('every reported hit is hashed: a false, foreign, repeated or misplaced one is refused, an omitted one is not seen', () => {
  const range = readRange(JSON.stringify(one));
  const chunks = Array.from({ length: chunkCount(range) }, (_, i) => {
    const { first, count } = chunkAt(range, i);
    return searchReference(range, first, count);
  });
  const bytesOf = (at: number, listed: readonly bigint[], total = listed.length) =>
    concat(...chunks.map((found, i) => encodeChunk(i === at ? { ...found, total, listed } : found)));
  const hitAt = chunks.findIndex(({ total }) => total > 0);
  const hit = chunks[hitAt]?.listed[0] as bigint;
  const missAt = chunks.findIndex(({ total }) => total === 0);
  expect(refuse(bytesOf(-1, []))).toBeUndefined();
  expect(refuse(bytesOf(missAt, [chunkAt(range, missAt).first]))).toMatch(/does not match/);
  expect(refuse(bytesOf(missAt, [hit]))).toMatch(/rising counters from \d+ to \d+, got/);
  expect(refuse(bytesOf(hitAt, [hit, hit]))).toMatch(/rising counters/);
  expect(refuse(bytesOf(missAt, [2n ** 64n - 1n]))).toMatch(/rising counters/);
  expect(refuse(bytesOf(missAt, [], 1))).toMatch(/expected a number of hits/);
  expect(refuse(bytesOf(missAt, [1n, 2n, 3n, 4n, 5n]))).toMatch(/at most 4 hits, got 5/);
  expect(refuse(bytesOf(hitAt, []))).toBeUndefined();
});

test('all is hits.json: what was searched, each hit with its message and digest, and what is missing', async () => {
  const plan = await hashSearchRules.split(order, new Map());
  const results = plan.units.map(({ params }) => reference({ params, blobs: new Map() }));
  const read = (parts: (Uint8Array | undefined)[]) => {
    const [file, ...more] = hashSearchRules.merge(plan.stageParams, parts);
    expect([file?.name, more]).toEqual(['hits.json', []]);
    return JSON.parse(fromUtf8(file?.bytes as Uint8Array));
  };
  const whole = read(results);
  const prefix = toUtf8(order.prefix);
  const isHit = hitTest({ prefix: toHex(prefix), mask: EIGHT, target: NONE });
  const expected = Array.from({ length: 5000 }, (_, i) => BigInt(order.from) + BigInt(i)).filter(isHit);
  expect(expected.length).toBeGreaterThan(5);
  expect(whole).toEqual({
    prefix: toHex(prefix),
    mask: EIGHT,
    target: NONE,
    from: order.from,
    to: order.to,
    missing: [],
    cutShort: [],
    hits: expected.map((counter) => {
      const message = messageOf(prefix, counter);
      return { counter: `${counter}`, message: toHex(message), digest: toHex(sha256(message)) };
    }),
  });
  for (const { digest } of whole.hits) expect(digest).toMatch(/^0x00/);
  expect(read([results[0], undefined, results[2]])).toMatchObject({
    missing: [{ from: '4294969000', to: '4294971000' }],
    hits: whole.hits.filter(
      ({ counter }: { counter: string }) => BigInt(counter) < 4294969000n || BigInt(counter) >= 4294971000n,
    ),
  });
});

test('a stage of more units than there may be is refused before it is walked through', () => {
  const search = { prefix: '0x', mask: EIGHT, target: NONE, from: '0', to: `${2n ** 64n}`, perUnit: 1 };
  const refused = expect.objectContaining({ code: 'KERNEL_PARAMS_INVALID' });
  expect(() => hashSearchRules.merge(JSON.stringify(search), [])).toThrow(refused);
  expect(() => hashSearchRules.merge(JSON.stringify({ ...search, from: '9', to: '9' }), [])).toThrow(refused);
});

test('a chunk with more hits than it lists is named in hits.json', () => {
  const listed = Array.from({ length: 128 }, (_, i) => BigInt(i));
  const witness = { counter: 2n ** 64n - 2n, word: 2 ** 32 - 3 };
  const search = { prefix: '0x', mask: EIGHT, target: NONE, from: '0', to: '262144', perUnit: 262_144 };
  const chunks = Array.from({ length: 256 }, (_, i) =>
    encodeChunk(i === 0 ? { total: 300, listed, witness } : { total: 0, listed: [], witness }),
  );
  const [file] = hashSearchRules.merge(JSON.stringify(search), [concat(...chunks)]);
  const { cutShort, hits } = JSON.parse(fromUtf8(file?.bytes as Uint8Array));
  expect(cutShort).toEqual([{ from: '0', to: '1024', hits: 300, listed: 128 }]);
  expect(hits).toHaveLength(128);
  expect(decodeChunk(chunks[0] as Uint8Array)).toEqual({ total: 300, listed, witness });
  expect(hashSearchRules.manifest.limits.maxResultBytes).toBe(256 * (chunks[0] as Uint8Array).length);
});

test('a unit and its result are told in words', () => {
  const text = (params: Record<string, unknown>, result?: Uint8Array) => {
    const preview = hashSearchRules.preview?.(JSON.stringify({ ...unit, ...params }), new Map(), result);
    return preview?.kind === 'text' ? preview.text : undefined;
  };
  const letters = toHex(toUtf8('ada:'));
  expect(text({ prefix: letters })).toBe(
    'Looks for a message “ada:” + counter whose SHA-256 begins with 8 zero bits: counters 0 to 999',
  );
  expect(text({ prefix: '0x00ff', target: `0xab${'00'.repeat(31)}` })).toMatch(/“0x00ff”.* begins with 0xab: /);
  expect(text({ mask: `0x${'ff'.repeat(32)}`, target: `0x${'12'.repeat(32)}` })).toMatch(/SHA-256 is 0x(12){32}:/);
  expect(text({ mask: LOOSE })).toMatch(/equals 0x0{64} in 8 chosen bits:/);
  const result = reference(input({ prefix: letters }));
  const hits = Array.from({ length: 1000 }, (_, i) => BigInt(i)).filter(hitTest({ ...unit, prefix: letters }));
  expect(hits.length).toBeGreaterThan(0);
  const named = hits.slice(0, 3).join(', ');
  const more = hits.length > 3 ? ' and more' : '';
  expect(text({ prefix: letters }, result)).toBe(
    `${hits.length} hit${hits.length === 1 ? '' : 's'} among counters 0 to 999: ${named}${more}`,
  );
  expect(fromHex(letters)).toEqual(toUtf8('ada:'));
});
