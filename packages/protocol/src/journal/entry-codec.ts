import * as v from 'valibot';
import { fromUtf8, toUtf8 } from '../base/bytes.ts';
import { ReckonError } from '../base/errors.ts';
import type { BlobDigest } from '../base/ids.ts';
import { toJson } from '../base/json.ts';
import { tryParse } from '../base/parse.ts';
import type { JobSpec } from '../model/job-spec.ts';
import { ShardEvent } from './entry.ts';

/** The bytes of an entry, as they are stored, hashed and served: JSON without the job's spec, which its order names by digest. */
export function encodeEntry(event: ShardEvent): Uint8Array {
  if (event.type !== 'job.posted') return toUtf8(toJson(event));
  const { spec: _spec, ...entry } = event;
  return toUtf8(toJson(entry));
}

/** Gives the parsed spec of a job order; must check its bytes against the digest. */
export type SpecSource = (digest: BlobDigest) => Promise<JobSpec> | JobSpec;

const SpecOf = v.object({ type: v.literal('job.posted'), order: v.object({ specDigest: v.string() }) });

/**
 * Reads an entry. Synchronous but for job orders, whose spec is fetched.
 * @throws {ReckonError} JOURNAL_CORRUPT naming the entry and what is wrong with it.
 */
export function decodeEntry(bytes: Uint8Array, index: number, specOf: SpecSource): ShardEvent | Promise<ShardEvent> {
  let json: unknown;
  try {
    json = JSON.parse(fromUtf8(bytes));
  } catch {
    throw new ReckonError('JOURNAL_CORRUPT', { index, cause: 'it is not JSON' });
  }
  if (!v.is(SpecOf, json)) return parseEntry(json, index);
  const spec = specOf(json.order.specDigest as BlobDigest);
  return spec instanceof Promise
    ? spec.then((found) => parseEntry({ ...json, spec: found }, index))
    : parseEntry({ ...json, spec }, index);
}

function parseEntry(json: unknown, index: number): ShardEvent {
  const parsed = tryParse(ShardEvent, json);
  if (parsed.ok) return parsed.value;
  const { path, expected, received } = parsed.failure;
  throw new ReckonError('JOURNAL_CORRUPT', { index, cause: `"${path}" expected ${expected}, got ${received}` });
}
