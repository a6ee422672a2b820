import * as v from 'valibot';
import { type Hex, toHex, toUtf8 } from '../base/bytes.ts';
import { sha256 } from '../base/hash.ts';
import { NodeId, Signature } from '../base/ids.ts';
import type { NodeSigner, RecoverAddress } from '../base/ports.ts';
import { hashTypedData, type TypedDomain } from '../base/typed-data.ts';
import { Count, Millis, Seconds } from '../base/units.ts';
import { Backend, KernelName, KernelRef } from '../model/kernel-manifest.ts';

/** A browser's maker's word for a GPU, as WebGPU normalises it; empty where the browser hides it. */
const AdapterWord = v.pipe(v.string(), v.maxLength(32), v.regex(/^([a-z0-9]+(-[a-z0-9]+)*)?$/, 'a-z, 0-9 and -'));

/** A kind of GPU, shared by very many devices: `apple` `metal-3`, `google` `swiftshader`. */
export const AdapterClass = v.strictObject({ vendor: AdapterWord, architecture: AdapterWord });
export type AdapterClass = v.InferOutput<typeof AdapterClass>;

export const BrowserName = v.picklist(['chrome', 'edge', 'firefox', 'opera', 'safari', 'other']);
export type BrowserName = v.InferOutput<typeof BrowserName>;

/** Relative errors are over the largest number of a result, so 2 at most; what is no number counts as 2. */
export const MAX_RELATIVE_ERROR = 2;
/** A visitor's report is measured and sent in one visit. */
export const REPORT_MAX_AGE_SECONDS = 60 * 60;

/** One kernel on one backend, over its fixed cases. */
export const ConformanceFinding = v.pipe(
  v.strictObject({
    kernel: KernelRef,
    backend: Backend,
    /** Cases whose result was compared. */
    cases: v.pipe(Count, v.maxValue(256)),
    /** Cases that gave no result there: a crash, too slow, or a device that the kernel's own checks turned down. */
    failed: v.pipe(Count, v.maxValue(256)),
    /** Bits of all results compared, and those of them that are not the reference's. Float kernels differ lawfully. */
    bits: Count,
    bitsDiffering: Count,
    /** Float kernels: the largest relative error, and cases outside the kernel's tolerance. Null for exact kernels. */
    maxRelativeError: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(MAX_RELATIVE_ERROR))),
    outside: v.pipe(Count, v.maxValue(256)),
  }),
  v.check(({ cases, failed }) => cases + failed > 0, 'at least one case'),
  v.check(({ bits, bitsDiffering }) => bitsDiffering <= bits, 'no more bits differing than compared'),
  v.check(({ cases, outside }) => outside <= cases, 'no more cases outside than compared'),
  v.check(({ cases, bits }) => cases > 0 || bits === 0, 'no bits without a case'),
);
export type ConformanceFinding = v.InferOutput<typeof ConformanceFinding>;

/** Whether a finding is one that should not be: wrong bits of an exact kernel, or a float kernel outside its tolerance. */
export const isMismatch = ({ bitsDiffering, maxRelativeError, outside }: ConformanceFinding): boolean =>
  maxRelativeError === null ? bitsDiffering > 0 : outside > 0;

/**
 * What a visitor says of their device. It holds a kind of GPU, a browser's name and major version, the time and counts; no
 * user agent, no name or serial number of a device, no driver version. The key is the browser's own node key.
 */
export const ConformanceReport = v.strictObject({
  nodeKey: NodeId,
  measuredAt: Seconds,
  /** Null where the browser offers no WebGPU. */
  adapter: v.nullable(AdapterClass),
  browser: v.strictObject({ name: BrowserName, major: v.pipe(Count, v.maxValue(9999)) }),
  findings: v.pipe(
    v.array(ConformanceFinding),
    v.minLength(1),
    v.maxLength(64),
    v.check(
      (findings) =>
        new Set(findings.map(({ kernel, backend }) => `${kernel.name} ${backend}`)).size === findings.length,
      'each kernel and backend once',
    ),
  ),
});
export type ConformanceReport = v.InferOutput<typeof ConformanceReport>;

export const SignedConformanceReport = v.strictObject({ report: ConformanceReport, signature: Signature });
export type SignedConformanceReport = v.InferOutput<typeof SignedConformanceReport>;

/** SHA-256 of all but key and time, as JSON without names in a fixed order: the order of an object's keys says nothing. */
function findingsDigest({ adapter, browser, findings }: ConformanceReport): Hex {
  const rows = findings.map((f) => [
    ...[f.kernel.name, f.kernel.digest, f.backend, f.cases, f.failed],
    ...[f.bits, f.bitsDiffering, f.maxRelativeError, f.outside],
  ]);
  const kind = adapter === null ? null : [adapter.vendor, adapter.architecture];
  return toHex(sha256(toUtf8(JSON.stringify([kind, [browser.name, browser.major], rows]))));
}

function digestOf(domain: TypedDomain, report: ConformanceReport): Uint8Array {
  const { nodeKey, measuredAt } = report;
  return hashTypedData(domain, 'ConformanceReport', { nodeKey, measuredAt, findingsDigest: findingsDigest(report) });
}

/** Signs a report by the key it names. */
export function signConformance(
  domain: TypedDomain,
  signer: NodeSigner,
  report: Omit<ConformanceReport, 'nodeKey'>,
): SignedConformanceReport {
  const named = { nodeKey: signer.nodeId, ...report };
  return { report: named, signature: signer.sign(digestOf(domain, named)) };
}

/** Who signed the report; undefined when the signature is not one. Believe it only when this is the report's `nodeKey`. */
export const recoverConformanceSigner = (
  domain: TypedDomain,
  { report, signature }: SignedConformanceReport,
  recover: RecoverAddress,
): Hex | undefined => recover(digestOf(domain, report), signature);

/** Reports of one kind of GPU about one kernel on one backend. */
export const ConformanceGroup = v.object({
  adapter: v.nullable(AdapterClass),
  kernel: KernelName,
  backend: Backend,
  /** Keys that reported, and those of them whose newest report is a mismatch. */
  devices: Count,
  mismatching: Count,
  /** Bits that differ, summed over the newest reports; of a float kernel lawfully. */
  bitsDiffering: Count,
  maxRelativeError: v.nullable(v.number()),
});
export type ConformanceGroup = v.InferOutput<typeof ConformanceGroup>;

/** Reports of one kind of GPU, a key counted once. */
export const ConformanceAdapter = v.object({
  /** Null for browsers without WebGPU. */
  adapter: v.nullable(AdapterClass),
  devices: Count,
  mismatching: Count,
  /** Bits of exact kernels that differ, summed over the newest reports. */
  bitsDiffering: Count,
});
export type ConformanceAdapter = v.InferOutput<typeof ConformanceAdapter>;

/**
 * GET /api/conformance: what visitors' keys say, unpaid and unchecked. In each list mismatches come first, then what most
 * devices reported; long lists are cut.
 */
export const ConformanceSummary = v.object({
  devices: Count,
  mismatching: Count,
  /** Reports older than this are not counted. */
  since: Millis,
  adapters: v.array(ConformanceAdapter),
  groups: v.array(ConformanceGroup),
});
export type ConformanceSummary = v.InferOutput<typeof ConformanceSummary>;
