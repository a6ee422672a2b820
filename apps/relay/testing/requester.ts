import { toHex, toUtf8 } from '@reckon/protocol/base/bytes';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { Address } from '@reckon/protocol/base/ids';
import { toJson } from '@reckon/protocol/base/json';
import { createKeySigner } from '@reckon/protocol/base/signature';
import { hashTypedData, type TypedDomain } from '@reckon/protocol/base/typed-data';
import { jobIdOf, type JobOrder } from '@reckon/protocol/model/job-order';
import { type JobSpec, requiredBudget, type StageSpec } from '@reckon/protocol/model/job-spec';
import type { KernelRef } from '@reckon/protocol/model/kernel-manifest';

export const PRICE = 1_000_000n;

/** A job of `units` units whose parameters are their indices. */
export function makeSpec(kernel: KernelRef, units: number, over: Partial<StageSpec> = {}): JobSpec {
  return {
    v: 1,
    title: 'A test job',
    requesterLabel: 'Tests',
    stages: [
      {
        kernel,
        policy: { kind: 'quorum', quorum: 2, maxReplicas: 4 },
        shared: [],
        units: Array.from({ length: units }, (_, i) => ({ params: String(i), blobs: [] })),
        pricePerUnit: PRICE,
        creditsPerUnit: 5,
        leaseMs: 10_000,
        params: '{}',
        ...over,
      },
    ],
  };
}

export interface OrderedJob {
  specBytes: Uint8Array;
  order: JobOrder;
  signature: `0x${string}`;
  jobId: ReturnType<typeof jobIdOf>;
}

let salts = 0;

/** Signs an order for the spec, as a requester's wallet would. `expiresAt` in seconds. */
export function orderJob(
  domain: TypedDomain,
  key: Uint8Array,
  spec: JobSpec,
  expiresAt: number,
  over: Partial<JobOrder> = {},
): OrderedJob {
  const signer = createKeySigner(key);
  const specBytes = toUtf8(toJson(spec));
  const order: JobOrder = {
    requester: signer.nodeId as string as Address,
    specDigest: hashBlob(specBytes),
    budget: requiredBudget(spec),
    expiresAt,
    salt: toHex(Uint8Array.from({ length: 32 }, () => ++salts & 255)),
    ...over,
  };
  const signature = signer.sign(hashTypedData(domain, 'JobOrder', order));
  return { specBytes, order, signature, jobId: jobIdOf(order) };
}
