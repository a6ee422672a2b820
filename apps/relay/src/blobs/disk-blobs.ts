import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { BlobDigest } from '@reckon/protocol/base/ids';
import { toDiskError } from '../disk-error.ts';
import { type BlobStore, DEFAULT_MAX_BLOB_BYTES } from './blob-store.ts';

const digestOf = (bytes: Uint8Array): string => `0x${createHash('sha256').update(bytes).digest('hex')}`;

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

async function sizeOfFile(path: string): Promise<{ size: number; mtimeMs: number } | undefined> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, mtimeMs };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function withFile<T>(path: string, flags: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    const file = await open(path, flags);
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw toDiskError(error, 'blobs');
  }
}

/** Blobs as files `ab/0xab…`; a file appears under its name only whole, hashed and flushed. */
export function openDiskBlobs(dir: string, maxBytes = DEFAULT_MAX_BLOB_BYTES): BlobStore {
  const partials = join(dir, 'partial');
  mkdirSync(partials, { recursive: true });
  const pathOf = (digest: BlobDigest) => join(dir, digest.slice(2, 4), digest);
  const partialOf = (digest: BlobDigest) => join(partials, digest);
  /** When each file was last found to be what its name says. */
  const verified = new Map<BlobDigest, number>();
  const busy = new Map<BlobDigest, Promise<unknown>>();

  /** Writers of one blob take turns. */
  function exclusively<T>(digest: BlobDigest, run: () => Promise<T>): Promise<T> {
    const turn = (busy.get(digest) ?? Promise.resolve()).then(run, run);
    busy.set(digest, turn);
    const clear = () => void (busy.get(digest) === turn && busy.delete(digest));
    turn.then(clear, clear);
    return turn;
  }

  const checkSize = (sizeBytes: number): void => {
    if (sizeBytes > maxBytes) throw new ReckonError('BLOB_TOO_LARGE', { limitBytes: maxBytes, sizeBytes });
  };

  /** Moves a flushed file into place; the folder is flushed too, or the name might not survive. */
  async function moveIn(from: string, digest: BlobDigest): Promise<void> {
    const to = pathOf(digest);
    const made = await mkdir(dirname(to), { recursive: true });
    if (made !== undefined) await withFile(dir, 'r', (folder) => folder.sync());
    await rename(from, to);
    await withFile(dirname(to), 'r', (folder) => folder.sync());
  }

  async function verify(digest: BlobDigest, mtimeMs: number): Promise<void> {
    if (verified.get(digest) === mtimeMs) return;
    const received = digestOf(await readFile(pathOf(digest)));
    if (received !== digest) {
      await rm(pathOf(digest), { force: true });
      verified.delete(digest);
      throw new ReckonError('BLOB_CORRUPT', { expected: digest, received });
    }
    verified.set(digest, mtimeMs);
  }

  /** Whether the blob is here and sound; a spoiled one is thrown away, and may be put again. */
  async function isKept(digest: BlobDigest): Promise<boolean> {
    const found = await sizeOfFile(pathOf(digest));
    if (found === undefined) return false;
    try {
      await verify(digest, found.mtimeMs);
      return true;
    } catch (error) {
      if (error instanceof ReckonError && error.code === 'BLOB_CORRUPT') return false;
      throw error;
    }
  }

  return {
    sizeOf: async (digest) => (await sizeOfFile(pathOf(digest)))?.size,
    receivedOf: async (digest) => (await sizeOfFile(partialOf(digest)))?.size ?? 0,

    put: (digest, bytes) =>
      exclusively(digest, async () => {
        checkSize(bytes.length);
        const received = digestOf(bytes);
        if (received !== digest) throw new ReckonError('BLOB_CORRUPT', { expected: digest, received });
        if (await isKept(digest)) return;
        const temporary = `${partialOf(digest)}.whole`;
        await withFile(temporary, 'w', async (file) => {
          await file.writeFile(bytes);
          await file.sync();
        });
        await moveIn(temporary, digest);
      }),

    putPart: (digest, { offset, total, bytes }) =>
      exclusively(digest, async () => {
        checkSize(Math.max(total, offset + bytes.length));
        if ((await sizeOfFile(pathOf(digest))) !== undefined) return { complete: true };
        const path = partialOf(digest);
        const standing = (await sizeOfFile(path))?.size ?? 0;
        if (offset !== standing || offset + bytes.length > total) {
          throw new ReckonError('BLOB_RANGE', { offset, sizeBytes: standing });
        }
        await withFile(path, 'a', async (file) => {
          await file.writeFile(bytes);
          await file.sync();
        });
        if (offset + bytes.length < total) return { complete: false };
        const received = digestOf(await readFile(path));
        if (received !== digest) {
          await rm(path, { force: true });
          throw new ReckonError('BLOB_CORRUPT', { expected: digest, received });
        }
        await moveIn(path, digest);
        return { complete: true };
      }),

    async read(digest, offset = 0, length = maxBytes) {
      const found = await sizeOfFile(pathOf(digest));
      if (found === undefined) throw new ReckonError('BLOB_MISSING', { digest });
      if (offset > found.size) throw new ReckonError('BLOB_RANGE', { offset, sizeBytes: found.size });
      await verify(digest, found.mtimeMs);
      const bytes = new Uint8Array(Math.min(length, found.size - offset));
      await withFile(pathOf(digest), 'r', (file) => file.read(bytes, 0, bytes.length, offset));
      return bytes;
    },
  };
}
