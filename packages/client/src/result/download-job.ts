import { kernelRules } from '@reckon/kernels/rules';
import { fromUtf8 } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { BlobDigest, JobId } from '@reckon/protocol/base/ids';
import { parse } from '@reckon/protocol/base/parse';
import { JobSpec } from '@reckon/protocol/model/job-spec';
import type { ResultBundle } from '@reckon/protocol/wire/http';
import type { RulesOf } from '../prepare-job.ts';
import type { RelayClient } from '../relay-client.ts';
import { hasEnded } from '../watch-job.ts';
import { encodeResultFile, parseResultFile, RESULT_FILE, type ResultFiles, unitFileName } from './result-file.ts';
import { type VerifyReport, verifyResult } from './verify-result.ts';

/** Raw results fetched at the same time. */
const AT_ONCE = 6;

export interface DownloadOptions {
  signal?: AbortSignal;
  onProgress?: (blobs: number, total: number) => void;
  rulesOf?: RulesOf;
}

export interface DownloadedJob {
  files: ResultFiles;
  bundle: ResultBundle;
  spec: JobSpec;
  /** The checks made on what came, without the chain; all of them held. */
  report: VerifyReport;
}

/**
 * Fetches a job that has ended: its bundle and raw results, puts the outputs together and verifies everything.
 * @throws {ReckonError} JOB_NOT_FINISHED, RESULT_INVALID when a check fails, BLOB_*, RELAY_UNREACHABLE.
 */
export async function downloadJob(
  relay: RelayClient,
  jobId: JobId,
  options: DownloadOptions = {},
): Promise<DownloadedJob> {
  const { rulesOf = kernelRules } = options;
  const bundle = await relay.bundle(jobId);
  if (!hasEnded(bundle.status)) throw new ReckonError('JOB_NOT_FINISHED', { jobId, status: bundle.status });
  const specBytes = await relay.jobSpecBytes(jobId);
  const specText = fromUtf8(specBytes);
  const spec = parse(JobSpec, JSON.parse(specText));
  const blobs = await fetchBlobs(relay, bundle, options);
  const stage = spec.stages[0] as JobSpec['stages'][number]; // the schema asks for exactly one
  const canonical = bundle.units.map((unit) => (unit.canonical === null ? undefined : blobs.get(unit.canonical)));
  const merged = rulesOf(stage.kernel.name).merge(stage.params, canonical);
  const files = new Map<string, Uint8Array>(merged.map(({ name, bytes }) => [name, bytes]));
  for (const [name, digest] of rawFiles(bundle)) files.set(name, blobs.get(digest) as Uint8Array);
  const outputs = merged.map(({ name, bytes }) => ({ name, digest: hashBlob(bytes), size: bytes.length }));
  const result = { v: 1 as const, relay: relay.baseUrl, spec: specText, bundle, files: outputs };
  files.set(RESULT_FILE, encodeResultFile(result));
  const report = await verifyResult(files, { rulesOf });
  const failed = report.checks.find((check) => check.error !== undefined)?.error;
  if (failed !== undefined) throw failed;
  return { files, bundle, spec, report };
}

/** The same result with the receipts that have been settled since. */
export async function refreshBundle(relay: RelayClient, downloaded: DownloadedJob): Promise<DownloadedJob> {
  const bundle = await relay.bundle(downloaded.bundle.jobId);
  const files = new Map(downloaded.files);
  files.set(RESULT_FILE, encodeResultFile({ ...parseResultFile(files), bundle }));
  return { ...downloaded, files, bundle };
}

/** Raw files a bundle names: the canonical result of each unit, and results that agreed with it but differ in bytes. */
export function rawFiles(bundle: ResultBundle): Map<string, BlobDigest> {
  const files = new Map<string, BlobDigest>();
  for (const unit of bundle.units) {
    if (unit.canonical === null) continue;
    files.set(unitFileName(unit.index), unit.canonical);
    for (const { attestation } of unit.attestations) {
      const digest = attestation.leaf.resultDigest;
      if (digest !== unit.canonical) files.set(unitFileName(unit.index, digest), digest);
    }
  }
  return files;
}

async function fetchBlobs(
  relay: RelayClient,
  bundle: ResultBundle,
  options: DownloadOptions,
): Promise<Map<BlobDigest, Uint8Array>> {
  const wanted = [...new Set(rawFiles(bundle).values())];
  const blobs = new Map<BlobDigest, Uint8Array>();
  let next = 0;
  const fetchSome = async () => {
    while (next < wanted.length) {
      const digest = wanted[next++] as BlobDigest;
      blobs.set(
        digest,
        await relay.downloadBlob(digest, options.signal === undefined ? {} : { signal: options.signal }),
      );
      options.onProgress?.(blobs.size, wanted.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, wanted.length) }, fetchSome));
  return blobs;
}
