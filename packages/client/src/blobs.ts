import { ReckonError } from '@reckon/protocol/base/errors';
import { createSha256, hashBlob } from '@reckon/protocol/base/hash';
import { toHex } from '@reckon/protocol/base/bytes';
import type { BlobDigest } from '@reckon/protocol/base/ids';
import { type HttpContext, isAbort, refusalOf, send } from './http.ts';

/** Largest part of one PUT. */
export const UPLOAD_PART_BYTES = 4 * 1024 * 1024;
/** Broken transfers are resumed this many times in a row without any byte gained before they fail. */
const MAX_STALLS = 4;

export interface TransferOptions {
  signal?: AbortSignal;
  /** Bytes that are over there (or here) so far, of all. */
  onProgress?: (bytes: number, total: number) => void;
}

const blobPath = (digest: BlobDigest): string => `/api/blobs/${digest}`;
const withSignal = (init: RequestInit, signal: AbortSignal | undefined): RequestInit =>
  signal === undefined ? init : { ...init, signal };

/** Where to go on: undefined when the blob is stored, else the bytes received so far. */
async function uploadOffset(
  context: HttpContext,
  digest: BlobDigest,
  signal?: AbortSignal,
): Promise<number | undefined> {
  const response = await send(context, blobPath(digest), withSignal({ method: 'HEAD' }, signal));
  if (response.ok) return undefined;
  if (response.status !== 404) throw await refusalOf(context, response);
  const offset = Number(response.headers.get('x-reckon-offset') ?? '0');
  return Number.isSafeInteger(offset) && offset >= 0 ? offset : 0;
}

/**
 * Stores a blob at the relay, in parts, going on where an earlier attempt broke off. Does nothing when it is there.
 * @throws {ReckonError} RELAY_UNREACHABLE after several breaks without progress, or the relay's refusal.
 */
export async function uploadBlob(
  context: HttpContext,
  bytes: Uint8Array,
  options: TransferOptions = {},
): Promise<BlobDigest> {
  const digest = hashBlob(bytes);
  const { signal, onProgress } = options;
  let best = -1;
  for (let stalls = 0; ; ) {
    try {
      const offset = await uploadOffset(context, digest, signal);
      onProgress?.(offset ?? bytes.length, bytes.length);
      if (offset === undefined) return digest;
      stalls = offset > best ? 0 : stalls + 1;
      best = Math.max(best, offset);
      if (await putParts(context, digest, bytes, Math.min(offset, bytes.length), options)) return digest;
    } catch (error) {
      stalls += 1;
      const broken = error instanceof ReckonError && error.code === 'RELAY_UNREACHABLE';
      if (!broken || stalls >= MAX_STALLS) throw error;
    }
    if (stalls >= MAX_STALLS) {
      throw new ReckonError('RELAY_UNREACHABLE', { url: context.baseUrl, cause: `it does not take blob ${digest}` });
    }
  }
}

/** Sends from `from` to the end; true once the relay says the blob is whole. */
async function putParts(
  context: HttpContext,
  digest: BlobDigest,
  bytes: Uint8Array,
  from: number,
  { signal, onProgress }: TransferOptions,
): Promise<boolean> {
  let offset = from;
  do {
    const end = Math.min(offset + UPLOAD_PART_BYTES, bytes.length);
    const headers: Record<string, string> = { 'content-type': 'application/octet-stream' };
    if (offset > 0 || end < bytes.length) headers['content-range'] = `bytes ${offset}-${end - 1}/${bytes.length}`;
    // A view's own copy: `fetch` types want plain ArrayBuffers, and some runtimes send the whole buffer of a view.
    const body = bytes.slice(offset, end);
    const response = await send(context, blobPath(digest), withSignal({ method: 'PUT', headers, body }, signal));
    if (!response.ok) throw await refusalOf(context, response);
    offset = end;
    onProgress?.(offset, bytes.length);
    if (response.status === 201) return true;
  } while (offset < bytes.length);
  return false;
}

/**
 * Fetches a blob, resuming where a broken connection left off, and checks its digest.
 * @throws {ReckonError} BLOB_MISSING, BLOB_CORRUPT, BLOB_TOO_LARGE (above `maxBytes`) or RELAY_UNREACHABLE.
 */
export async function downloadBlob(
  context: HttpContext,
  digest: BlobDigest,
  options: TransferOptions & { maxBytes?: number } = {},
): Promise<Uint8Array> {
  const limitBytes = options.maxBytes ?? 1024 * 1024 * 1024;
  const chunks: Uint8Array[] = [];
  let received = 0;
  for (let stalls = 0; ; ) {
    const before = received;
    const headers: Record<string, string> = received > 0 ? { range: `bytes=${received}-` } : {};
    const response = await send(context, blobPath(digest), withSignal({ headers }, options.signal));
    if (!response.ok) throw await refusalOf(context, response);
    if (response.status !== 206 && received > 0) {
      chunks.length = 0; // the whole blob again
      received = 0;
    }
    const total = received + Number(response.headers.get('content-length') ?? Number.NaN);
    if (total > limitBytes) throw new ReckonError('BLOB_TOO_LARGE', { limitBytes, sizeBytes: total });
    try {
      for await (const chunk of readBody(response)) {
        chunks.push(chunk);
        received += chunk.length;
        if (received > limitBytes) throw new ReckonError('BLOB_TOO_LARGE', { limitBytes, sizeBytes: received });
        options.onProgress?.(received, Number.isNaN(total) ? received : total);
      }
      if (Number.isNaN(total) || received >= total) break;
    } catch (error) {
      if (error instanceof ReckonError || isAbort(error) || options.signal?.aborted) throw error;
    }
    stalls = received > before ? 0 : stalls + 1;
    if (stalls >= MAX_STALLS) {
      throw new ReckonError('RELAY_UNREACHABLE', { url: context.baseUrl, cause: `blob ${digest} breaks off` });
    }
  }
  return checked(digest, chunks, received);
}

function checked(digest: BlobDigest, chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  const hash = createSha256();
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    hash.update(chunk);
    offset += chunk.length;
  }
  const received = toHex(hash.digest());
  if (received !== digest) throw new ReckonError('BLOB_CORRUPT', { expected: digest, received });
  return bytes;
}

/** Not every browser iterates a `ReadableStream` itself. */
async function* readBody(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined); // ends a transfer left half-way; already ended ones answer nothing
  }
}
