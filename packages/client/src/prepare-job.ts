import type { InputFile, KernelPlan, KernelRules } from '@reckon/kernels/kernel';
import { kernelRules } from '@reckon/kernels/rules';
import { toUtf8 } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { BlobDigest } from '@reckon/protocol/base/ids';
import { toJson } from '@reckon/protocol/base/json';
import type { NamedPart } from '@reckon/protocol/base/named-parts';
import { parse } from '@reckon/protocol/base/parse';
import type { Wei } from '@reckon/protocol/base/units';
import type { JobFile, JobFileStage } from '@reckon/protocol/model/job-file';
import { type BlobRef, JobSpec, MAX_SPEC_BYTES, MAX_UNITS, requiredBudget } from '@reckon/protocol/model/job-spec';
import { kernelFacts, kernelName } from '@reckon/protocol/model/kernel-manifest';
import { type PolicyPrice, type PolicyPromise, policyPrice, policyPromise } from '@reckon/protocol/trust/policy-terms';
import type { RelayConfig } from '@reckon/protocol/wire/http';
import { parseAmount } from './amount.ts';
import { type PriceBreakdown, priceBreakdown } from './price.ts';
import { unitFigures } from './unit-figures.ts';

/** A job cut into units and priced, before anything is signed or sent. */
export interface PreparedJob {
  spec: JobSpec;
  /** The literal bytes that are stored and named by `specDigest`. */
  specBytes: Uint8Array;
  specDigest: BlobDigest;
  /** Every blob to upload, each once, with the spec itself last. */
  blobs: { digest: BlobDigest; bytes: Uint8Array }[];
  /** Escrow the order needs, to the wei. */
  budget: Wei;
  units: number;
  price: PriceBreakdown;
  /** What the stage's verification costs beside a run, and what it promises. */
  verification: { price: PolicyPrice; promise: PolicyPromise };
  expiresInMinutes: number;
}

export type JobConfig = Pick<RelayConfig, 'feeBps' | 'kernels' | 'token' | 'trust'>;
/** Finds a kernel's light half; a test may give its own. */
export type RulesOf = (kernel: string) => KernelRules;

/**
 * Cuts a job into units by its kernel's rules and prices it. `inputs` holds the bytes of each input the job file names.
 * @throws {ReckonError} KERNEL_*, POLICY_UNSUPPORTED, MODEL_*, TENSOR_*, JOB_FILE_INVALID or JOB_FILE_TOO_LARGE: everything that can be wrong
 *   is found here, before a wallet opens.
 */
export async function prepareJob(
  jobFile: JobFile,
  inputs: ReadonlyMap<string, InputFile>,
  config: JobConfig,
  rulesOf: RulesOf = kernelRules,
): Promise<PreparedJob> {
  const stage = jobFile.stages[0] as JobFileStage; // the schema asks for exactly one
  const rules = rulesOf(stage.kernel);
  requireServed(rules, config);
  requireSupported(rules, stage);
  for (const input of Object.keys(stage.inputs)) {
    if (!inputs.has(input)) throw new ReckonError('KERNEL_INPUT_MISSING', { kernel: stage.kernel, input });
  }
  const plan = await rules.split(stage.params, inputs);
  if (plan.units.length > MAX_UNITS) {
    const received = `${plan.units.length} units; make each unit larger`;
    throw new ReckonError('JOB_FILE_INVALID', { path: 'stages.0', expected: `at most ${MAX_UNITS} units`, received });
  }
  const store = new Map<BlobDigest, Uint8Array>();
  const spec = parse(JobSpec, {
    v: 1,
    title: jobFile.title,
    requesterLabel: jobFile.requester,
    stages: [toStage(stage, rules, plan, parseAmount(stage.pricePerUnit, config.token.decimals), store)],
  });
  const specBytes = toUtf8(toJson(spec));
  if (specBytes.length > MAX_SPEC_BYTES) {
    throw new ReckonError('JOB_FILE_TOO_LARGE', { limitBytes: MAX_SPEC_BYTES, sizeBytes: specBytes.length });
  }
  const specDigest = hashBlob(specBytes);
  store.set(specDigest, specBytes);
  return {
    spec,
    specBytes,
    specDigest,
    blobs: [...store].map(([digest, bytes]) => ({ digest, bytes })),
    budget: requiredBudget(spec),
    units: plan.units.length,
    price: priceBreakdown(spec, config.feeBps),
    verification: termsOf(spec, rules, config),
    expiresInMinutes: jobFile.expiresInMinutes,
  };
}

/** The relay must run the very kernel that cut the job, or no node could compute it. */
function requireServed({ manifest }: KernelRules, config: JobConfig): void {
  const name = kernelName(manifest);
  const served = config.kernels.find((kernel) => kernel.name === name);
  if (served === undefined) {
    const known = config.kernels.map((kernel) => kernel.name).join(', ') || 'none';
    throw new ReckonError('KERNEL_VERSION_UNKNOWN', { kernel: name, known });
  }
  if (served.digest !== manifest.digest) {
    const [expected, received] = [served.digest, manifest.digest];
    throw new ReckonError('KERNEL_DIGEST_MISMATCH', { kernel: name, expected, received });
  }
}

/** A policy that the kernel cannot be verified by would only fail after it was paid for. */
function requireSupported({ manifest }: KernelRules, { kernel, verify }: JobFileStage): void {
  const { policies } = manifest;
  const wanted =
    verify.kind === 'audit' && verify.sample !== undefined ? (['audit', 'sample'] as const) : [verify.kind];
  const policy = wanted.find((kind) => !policies.includes(kind));
  if (policy !== undefined)
    throw new ReckonError('POLICY_UNSUPPORTED', { kernel, policy, supported: policies.join(', ') });
}

function termsOf(spec: JobSpec, rules: KernelRules, { trust }: JobConfig): PreparedJob['verification'] {
  const stage = spec.stages[0] as JobSpec['stages'][number]; // the schema asks for exactly one
  const facts = kernelFacts(rules.manifest);
  return {
    price: policyPrice(stage.policy, facts, trust, unitFigures(stage, rules)),
    promise: policyPromise(stage.policy, facts, trust, rules.manifest.certificate?.errorLog2),
  };
}

function toStage(
  stage: JobFileStage,
  rules: KernelRules,
  plan: KernelPlan,
  pricePerUnit: Wei,
  store: Map<BlobDigest, Uint8Array>,
): JobSpec['stages'][number] {
  const known = new Map<Uint8Array, BlobDigest>(); // the same bytes object is hashed once
  const toRef = ({ name, bytes }: NamedPart): BlobRef => {
    const digest = known.get(bytes) ?? hashBlob(bytes);
    known.set(bytes, digest);
    store.set(digest, bytes);
    return { name, digest, size: bytes.length };
  };
  return {
    kernel: { name: stage.kernel, digest: rules.manifest.digest },
    policy: stage.verify,
    shared: plan.shared.map(toRef),
    units: plan.units.map((unit) => ({ params: unit.params, blobs: unit.blobs.map(toRef) })),
    pricePerUnit,
    creditsPerUnit: plan.creditsPerUnit,
    leaseMs: plan.leaseMs,
    ...(stage.prefer === undefined ? {} : { prefer: stage.prefer }),
    params: plan.stageParams,
  };
}
