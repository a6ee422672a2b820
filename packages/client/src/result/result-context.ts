import type { KernelRules } from '@reckon/kernels/kernel';
import { ReckonError } from '@reckon/protocol/base/errors';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { BlobDigest } from '@reckon/protocol/base/ids';
import { tryParse } from '@reckon/protocol/base/parse';
import type { TypedDomain } from '@reckon/protocol/base/typed-data';
import { JobSpec, type StageSpec } from '@reckon/protocol/model/job-spec';
import type { ResultBundle } from '@reckon/protocol/wire/http';
import { relayDomain } from '../chain/sign-order.ts';
import type { RulesOf } from '../prepare-job.ts';
import { RESULT_FILE, type ResultFile, type ResultFiles, UNITS_FOLDER } from './result-file.ts';

/** What every check reads. */
export interface ResultContext {
  files: ResultFiles;
  result: ResultFile;
  bundle: ResultBundle;
  spec: JobSpec;
  stage: StageSpec;
  rules: KernelRules;
  /** The domain of all signatures. */
  domain: TypedDomain;
  /** Raw results, by what their bytes really hash to. */
  byDigest: ReadonlyMap<BlobDigest, Uint8Array>;
}

/** Fails a check with words. */
export const fail = (check: string, cause: string, file: string = RESULT_FILE): never => {
  throw new ReckonError('RESULT_INVALID', { file, check, cause });
};

/** @throws {ReckonError} RESULT_INVALID, KERNEL_UNKNOWN or KERNEL_VERSION_UNKNOWN when nothing can be checked at all. */
export function createContext(files: ResultFiles, result: ResultFile, rulesOf: RulesOf): ResultContext {
  const spec = readSpec(result);
  const stage = spec.stages[0] as StageSpec; // the schema asks for exactly one
  const rules = rulesOf(stage.kernel.name);
  if (rules.manifest.digest !== stage.kernel.digest) {
    const [expected, received] = [rules.manifest.digest, stage.kernel.digest];
    throw new ReckonError('KERNEL_DIGEST_MISMATCH', { kernel: stage.kernel.name, expected, received });
  }
  const byDigest = new Map<BlobDigest, Uint8Array>();
  for (const [name, bytes] of files) if (name.startsWith(`${UNITS_FOLDER}/`)) byDigest.set(hashBlob(bytes), bytes);
  return { files, result, bundle: result.bundle, spec, stage, rules, domain: relayDomain(result.bundle), byDigest };
}

function readSpec(result: ResultFile): JobSpec {
  let json: unknown;
  try {
    json = JSON.parse(result.spec);
  } catch {
    return fail('spec', 'the spec is not JSON');
  }
  const parsed = tryParse(JobSpec, json);
  return parsed.ok ? parsed.value : fail('spec', `its "${parsed.failure.path}" is not as expected`);
}
