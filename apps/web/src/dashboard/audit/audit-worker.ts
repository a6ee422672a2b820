import { type AuditPorts, auditRelay } from '@reckon/client/audit/audit-relay';
import type { AuditReport } from '@reckon/client/audit/audit-report';
import { inputBytes, recomputeUnits } from '@reckon/client/audit/recompute';
import { createSettlementReader } from '@reckon/client/audit/settlement-reader';
import type { HttpContext } from '@reckon/client/http';
import { createRelayClient } from '@reckon/client/relay-client';
import { createPool } from '@reckon/kernels/engine/pool';
import { spawnBrowserWorker } from '@reckon/kernels/engine/worker-browser';
import { systemRandom } from '@reckon/node/system-random';
import { toWire } from '@reckon/protocol/base/errors';
import { recoverAddress } from '@reckon/protocol/base/signature';
import type { FromAuditor, ToAuditor } from './audit-messages.ts';
import { openSeenCheckpoints } from './seen-checkpoints.ts';

/** Entry of the audit's worker: the whole replay runs here, so that the page stays responsive. */
interface WorkerScope {
  postMessage(message: FromAuditor): void;
  onmessage: ((event: MessageEvent<ToAuditor>) => void) | null;
}
const scope = globalThis as unknown as WorkerScope;
const tell = (message: FromAuditor): void => scope.postMessage(message);

/** Units drawn to be computed again. */
const UNITS = 5;
/** Signatures of nodes that one audit checks here, about: a browser does some hundreds a second. */
const SIGNATURES = 4000;

let last: { http: HttpContext; report: AuditReport } | undefined;

async function audit({ relayUrl, compare }: Extract<ToAuditor, { type: 'audit' }>): Promise<void> {
  const http: HttpContext = { baseUrl: relayUrl, fetch: (url, init) => fetch(url, init) };
  const ports: AuditPorts = {
    http,
    openChain: (config) => createSettlementReader(`${relayUrl}${config.rpcPath}`),
    seen: await openSeenCheckpoints(),
    random: systemRandom,
    recover: recoverAddress,
    now: Date.now,
  };
  const report = await auditRelay(ports, {
    signatures: (entries) => Math.min(1, SIGNATURES / Math.max(1, entries)),
    units: UNITS,
    ...(compare === undefined ? {} : { compare }),
    onProgress: (progress) => tell({ type: 'progress', progress }),
  });
  last = { http, report };
  tell({ type: 'report', report, inputBytes: inputBytes(report.sample) });
}

async function recompute(): Promise<void> {
  if (last === undefined) return;
  const { http, report } = last;
  const pool = createPool({ spawn: spawnBrowserWorker, size: 1 });
  try {
    const recomputed = await recomputeUnits(report.sample, {
      relay: createRelayClient(http.baseUrl, { fetch: http.fetch }),
      pool,
      random: systemRandom,
      signal: new AbortController().signal,
      onProgress: (done, total) => tell({ type: 'progress', progress: { phase: 'recompute', done, total } }),
    });
    tell({ type: 'recomputed', recomputed });
  } finally {
    pool.close();
  }
}

scope.onmessage = ({ data }) => {
  const work = data.type === 'audit' ? audit(data) : recompute();
  work.catch((error: unknown) => tell({ type: 'failed', error: toWire(error) }));
};
