import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHex, toUtf8 } from '../base/bytes.ts';
import { makeStaticLog, testLogSigner, textbookRoot } from '../../testing/static-log.ts';
import { signCheckpoint } from './checkpoint.ts';
import { proveInclusion, verifyInclusion } from './log-proofs.ts';
import { readLog } from './log-reader.ts';
import { hashEntry } from './log-tree.ts';
import { decodeBundle, encodeBundle } from './tile-bytes.ts';
import { CHECKPOINT_PATH, formatTilePath, parseTilePath, type Tile, tileWidth } from './tiles.ts';

const entriesOf = (size: number) => Array.from({ length: size }, (_, i) => toUtf8(`entry ${i}`));
const SIZE = 700;
const entries = entriesOf(SIZE);
/** Made once; a test changes its own copy of the files. */
const honest = makeStaticLog(entries);

function copy() {
  const files = new Map<string, Uint8Array>([...honest.files].map(([path, bytes]) => [path, bytes.slice()]));
  const fetch = async (path: string) => {
    const bytes = files.get(path);
    if (bytes === undefined) throw new Error(`no ${path}`);
    return bytes;
  };
  const bundlePath = (index: number) =>
    formatTilePath({ kind: 'entries', index, width: tileWidth(SIZE, 0, index) } satisfies Tile);
  return {
    files,
    source: { ...honest.source, fetch },
    bundlePath,
    /** Rewrites the bundle that holds the entry. */
    edit(at: number, change: (entries: Uint8Array[], i: number) => Uint8Array[]) {
      const path = bundlePath(Math.floor(at / 256));
      const bundle = decodeBundle(parseTilePath(path), files.get(path) as Uint8Array);
      files.set(path, encodeBundle(change(bundle, at % 256)));
    },
  };
}

async function download(source: typeof honest.source, from?: number, to?: number) {
  const read: Uint8Array[] = [];
  for await (const { index, entry } of (await readLog(source)).entries(from, to)) {
    expect(index).toBe((from ?? 0) + read.length);
    read.push(entry);
  }
  return read;
}

const failure = (source: typeof honest.source) =>
  download(source).then(
    () => undefined,
    (error: unknown) => error,
  );
const named = (index: number) =>
  expect.objectContaining({ code: 'LOG_ENTRY_MISMATCH', details: expect.objectContaining({ index }) });

test.each([0, 1, 2, 255, 256, 257, 511, 512, 700])('a log of %i entries is read whole', async (size) => {
  const log = makeStaticLog(entriesOf(size));
  expect(await download(log.source)).toEqual(entriesOf(size));
});

test('a log of three levels is read whole, and its proofs are the textbook’s', async () => {
  const many = Array.from({ length: 65_536 + 300 }, (_, i) => Uint8Array.of(i >> 16, i >> 8, i));
  const log = makeStaticLog(many);
  const view = await readLog(log.source);
  let count = 0;
  for await (const { entry } of view.entries(65_000)) expect(entry).toEqual(many[65_000 + count++]);
  expect(count).toBe(836);
  const path = await proveInclusion(view.readHash, 65_537, view.checkpoint.size);
  const { size, root } = view.checkpoint;
  const hash = hashEntry(many[65_537] as Uint8Array);
  expect(verifyInclusion({ index: 65_537, size, hash, root, path })).toBe(true);
  // One hash of the highest full tile, changed: it names the first entry below that hash.
  const top = log.files.get('tile/1/000') as Uint8Array;
  top[32 * 200] = (top[32 * 200] as number) ^ 1;
  await expect(download(log.source, 65_000)).rejects.toEqual(named(200 * 256));
});

test('a range is read as it is asked for, and what is outside it is not fetched', async () => {
  const log = copy();
  log.files.delete(log.bundlePath(0));
  expect(await download(log.source, 300, 310)).toEqual(entries.slice(300, 310));
  expect(await download(log.source, 690, 10_000)).toEqual(entries.slice(690));
  expect(await download(log.source, 700)).toEqual([]);
});

test('every tampering with the entries is caught at the first entry that differs', () =>
  fc.assert(
    fc.asyncProperty(fc.nat(SIZE - 2), fc.nat(4), async (at, kind) => {
      const log = copy();
      const changes: [(bundle: Uint8Array[], i: number) => Uint8Array[]][] = [
        [(bundle, i) => bundle.with(i, toUtf8('something else'))],
        [(bundle, i) => bundle.toSpliced(i, 1)],
        [(bundle, i) => bundle.toSpliced(i, 0, toUtf8('one more')).slice(0, bundle.length)],
        [(bundle, i) => bundle.slice(0, i)],
        [(bundle, i) => bundle.with(i, new Uint8Array(0))],
      ];
      log.edit(at, (changes[kind] as (typeof changes)[number])[0]);
      expect(await failure(log.source)).toEqual(named(at));
    }),
    { numRuns: 60 },
  ));

test('swapped entries are caught at the first of them', () =>
  fc.assert(
    fc.asyncProperty(fc.nat(SIZE - 2), async (at) => {
      fc.pre(at % 256 !== 255);
      const log = copy();
      log.edit(at, (bundle, i) => bundle.with(i, bundle[i + 1] as Uint8Array).with(i + 1, bundle[i] as Uint8Array));
      expect(await failure(log.source)).toEqual(named(at));
    }),
    { numRuns: 20 },
  ));

test('a bundle cut within an entry names that entry; one that goes on is refused', async () => {
  const cut = copy();
  const path = cut.bundlePath(2);
  cut.files.set(path, (cut.files.get(path) as Uint8Array).slice(0, -1));
  expect(await failure(cut.source)).toEqual(named(SIZE - 1));
  const longer = copy();
  longer.edit(600, (bundle) => [...bundle, toUtf8('one more')]);
  expect(await failure(longer.source)).toMatchObject({ code: 'LOG_TILE_INVALID', details: { path } });
});

test('a changed bit of any tile names the entry it hides, or the first one below it', () =>
  fc.assert(
    fc.asyncProperty(
      fc.constantFrom('tile/0/000', 'tile/0/001', 'tile/0/002.p/188', 'tile/1/000.p/2'),
      fc.nat(),
      async (path, draw) => {
        const log = copy();
        const bytes = log.files.get(path) as Uint8Array;
        const at = draw % bytes.length;
        bytes[at] = (bytes[at] as number) ^ (1 << (draw % 8));
        const { kind, level, index } = parseTilePath(path) as Extract<Tile, { level: number }>;
        expect(kind).toBe('hashes');
        const first = (index * 256 + Math.floor(at / 32)) * 256 ** level;
        expect(await failure(log.source)).toEqual(named(first));
      },
    ),
    { numRuns: 60 },
  ));

test('an entry changed together with its tile names the first entry below the hash that does not fit', async () => {
  const other = makeStaticLog(entries.with(300, toUtf8('something else')));
  const log = copy();
  for (const path of [log.bundlePath(1), 'tile/0/001']) log.files.set(path, other.files.get(path) as Uint8Array);
  expect(await failure(log.source)).toEqual(named(256));
});

test('a whole other log under the old checkpoint has another root', async () => {
  const other = makeStaticLog(entries.with(300, toUtf8('something else')));
  other.files.set(CHECKPOINT_PATH, honest.files.get(CHECKPOINT_PATH) as Uint8Array);
  expect(await failure(other.source)).toMatchObject({
    code: 'LOG_ROOT_MISMATCH',
    details: { size: SIZE, expected: toHex(textbookRoot(entries)), received: toHex(other.checkpoint.root) },
  });
});

test('a removed entry under a checkpoint that says so is caught by the signature', async () => {
  const shorter = makeStaticLog(entries.toSpliced(3, 1), testLogSigner(6));
  expect(await failure({ ...shorter.source, key: honest.source.key })).toMatchObject({ code: 'CHECKPOINT_INVALID' });
  const other = { ...honest.source, origin: 'other.test/log' };
  expect(await failure(other)).toMatchObject({ code: 'CHECKPOINT_INVALID' });
});

test('what the log server fails with is passed on', async () => {
  const log = copy();
  log.files.delete('tile/0/001');
  expect(String(await failure(log.source))).toContain('no tile/0/001');
});

test('a tile of the right edge is used as it was checked, whatever is served later', async () => {
  const log = copy();
  let asked = 0;
  const fetch = async (path: string) => {
    const bytes = await log.source.fetch(path);
    return path === 'tile/0/002.p/188' && asked++ > 0 ? new Uint8Array(bytes.length) : bytes;
  };
  expect(await download({ ...log.source, fetch })).toEqual(entries);
  expect(asked).toBe(1);
});

test('a log extends every log it grew from, and no other', async () => {
  const view = await readLog(honest.source);
  for (const size of [0, 1, 255, 256, 600, 700]) {
    await view.requireExtends(makeStaticLog(entries.slice(0, size)).checkpoint);
  }
  const refused = expect.objectContaining({ code: 'CHECKPOINT_NOT_EXTENDED' });
  for (const size of [1, 256, 699, 700]) {
    // Two auditors who were shown two logs find out when they compare their checkpoints.
    const forked = makeStaticLog(entries.slice(0, size).with(0, toUtf8('for you only'))).checkpoint;
    await expect(view.requireExtends(forked)).rejects.toEqual(refused);
  }
  await expect(view.requireExtends(makeStaticLog(entriesOf(701)).checkpoint)).rejects.toEqual(refused);
});

test('a signature over another size is no checkpoint of these entries', async () => {
  const log = copy();
  const note = signCheckpoint({ ...honest.checkpoint, size: 699 }, testLogSigner());
  log.files.set(CHECKPOINT_PATH, toUtf8(note));
  const partial = (log.files.get('tile/0/002.p/188') as Uint8Array).slice(0, 187 * 32);
  log.files.set('tile/0/002.p/187', partial);
  log.files.set('tile/entries/002.p/187', encodeBundle(entries.slice(512, 699)));
  expect(await failure(log.source)).toMatchObject({ code: 'LOG_ROOT_MISMATCH' });
});
