import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromHex, fromUtf8, toHex, toUtf8 } from '@reckon/protocol/base/bytes';
import { JobId, Hash } from '@reckon/protocol/base/ids';
import { parse } from '@reckon/protocol/base/parse';
import { Millis } from '@reckon/protocol/base/units';
import { ResultLeaf, Salt } from '@reckon/protocol/model/attestation';
import * as v from 'valibot';
import type { NodeStore, UnsentResult } from '../store.ts';

const UnsentHeader = v.object({ leaf: ResultLeaf, salt: Salt, jobId: JobId, finishedAt: Millis });
const Key = Hash;

const isAbsent = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Undefined when there is no such file. */
const readIfThere = (path: string): Promise<Uint8Array | undefined> =>
  readFile(path).then(
    (buffer) => new Uint8Array(buffer),
    (error: unknown) => {
      if (isAbsent(error)) return undefined;
      throw error;
    },
  );

/**
 * A node's memory as files: `key` (mode 0600), `records/`, `blobs/` and `unsent/`. Files appear whole or not at all.
 * @param dir made when absent; one process at a time.
 */
export async function openFileStore(dir: string, blobCapBytes: number): Promise<NodeStore> {
  const path = (...parts: string[]) => join(dir, ...parts);
  let cap = blobCapBytes;
  let temporary = 0;
  // One after the other: blobs are few and large, and two evictions at once would count wrong.
  let evicting: Promise<void> = Promise.resolve();

  const makeFolders = async () => {
    for (const folder of ['records', 'blobs', 'unsent']) await mkdir(path(folder), { recursive: true, mode: 0o700 });
  };
  await makeFolders();

  async function write(target: string, bytes: Uint8Array): Promise<void> {
    const draft = `${target}.${process.pid}.${temporary++}.tmp`;
    // Flushed before it gets its name: after a power cut a key or a result is there whole or not at all.
    await writeFile(draft, bytes, { mode: 0o600, flush: true });
    await rename(draft, target);
  }

  async function evict(): Promise<void> {
    const names = (await readdir(path('blobs'))).filter((name) => !name.endsWith('.tmp'));
    const files = await Promise.all(
      names.map(async (name) => {
        const { size, mtimeMs } = await stat(path('blobs', name));
        return { name, size, mtimeMs };
      }),
    );
    files.sort((a, b) => a.mtimeMs - b.mtimeMs);
    let total = files.reduce((sum, { size }) => sum + size, 0);
    for (const { name, size } of files) {
      if (total <= cap) break;
      await rm(path('blobs', name), { force: true });
      total -= size;
    }
  }
  const makeRoom = () => {
    evicting = evicting.then(evict, evict);
    return evicting;
  };

  /** Strictly growing times, so that the order of use survives file systems with coarse clocks. */
  let lastUse = Date.now();
  const touch = async (file: string) => {
    lastUse = Math.max(lastUse + 1, Date.now());
    await utimes(file, lastUse / 1000, lastUse / 1000);
  };

  async function readUnsent(name: string): Promise<UnsentResult> {
    const bytes = await readFile(path('unsent', name));
    const headerEnd = bytes.indexOf(10);
    const header = parse(UnsentHeader, JSON.parse(fromUtf8(bytes.subarray(0, headerEnd))));
    return { ...header, bytes: new Uint8Array(bytes.subarray(headerEnd + 1)) };
  }

  return {
    async readKey() {
      const text = await readIfThere(path('key'));
      return text === undefined ? undefined : fromHex(parse(Key, fromUtf8(text).trim()));
    },
    writeKey: (key) => write(path('key'), toUtf8(`${toHex(key)}\n`)),
    async readRecord(name) {
      const text = await readIfThere(path('records', `${name}.json`));
      if (text === undefined) return undefined;
      try {
        return JSON.parse(fromUtf8(text));
      } catch {
        return undefined; // spoiled: who reads it starts afresh
      }
    },
    writeRecord: (name, value) => write(path('records', `${name}.json`), toUtf8(JSON.stringify(value))),
    deleteRecord: (name) => rm(path('records', `${name}.json`), { force: true }),
    async readBlob(digest) {
      const bytes = await readIfThere(path('blobs', digest));
      if (bytes !== undefined) await touch(path('blobs', digest));
      return bytes;
    },
    async writeBlob(digest, bytes) {
      if (bytes.length > cap) return;
      await write(path('blobs', digest), bytes);
      await touch(path('blobs', digest));
      await makeRoom();
    },
    deleteBlob: (digest) => rm(path('blobs', digest), { force: true }),
    async setBlobCap(bytes) {
      cap = bytes;
      await makeRoom();
    },
    async listUnsent() {
      const names = (await readdir(path('unsent'))).filter((name) => !name.endsWith('.tmp'));
      const results = await Promise.allSettled(names.map(readUnsent));
      const readable: UnsentResult[] = [];
      for (const [i, result] of results.entries()) {
        if (result.status === 'fulfilled') readable.push(result.value);
        // It cannot be sent and would only be in the way: the unit is computed again.
        else await rm(path('unsent', names[i] as string), { force: true });
      }
      return readable.sort((a, b) => a.finishedAt - b.finishedAt);
    },
    async writeUnsent({ leaf, salt, jobId, finishedAt, bytes }) {
      const header = toUtf8(`${JSON.stringify({ leaf, salt, jobId, finishedAt })}\n`);
      await write(path('unsent', leaf.workUnitId), Buffer.concat([header, bytes]));
    },
    deleteUnsent: (workUnitId) => rm(path('unsent', workUnitId), { force: true }),
    async clear() {
      for (const name of ['key', 'records', 'blobs', 'unsent']) await rm(path(name), { recursive: true, force: true });
      await makeFolders();
    },
  };
}
