import { ReckonError } from '@reckon/protocol/base/errors';
import type { BlobDigest } from '@reckon/protocol/base/ids';
import type { Context, Hono } from 'hono';
import type { BlobStore } from '../blobs/blob-store.ts';
import { digestIn } from './input.ts';
import type { HttpPorts } from './ports.ts';
import { json } from './problem.ts';

/** A part is flushed before the next is read, so that a broken upload keeps what it had. */
const PART_BYTES = 4 * 1024 * 1024;
const READ_BYTES = 1024 * 1024;

const invalid = (path: string, expected: string, received: string) =>
  new ReckonError('MESSAGE_INVALID', { path, expected, received: received.slice(0, 100) });

/** Where the body lies in the blob. */
function rangeOf(context: Context): { offset: number; total: number } {
  const range = context.req.header('content-range');
  const length = context.req.header('content-length') ?? '';
  if (range === undefined) {
    if (!/^\d{1,12}$/.test(length)) throw invalid('content-length', 'the size of the blob', length || 'nothing');
    return { offset: 0, total: Number(length) };
  }
  const match = /^bytes (\d{1,12})-(\d{1,12})\/(\d{1,12})$/.exec(range);
  if (match === null) throw invalid('content-range', 'bytes FROM-TO/TOTAL', range);
  return { offset: Number(match[1]), total: Number(match[3]) };
}

/** The body in parts of a few megabytes, never more than `limit` bytes in all. */
async function* partsOf(body: ReadableStream<Uint8Array> | null, limit: number): AsyncGenerator<Uint8Array> {
  let chunks: Uint8Array[] = [];
  let held = 0;
  let seen = 0;
  for await (const chunk of body ?? []) {
    seen += chunk.length;
    if (seen > limit) throw new ReckonError('BLOB_TOO_LARGE', { limitBytes: limit, sizeBytes: seen });
    chunks.push(chunk);
    held += chunk.length;
    if (held < PART_BYTES) continue;
    yield Buffer.concat(chunks);
    [chunks, held] = [[], 0];
  }
  if (held > 0) yield Buffer.concat(chunks);
}

async function upload(blobs: BlobStore, digest: BlobDigest, context: Context, maxBytes: number): Promise<boolean> {
  const { offset, total } = rangeOf(context);
  if (total > maxBytes) throw new ReckonError('BLOB_TOO_LARGE', { limitBytes: maxBytes, sizeBytes: total });
  if (total === 0) {
    await blobs.put(digest, new Uint8Array(0));
    return true;
  }
  let at = offset;
  let complete = (await blobs.sizeOf(digest)) !== undefined;
  for await (const part of partsOf(context.req.raw.body, total - offset)) {
    const end = at + part.length;
    const standing = complete ? total : await blobs.receivedOf(digest);
    // What an earlier, broken upload left is not stored twice; the digest over all of it decides in the end.
    if (end > standing && !complete) {
      const from = Math.max(at, standing);
      complete = (await blobs.putPart(digest, { offset: from, total, bytes: part.subarray(from - at) })).complete;
    }
    at = end;
  }
  return complete;
}

const IMMUTABLE = {
  'content-type': 'application/octet-stream',
  'cache-control': 'public, max-age=31536000, immutable',
  'accept-ranges': 'bytes',
  // A stored blob is a stranger's bytes: never a page of this origin.
  'content-security-policy': "default-src 'none'; sandbox",
};

function streamBlob(
  blobs: BlobStore,
  digest: BlobDigest,
  from: number,
  end: number,
  first: Uint8Array,
): ReadableStream {
  let at = from + first.length;
  return new ReadableStream({
    start: (controller) => (first.length > 0 ? controller.enqueue(first) : undefined),
    async pull(controller) {
      if (at >= end) return controller.close();
      const bytes = await blobs.read(digest, at, Math.min(READ_BYTES, end - at));
      at += bytes.length;
      controller.enqueue(bytes);
    },
  });
}

export function serveBlobs(app: Hono, { blobs, maxBlobBytes }: HttpPorts): void {
  app.put('/api/blobs/:digest', async (context) => {
    const digest = digestIn(context);
    const complete = await upload(blobs, digest, context, maxBlobBytes);
    return json({ digest, complete }, complete ? 201 : 202);
  });

  // HEAD comes here too: it is answered without a body.
  app.get('/api/blobs/:digest', async (context) => {
    const digest = digestIn(context);
    const size = await blobs.sizeOf(digest);
    if (context.req.method === 'HEAD') {
      if (size !== undefined) return new Response(null, { headers: { ...IMMUTABLE, 'content-length': String(size) } });
      const offset = String(await blobs.receivedOf(digest));
      return new Response(null, { status: 404, headers: { 'x-reckon-offset': offset } });
    }
    if (size === undefined) throw new ReckonError('BLOB_MISSING', { digest });
    const asked = /^bytes=(\d{1,12})-(\d{1,12})?$/.exec(context.req.header('range') ?? '');
    // A range that ends before it begins is none.
    const match = asked?.[2] !== undefined && Number(asked[2]) < Number(asked[1]) ? null : asked;
    const from = Number(match?.[1] ?? 0);
    const end = Math.min(size, match?.[2] === undefined ? size : Number(match[2]) + 1);
    if (match !== null && from >= size) throw new ReckonError('BLOB_RANGE', { offset: from, sizeBytes: size });
    // The first piece is read before the status is sent: spoiled bytes become a coded answer, not a broken stream.
    const first = await blobs.read(digest, from, Math.max(0, Math.min(READ_BYTES, end - from)));
    const headers: Record<string, string> = { ...IMMUTABLE, 'content-length': String(Math.max(0, end - from)) };
    if (match !== null) headers['content-range'] = `bytes ${from}-${end - 1}/${size}`;
    const body = streamBlob(blobs, digest, from, end, first);
    return new Response(body, { status: match === null ? 200 : 206, headers });
  });
}
