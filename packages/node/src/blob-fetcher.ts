import { ReckonError } from '@reckon/protocol/base/errors';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { BlobDigest } from '@reckon/protocol/base/ids';
import type { Log } from '@reckon/protocol/base/ports';
import type { BlobRef } from '@reckon/protocol/model/job-spec';
import type { Frame } from '@reckon/protocol/wire/framing';
import type { RelayMessage } from '@reckon/protocol/wire/messages';
import { createByteLru } from './byte-lru.ts';
import type { Link } from './link.ts';
import type { NodeStore } from './store.ts';

/** Largest blob a node will hold; a job that needs a larger one fails here, not in the tab's memory. */
export const MAX_BLOB_BYTES = 256 * 1024 * 1024;
/** Bytes kept in memory, so that a model is not read from disk for every unit. */
const MEMORY_BYTES = 64 * 1024 * 1024;

interface Download {
  ref: BlobRef;
  bytes: Uint8Array;
  received: number;
  corrupt: number;
  resolve: (bytes: Uint8Array) => void;
  reject: (error: ReckonError) => void;
  done: Promise<Uint8Array>;
}

/** Gets blobs: from memory, from the store, else from the relay, resuming where a lost connection stopped. */
export interface BlobFetcher {
  /**
   * The blob's bytes, checked against its digest; shared, so copy before giving them away.
   * @throws {ReckonError} BLOB_MISSING, BLOB_CORRUPT after the second wrong copy, BLOB_TOO_LARGE, CHANNEL_CLOSED after `abort`.
   */
  get(ref: BlobRef): Promise<Uint8Array>;
  attach(link: Link): void;
  detach(): void;
  onBlob(message: Extract<RelayMessage, { type: 'blob' }>): void;
  onFrame(frame: Frame): void;
  onMissing(digest: BlobDigest): void;
  /** Gives up every download. */
  abort(): void;
}

export function createBlobFetcher(
  store: Pick<NodeStore, 'readBlob' | 'writeBlob' | 'deleteBlob'>,
  log: Log,
): BlobFetcher {
  const memory = createByteLru(MEMORY_BYTES);
  const pending = new Map<BlobDigest, Promise<Uint8Array>>();
  const downloads = new Map<BlobDigest, Download>();
  let streams = new Map<number, Download>();
  let link: Link | undefined;

  const want = ({ ref, received }: Download) => {
    try {
      link?.send({ type: 'want', digest: ref.digest, offset: received });
    } catch {
      // The connection has just ended; `attach` asks again.
    }
  };

  function end(download: Download, error?: ReckonError): void {
    downloads.delete(download.ref.digest);
    for (const [stream, other] of streams) if (other === download) streams.delete(stream);
    if (error === undefined) download.resolve(download.bytes);
    else download.reject(error);
  }

  function again(download: Download, received: string): void {
    const { digest } = download.ref;
    log.warn({ digest, received }, 'blob.corrupt');
    download.corrupt++;
    if (download.corrupt > 1) return end(download, new ReckonError('BLOB_CORRUPT', { expected: digest, received }));
    download.received = 0;
    for (const [stream, other] of streams) if (other === download) streams.delete(stream);
    want(download);
  }

  function complete(download: Download): void {
    const received = hashBlob(download.bytes);
    if (received !== download.ref.digest) return again(download, received);
    end(download);
    store
      .writeBlob(received, download.bytes)
      .catch((error: unknown) => log.warn({ digest: received, cause: String(error) }, 'blob.not-cached'));
  }

  function download(ref: BlobRef): Promise<Uint8Array> {
    if (ref.size > MAX_BLOB_BYTES) {
      throw new ReckonError('BLOB_TOO_LARGE', { limitBytes: MAX_BLOB_BYTES, sizeBytes: ref.size });
    }
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    const entry = { ref, bytes: new Uint8Array(ref.size), received: 0, corrupt: 0, resolve, reject, done: promise };
    downloads.set(ref.digest, entry);
    want(entry);
    return promise;
  }

  async function load(ref: BlobRef): Promise<Uint8Array> {
    const kept = await store.readBlob(ref.digest).catch((error: unknown) => {
      log.warn({ digest: ref.digest, cause: String(error) }, 'blob.cache-unreadable');
      return undefined;
    });
    if (kept !== undefined) {
      if (hashBlob(kept) === ref.digest) return kept;
      log.warn({ digest: ref.digest }, 'blob.cache-corrupt');
      await store.deleteBlob(ref.digest).catch(() => undefined); // downloading replaces it anyway
    }
    return download(ref);
  }

  return {
    async get(ref) {
      const hot = memory.get(ref.digest);
      if (hot !== undefined) return hot;
      const running = pending.get(ref.digest) ?? load(ref).finally(() => pending.delete(ref.digest));
      pending.set(ref.digest, running);
      const bytes = await running;
      memory.set(ref.digest, bytes);
      return bytes;
    },
    attach(next) {
      link = next;
      streams = new Map();
      for (const entry of downloads.values()) want(entry);
    },
    detach() {
      link = undefined;
    },
    onBlob(message) {
      const entry = downloads.get(message.digest);
      if (entry === undefined || message.offset !== entry.received) return; // an answer to a question no longer asked
      if (message.size !== entry.ref.size) return again(entry, `a blob of ${message.size} bytes`);
      streams.set(message.stream, entry);
      if (entry.received === entry.bytes.length) complete(entry);
    },
    onFrame(frame) {
      const entry = streams.get(frame.stream);
      if (entry === undefined) return;
      if (frame.offset !== entry.received || frame.total !== entry.bytes.length) {
        return again(entry, `a frame at byte ${frame.offset} of ${frame.total}, not ${entry.received}`);
      }
      entry.bytes.set(frame.payload, frame.offset);
      entry.received += frame.payload.length;
      if (entry.received === entry.bytes.length) complete(entry);
    },
    onMissing(digest) {
      const entry = downloads.get(digest);
      if (entry !== undefined) end(entry, new ReckonError('BLOB_MISSING', { digest }));
    },
    abort() {
      for (const entry of [...downloads.values()]) end(entry, new ReckonError('CHANNEL_CLOSED', { reason: 'stopped' }));
    },
  };
}
