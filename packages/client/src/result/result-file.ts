import { fromUtf8, toUtf8 } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';
import { BlobDigest } from '@reckon/protocol/base/ids';
import { toJson } from '@reckon/protocol/base/json';
import { tryParse } from '@reckon/protocol/base/parse';
import { ByteSize } from '@reckon/protocol/base/units';
import { MAX_SPEC_BYTES } from '@reckon/protocol/model/job-spec';
import { ResultBundle } from '@reckon/protocol/wire/http';
import * as v from 'valibot';

/** A downloaded result: file names (with /) to bytes. One of them is `result.json`. */
export type ResultFiles = ReadonlyMap<string, Uint8Array>;

export const RESULT_FILE = 'result.json';
/** Folder of the raw results, one per accepted unit. */
export const UNITS_FOLDER = 'units';
const MAX_RESULT_FILE_BYTES = 256 * 1024 * 1024;

/** What `result.json` holds: all that is needed to verify the other files, but the chain. */
export const ResultFile = v.strictObject({
  v: v.literal(1),
  /** Where the result was downloaded, for asking again; nothing is believed because of it. */
  relay: v.pipe(v.string(), v.maxLength(300)),
  /** The job spec's literal text. */
  spec: v.pipe(v.string(), v.maxLength(MAX_SPEC_BYTES)),
  bundle: ResultBundle,
  /** The merged outputs. */
  files: v.pipe(
    v.array(v.strictObject({ name: v.pipe(v.string(), v.maxLength(300)), digest: BlobDigest, size: ByteSize })),
    v.maxLength(1000),
  ),
});
export type ResultFile = v.InferOutput<typeof ResultFile>;

export const encodeResultFile = (result: ResultFile): Uint8Array => toUtf8(toJson(result));

const invalid = (cause: string): ReckonError =>
  new ReckonError('RESULT_INVALID', { file: RESULT_FILE, check: 'format', cause });

/** @throws {ReckonError} RESULT_INVALID when there is no `result.json` or it does not say what it must. */
export function parseResultFile(files: ResultFiles): ResultFile {
  const bytes = files.get(RESULT_FILE);
  if (bytes === undefined) throw invalid('it is missing');
  if (bytes.length > MAX_RESULT_FILE_BYTES) throw invalid(`it has ${bytes.length} bytes`);
  let json: unknown;
  try {
    json = JSON.parse(fromUtf8(bytes));
  } catch {
    throw invalid('it is not JSON');
  }
  const parsed = tryParse(ResultFile, json);
  if (parsed.ok) return parsed.value;
  const { path, expected, received } = parsed.failure;
  throw invalid(`"${path}" expected ${expected}, got ${received}`);
}

/** Raw result of a unit; a result that agreed with it within tolerance has its digest's first 16 digits in the name. */
export function unitFileName(index: number, other?: BlobDigest): string {
  const name = `${UNITS_FOLDER}/${String(index).padStart(6, '0')}`;
  return other === undefined ? `${name}.bin` : `${name}.${other.slice(2, 18)}.bin`;
}
