import { ReckonError } from '@reckon/protocol/base/errors';
import type { Clock, RecoverAddress } from '@reckon/protocol/base/ports';
import type { TypedDomain } from '@reckon/protocol/base/typed-data';
import {
  type ConformanceFinding,
  type ConformanceSummary,
  recoverConformanceSigner,
  REPORT_MAX_AGE_SECONDS,
  type SignedConformanceReport,
} from '@reckon/protocol/wire/conformance';
import { checkKernel, type KernelCatalogue } from '../kernels.ts';
import { createBucket } from '../session/rate-limit.ts';
import type { ReportStore } from './report-store.ts';

/** Reports of the last 90 days are counted. */
const COUNTED_MS = 90 * 86_400_000;
/** A key costs nothing to make, so that reports are bounded over all keys; http/conformance.ts bounds each network's. */
const REPORTS_PER_SECOND = 10;
const REPORTS_BURST = 60;
/** How far a visitor's clock may be ahead. */
const SKEW_SECONDS = 5 * 60;
/**
 * Counting stops everything else, some 2 µs for each finding; so a summary stands this long for each, whatever is reported or
 * asked meanwhile: five seconds of a full store, and no time one would see of a small one.
 */
const STANDS_MS_PER_FINDING = 1 / 4;
/** And this long when nothing was: then only what has grown too old changes it. */
const UNCHANGED_RECOUNT_MS = 60_000;

export interface ConformanceDesk {
  /**
   * Takes a visitor's report. @param network names where it came from; empty where that is not known.
   * @returns how many of its findings stand; fewer where newer ones are known.
   * @throws {ReckonError} RATE_LIMITED, MESSAGE_INVALID, SIGNATURE_INVALID, KERNEL_UNKNOWN, KERNEL_VERSION_UNKNOWN,
   * KERNEL_DIGEST_MISMATCH, DISK_FULL
   */
  take(signed: SignedConformanceReport, network: string): number;
  /** What was counted just now, or in a full store some seconds ago. */
  summary(): ConformanceSummary;
}

export interface DeskOptions {
  store: ReportStore;
  kernels: KernelCatalogue;
  domain: TypedDomain;
  clock: Clock;
  recover: RecoverAddress;
}

export function createConformanceDesk({ store, kernels, domain, clock, recover }: DeskOptions): ConformanceDesk {
  const all = createBucket(clock, REPORTS_PER_SECOND, REPORTS_BURST);
  let counted: ConformanceSummary | undefined;
  let countedAt = 0;
  let standsMs = 0;
  let changed = false;
  return {
    take(signed, network) {
      const { report } = signed;
      const now = Math.floor(clock.now() / 1000);
      if (report.measuredAt < now - REPORT_MAX_AGE_SECONDS || report.measuredAt > now + SKEW_SECONDS) {
        const expected = `a time within the hour before ${now}`;
        throw new ReckonError('MESSAGE_INVALID', {
          path: 'report.measuredAt',
          expected,
          received: `${report.measuredAt}`,
        });
      }
      for (const [index, finding] of report.findings.entries()) checkFinding(kernels, finding, index);
      const signer = recoverConformanceSigner(domain, signed, recover);
      if (signer !== report.nodeKey) {
        const received = signer ?? 'nobody: it is malformed';
        throw new ReckonError('SIGNATURE_INVALID', { what: 'conformance report', expected: report.nodeKey, received });
      }
      // Only now: what nobody signed must not keep others' reports out.
      if (!all.take()) throw new ReckonError('RATE_LIMITED', { retryAfterMs: 1000 });
      changed = true;
      return store.put(report, network);
    },
    summary() {
      const now = clock.now();
      if (counted === undefined || now - countedAt >= (changed ? standsMs : UNCHANGED_RECOUNT_MS)) {
        const since = Math.max(0, now - COUNTED_MS);
        const digests = kernels.refs.map(({ digest }) => digest);
        const { findings, ...counts } = store.count(since, digests);
        counted = { since, ...counts };
        countedAt = now;
        standsMs = findings * STANDS_MS_PER_FINDING;
        changed = false;
      }
      return counted;
    },
  };
}

/** A finding must be about a kernel that is served, on a backend it has, and speak of bits or of errors as the kernel does. */
function checkFinding(kernels: KernelCatalogue, finding: ConformanceFinding, index: number): void {
  const { manifest } = checkKernel(kernels, finding.kernel);
  const refuse = (field: string, expected: string, received: string) =>
    new ReckonError('MESSAGE_INVALID', { path: `report.findings.${index}.${field}`, expected, received });
  if (!manifest.backends.includes(finding.backend)) {
    throw refuse('backend', manifest.backends.join(' or '), finding.backend);
  }
  const exact = manifest.agreement.kind === 'exact';
  if (exact !== (finding.maxRelativeError === null)) {
    throw refuse('maxRelativeError', exact ? 'null of an exact kernel' : 'a number', `${finding.maxRelativeError}`);
  }
}
