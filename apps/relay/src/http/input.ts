import { ReckonError } from '@reckon/protocol/base/errors';
import { BlobDigest, JobId, NodeId } from '@reckon/protocol/base/ids';
import { parse } from '@reckon/protocol/base/parse';
import type { Context } from 'hono';
import * as v from 'valibot';

/** Largest JSON body of a request. */
export const MAX_JSON_BYTES = 64 * 1024;

/** Reads at most `limitBytes` of a body. @throws {ReckonError} MESSAGE_TOO_LARGE. */
export async function readBody(context: Context, limitBytes: number): Promise<Uint8Array> {
  const refuse = (sizeBytes: number) => new ReckonError('MESSAGE_TOO_LARGE', { limitBytes, sizeBytes });
  const announced = Number(context.req.header('content-length') ?? 0);
  if (announced > limitBytes) throw refuse(announced);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of context.req.raw.body ?? []) {
    size += chunk.length;
    if (size > limitBytes) throw refuse(size);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * A parsed JSON body. The content type is required: with it a browser asks before another site may send the request.
 * @throws {ReckonError} MESSAGE_INVALID, MESSAGE_TOO_LARGE.
 */
export async function readJson<S extends v.GenericSchema>(
  context: Context,
  schema: S,
  limitBytes = MAX_JSON_BYTES,
): Promise<v.InferOutput<S>> {
  const type = context.req.header('content-type') ?? 'none';
  if (!type.startsWith('application/json')) {
    const received = type.slice(0, 100);
    throw new ReckonError('MESSAGE_INVALID', { path: 'content-type', expected: 'application/json', received });
  }
  const text = Buffer.from(await readBody(context, limitBytes)).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ReckonError('MESSAGE_INVALID', { path: '(whole)', expected: 'JSON', received: text.slice(0, 40) });
  }
  return parse(schema, value);
}

const WholeNumber = v.pipe(v.string(), v.regex(/^\d{1,15}$/, 'a whole number'), v.transform(Number));

/** A whole number of the query string. @throws {ReckonError} MESSAGE_INVALID. */
export const readNumber = (context: Context, name: string): number | undefined => {
  const text = context.req.query(name);
  return text === undefined ? undefined : parse(v.object({ [name]: WholeNumber }), { [name]: text })[name];
};

const parameter = <S extends v.GenericSchema>(schema: S, context: Context, name: string): v.InferOutput<S> =>
  parse(v.object({ [name]: schema }), { [name]: context.req.param(name) })[name];

export const jobIdIn = (context: Context): JobId => parameter(JobId, context, 'jobId');
export const nodeIdIn = (context: Context): NodeId => parameter(NodeId, context, 'nodeId');
export const digestIn = (context: Context): BlobDigest => parameter(BlobDigest, context, 'digest');
export const indexIn = (context: Context): number => parameter(WholeNumber, context, 'index');
