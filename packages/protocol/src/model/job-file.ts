import * as v from 'valibot';
import { fromUtf8 } from '../base/bytes.ts';
import { ReckonError } from '../base/errors.ts';
import { tryParse } from '../base/parse.ts';
import { KernelName } from './kernel-manifest.ts';
import { VerificationPolicy } from './policy.ts';

/** Largest job file. Data belongs in input files, not in here. */
export const MAX_JOB_FILE_BYTES = 256 * 1024;
/** Fraction digits of the token, and so of a price. */
export const PRICE_DECIMALS = 18;

/**
 * Below the job file's folder, so that a stranger's job file cannot make anyone upload what lies elsewhere:
 * no leading slash or drive, no back-slash, no `..` segment.
 */
const INPUT_PATH = /^(?!\/)(?![A-Za-z]:)(?!(?:.*\/)?\.\.(?:\/|$))[^\\\0]+$/;
const PRICE = /^(?=.*[1-9])(0|[1-9]\d{0,11})(\.\d{1,18})?$/;

const InputPath = v.pipe(
  v.string(),
  v.maxLength(500),
  v.regex(INPUT_PATH, 'a path with / below the job file’s folder'),
  v.description('A file, as a path with / relative to this job file and below its folder.'),
);

const Verification = v.pipe(
  VerificationPolicy,
  v.description(
    'How results are checked: by a quorum of nodes, by samples of chunks, by the kernel’s certificate, or by audits.',
  ),
);

const ParamValue = v.union([v.pipe(v.string(), v.maxLength(1000)), v.pipe(v.number(), v.finite()), v.boolean()]);

const JobFileStage = v.pipe(
  v.strictObject({
    kernel: v.pipe(KernelName, v.description('The program every work unit runs, as id@version: onnx@1.1.0.')),
    params: v.pipe(
      v.optional(v.record(v.pipe(v.string(), v.minLength(1), v.maxLength(64)), ParamValue), {}),
      v.check((params) => Object.keys(params).length <= 64, 'at most 64 parameters'),
      v.description('The kernel’s parameters; those left out have its defaults.'),
    ),
    inputs: v.pipe(
      v.optional(v.record(v.pipe(v.string(), v.minLength(1), v.maxLength(100)), InputPath), {}),
      v.check((inputs) => Object.keys(inputs).length <= 32, 'at most 32 inputs'),
      v.description('The kernel’s inputs: a file for each name.'),
    ),
    verify: Verification,
    prefer: v.optional(
      v.pipe(
        v.picklist(['fastest', 'greenest']),
        v.description('Which nodes go first where there is a choice; fastest unless said otherwise.'),
      ),
    ),
    pricePerUnit: v.pipe(
      v.string(),
      v.maxLength(32),
      v.regex(PRICE, 'a decimal number of tokens above 0, with at most 18 decimals'),
      v.description('Tokens paid for one accepted work unit, all nodes and the fee together, as text: "0.01".'),
    ),
  }),
  v.description('One step of the job.'),
);

/** What a person writes to order a job (docs/jobs.md; `schema/job.schema.json` is generated from it). */
export const JobFile = v.pipe(
  v.strictObject({
    $schema: v.optional(v.pipe(v.string(), v.maxLength(500), v.description('Where this schema lies, for editors.'))),
    title: v.pipe(
      v.string(),
      v.minLength(1),
      v.maxLength(120),
      v.description('What the job is, in the words volunteers will read.'),
    ),
    requester: v.pipe(
      v.string(),
      v.minLength(1),
      v.maxLength(60),
      v.description('Who orders, as volunteers will read it. It is not verified.'),
    ),
    stages: v.pipe(v.array(JobFileStage), v.minLength(1), v.maxLength(1), v.description('Exactly one stage so far.')),
    expiresInMinutes: v.pipe(
      v.optional(v.pipe(v.number(), v.integer(), v.minValue(5), v.maxValue(10_080)), 60),
      v.description('After this time the job ends and what it has not spent returns.'),
    ),
  }),
  v.title('Reckon job file'),
  v.description('A job for the Reckon network. Post it with: npx reckon run job.json --out results/'),
);
export type JobFile = v.InferOutput<typeof JobFile>;
export type JobFileStage = JobFile['stages'][number];

/**
 * Parses a job file already in memory, such as one made by a form.
 * @throws {ReckonError} JOB_FILE_INVALID with the JSON path, what was expected and what was got.
 */
export function parseJobFile(json: unknown): JobFile {
  const parsed = tryParse(JobFile, json);
  if (!parsed.ok) throw new ReckonError('JOB_FILE_INVALID', { ...parsed.failure });
  return parsed.value;
}

/**
 * Reads the bytes of a job file. `file` names it in refusals.
 * @throws {ReckonError} JOB_FILE_TOO_LARGE, JOB_FILE_UNREADABLE (not UTF-8 or not JSON) or JOB_FILE_INVALID.
 */
export function readJobFile(bytes: Uint8Array, file: string): JobFile {
  if (bytes.length > MAX_JOB_FILE_BYTES) {
    throw new ReckonError('JOB_FILE_TOO_LARGE', { limitBytes: MAX_JOB_FILE_BYTES, sizeBytes: bytes.length });
  }
  let json: unknown;
  try {
    json = JSON.parse(fromUtf8(bytes));
  } catch (error) {
    const cause = error instanceof SyntaxError ? error.message : 'it is not UTF-8 text';
    throw new ReckonError('JOB_FILE_UNREADABLE', { file, cause: cause.slice(0, 200) });
  }
  return parseJobFile(json);
}
