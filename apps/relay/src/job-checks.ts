import { fromUtf8, toHex } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { BlobDigest, JobId } from '@reckon/protocol/base/ids';
import { tryParse } from '@reckon/protocol/base/parse';
import type { Job } from '@reckon/protocol/machine/state';
import { hashTypedData, type StructMessage, type TypedDomain } from '@reckon/protocol/base/typed-data';
import { jobIdOf, type JobOrder, type SignedJobOrder } from '@reckon/protocol/model/job-order';
import { JobSpec, MAX_SPEC_BYTES, requiredBudget, type StageSpec } from '@reckon/protocol/model/job-spec';
import { type KernelFacts, kernelFacts, type KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import type { Admission } from './admission.ts';
import type { BlobStore } from './blobs/blob-store.ts';
import type { Chain } from './chain/chain.ts';
import { checkKernel, type KernelCatalogue } from './kernels.ts';

const LONGEST_LIFE_S = 7 * 24 * 60 * 60;

export interface JobCheckPorts {
  blobs: BlobStore;
  kernels: KernelCatalogue;
  admission: Pick<Admission, 'admit'>;
  chain: Pick<Chain, 'verifyHash'>;
  domain: TypedDomain;
  now(): number;
}

/** @throws {ReckonError} BLOB_MISSING, BLOB_CORRUPT, JOB_FILE_TOO_LARGE, or JOB_FILE_INVALID naming the field. */
export async function readSpec(blobs: BlobStore, digest: BlobDigest): Promise<JobSpec> {
  const sizeBytes = await blobs.sizeOf(digest);
  if (sizeBytes === undefined) throw new ReckonError('BLOB_MISSING', { digest });
  if (sizeBytes > MAX_SPEC_BYTES) {
    throw new ReckonError('JOB_FILE_TOO_LARGE', { limitBytes: MAX_SPEC_BYTES, sizeBytes });
  }
  let json: unknown;
  try {
    json = JSON.parse(fromUtf8(await blobs.read(digest)));
  } catch (error) {
    if (error instanceof ReckonError) throw error;
    throw new ReckonError('JOB_FILE_INVALID', { path: '(whole)', expected: 'JSON', received: 'other text' });
  }
  const parsed = tryParse(JobSpec, json);
  if (!parsed.ok) throw new ReckonError('JOB_FILE_INVALID', { ...parsed.failure });
  return parsed.value;
}

/** @throws {ReckonError} BLOB_MISSING, or JOB_FILE_INVALID for a blob of another size than the spec says. */
async function checkBlobs(blobs: BlobStore, spec: JobSpec): Promise<void> {
  const named = new Map(
    spec.stages
      .flatMap((stage) => [...stage.shared, ...stage.units.flatMap((unit) => unit.blobs)])
      .map((blob) => [`${blob.digest} ${blob.size}`, blob]),
  );
  for (const { name, digest, size } of named.values()) {
    const stored = await blobs.sizeOf(digest);
    if (stored === undefined) throw new ReckonError('BLOB_MISSING', { digest });
    if (stored !== size) {
      const [expected, received] = [`${stored} bytes`, `${size} bytes`];
      throw new ReckonError('JOB_FILE_INVALID', { path: `blob ${name}`, expected, received });
    }
  }
}

/** Shared blobs of a kernel that runs a program of the requester's: nobody is sent one that the kernel would refuse. */
const MAX_ADMITTED_BYTES = 64 * 1024 ** 2;

/** @throws {ReckonError} whatever the kernel refuses the stage's shared blobs with; JOB_FILE_INVALID when they are too large. */
async function checkPrograms(
  { blobs, kernels, admission }: JobCheckPorts,
  { kernel, shared }: StageSpec,
): Promise<void> {
  if (kernels.rules(kernel.name).admit === undefined) return;
  const sizeBytes = shared.reduce((sum, { size }) => sum + size, 0);
  if (sizeBytes > MAX_ADMITTED_BYTES) {
    const expected = `at most ${MAX_ADMITTED_BYTES} bytes of shared inputs`;
    throw new ReckonError('JOB_FILE_INVALID', { path: 'stages.0.shared', expected, received: `${sizeBytes} bytes` });
  }
  const read = shared.map(async ({ name, digest }) => [name, await blobs.read(digest)] as const);
  await admission.admit(kernel.name, new Map(await Promise.all(read)));
}

/** @throws {ReckonError} JOB_EXPIRED, or ORDER_MISMATCH for a time too far away. */
function checkExpiry(jobId: JobId, order: JobOrder, nowMs: number): void {
  const now = Math.floor(nowMs / 1000);
  const expiredAt = new Date(order.expiresAt * 1000).toISOString();
  if (order.expiresAt <= now) throw new ReckonError('JOB_EXPIRED', { jobId, expiredAt });
  if (order.expiresAt <= now + LONGEST_LIFE_S) return;
  const expected = `at most ${now + LONGEST_LIFE_S} (seven days from now)`;
  throw new ReckonError('ORDER_MISMATCH', { field: 'expiresAt', expected, received: String(order.expiresAt) });
}

/** @throws {ReckonError} SIGNATURE_INVALID; CHAIN_UNREACHABLE when a contract wallet cannot be asked. */
export async function checkWallet<N extends 'JobOrder' | 'JobControl'>(
  ports: Pick<JobCheckPorts, 'chain' | 'domain'>,
  what: N,
  message: StructMessage<N>,
  signer: JobOrder['requester'],
  signature: SignedJobOrder['signature'],
): Promise<void> {
  const digest = hashTypedData(ports.domain, what, message);
  if (await ports.chain.verifyHash(signer, digest, signature)) return;
  const details = { what: what === 'JobOrder' ? 'job order' : 'job control', expected: signer };
  throw new ReckonError('SIGNATURE_INVALID', { ...details, received: `another signer of ${toHex(digest)}` });
}

/** Drafts cost their poster nothing, and each is held in memory: all of them together may have this many, and units. */
const MAX_DRAFTS = 1000;
const MAX_DRAFT_UNITS = 200_000;

/** @throws {ReckonError} RATE_LIMITED while too many posted jobs wait for their escrow. */
export function checkRoom(jobs: Iterable<Job>, spec: JobSpec): void {
  const unitsOf = ({ stages }: JobSpec) => stages.reduce((sum, stage) => sum + stage.units.length, 0);
  let [drafts, units] = [1, unitsOf(spec)];
  for (const job of jobs) {
    if (job.status !== 'draft') continue;
    drafts++;
    units += unitsOf(job.spec);
  }
  if (drafts > MAX_DRAFTS || units > MAX_DRAFT_UNITS) throw new ReckonError('RATE_LIMITED', { retryAfterMs: 60_000 });
}

/** @throws {ReckonError} POLICY_UNSUPPORTED */
function checkPolicy({ kernel, policy }: StageSpec, { policies }: KernelManifest): void {
  const wanted = policy.kind === 'audit' && policy.sample !== undefined ? ['audit', 'sample'] : [policy.kind];
  const missing = wanted.find((kind) => !policies.some((known) => known === kind));
  if (missing === undefined) return;
  throw new ReckonError('POLICY_UNSUPPORTED', {
    kernel: kernel.name,
    policy: missing,
    supported: policies.join(', '),
  });
}

/** @throws {ReckonError} KERNEL_UNKNOWN, KERNEL_VERSION_UNKNOWN, KERNEL_DIGEST_MISMATCH, POLICY_UNSUPPORTED. */
function checkStage(kernels: KernelCatalogue, stage: StageSpec): KernelFacts {
  const { manifest } = checkKernel(kernels, stage.kernel);
  checkPolicy(stage, manifest);
  return kernelFacts(manifest);
}

export interface CheckedJob {
  spec: JobSpec;
  kernel: KernelFacts;
}

/** All that must hold before a job is entered. @throws {ReckonError} coded, naming what is wrong. */
export async function checkJob(ports: JobCheckPorts, { order, signature }: SignedJobOrder): Promise<CheckedJob> {
  const jobId = jobIdOf(order);
  checkExpiry(jobId, order, ports.now());
  const spec = await readSpec(ports.blobs, order.specDigest);
  const [kernel] = spec.stages.map((stage) => checkStage(ports.kernels, stage)) as [KernelFacts];
  const needed = requiredBudget(spec);
  if (order.budget < needed) {
    throw new ReckonError('ESCROW_TOO_SMALL', { jobId, expected: String(needed), received: String(order.budget) });
  }
  await checkBlobs(ports.blobs, spec);
  await checkWallet(ports, 'JobOrder', order, order.requester, signature);
  for (const stage of spec.stages) await checkPrograms(ports, stage);
  return { spec, kernel };
}
