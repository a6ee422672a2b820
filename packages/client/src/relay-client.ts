import { type Address, type BlobDigest, Hash, JobId, type NodeId } from '@reckon/protocol/base/ids';
import { toJson } from '@reckon/protocol/base/json';
import { Wei } from '@reckon/protocol/base/units';
import type { SignedJobControl, SignedJobOrder } from '@reckon/protocol/model/job-order';
import { ConformanceSummary, type SignedConformanceReport } from '@reckon/protocol/wire/conformance';
import {
  AccountSummary,
  EpochList,
  JobList,
  type JobStatus,
  JobSummary,
  type LiveEvent,
  NetworkSummary,
  NodeSummary,
  NodeUnits,
  RelayConfig,
  ResultBundle,
  SessionTicket,
  UnitCells,
  UnitDetail,
} from '@reckon/protocol/wire/http';
import * as v from 'valibot';
import { downloadBlob, type TransferOptions, uploadBlob } from './blobs.ts';
import { type Fetch, type HttpContext, receive, refusalOf, send } from './http.ts';
import { readEvents } from './live-events.ts';

const PostedOrder = v.object({ jobId: JobId, budget: Wei });
const FaucetAnswer = v.object({ tx: Hash });
const ReportAnswer = v.object({ findings: v.number() });
const Health = v.object({ ok: v.boolean(), entries: v.number() });

export interface JobFilter {
  status?: JobStatus;
  requester?: Address;
  limit?: number;
  /** Only jobs posted before this job. */
  before?: string;
}

/** Every route of docs/api.md. Each answer is parsed by its schema; each refusal is thrown as a ReckonError with its code. */
export interface RelayClient {
  readonly baseUrl: string;
  health(): Promise<v.InferOutput<typeof Health>>;
  config(): Promise<RelayConfig>;
  openSession(nodeId: NodeId): Promise<SessionTicket>;
  /** Stores bytes; resumes; does nothing when they are there. */
  uploadBlob(bytes: Uint8Array, options?: TransferOptions): Promise<BlobDigest>;
  /** Fetches bytes; resumes; checks the digest. */
  downloadBlob(digest: BlobDigest, options?: TransferOptions & { maxBytes?: number }): Promise<Uint8Array>;
  /** Where a browser finds the blob. */
  blobUrl(digest: BlobDigest): string;
  postJob(order: SignedJobOrder): Promise<v.InferOutput<typeof PostedOrder>>;
  jobs(filter?: JobFilter): Promise<JobSummary[]>;
  job(jobId: JobId): Promise<JobSummary>;
  /** The literal bytes of the spec; their SHA-256 is the order's `specDigest`. */
  jobSpecBytes(jobId: JobId): Promise<Uint8Array>;
  jobCells(jobId: JobId): Promise<UnitCells>;
  unit(jobId: JobId, index: number): Promise<UnitDetail>;
  bundle(jobId: JobId): Promise<ResultBundle>;
  controlJob(control: SignedJobControl): Promise<JobSummary>;
  node(nodeId: NodeId): Promise<NodeSummary>;
  nodeUnits(nodeId: NodeId, limit?: number): Promise<NodeUnits['units']>;
  account(address: Address): Promise<AccountSummary>;
  network(): Promise<NetworkSummary>;
  epochs(limit?: number): Promise<v.InferOutput<typeof EpochList>['epochs']>;
  /** What visitors found when they compared their devices with the reference. */
  conformance(): Promise<ConformanceSummary>;
  /** Sends such a finding. @returns how many of the report's findings stand. */
  reportConformance(signed: SignedConformanceReport): Promise<number>;
  /** Asks for test money; the embedded chain only. */
  faucet(address: Address): Promise<Hash>;
  /** Changes as they happen, until the connection ends or the signal aborts. */
  events(topics: readonly string[], signal?: AbortSignal): AsyncGenerator<LiveEvent>;
}

const query = (values: Record<string, string | number | undefined>): string => {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`;
};

/** A typed client of one relay; works in Node and in browsers. `baseUrl` is an origin such as http://127.0.0.1:4280. */
export function createRelayClient(baseUrl: string, options: { fetch?: Fetch } = {}): RelayClient {
  const context: HttpContext = {
    baseUrl: baseUrl.replace(/\/+$/, ''),
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
  };
  const get = async <S extends v.GenericSchema>(schema: S, path: string) =>
    receive(context, schema, await send(context, path));
  const post = async <S extends v.GenericSchema>(schema: S, path: string, body: unknown) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: toJson(body) };
    return receive(context, schema, await send(context, path, init));
  };
  return {
    baseUrl: context.baseUrl,
    health: () => get(Health, '/healthz'),
    config: () => get(RelayConfig, '/api/config'),
    openSession: (nodeId) => post(SessionTicket, '/api/session', { nodeId }),
    uploadBlob: (bytes, transfer) => uploadBlob(context, bytes, transfer),
    downloadBlob: (digest, transfer) => downloadBlob(context, digest, transfer),
    blobUrl: (digest) => `${context.baseUrl}/api/blobs/${digest}`,
    postJob: (order) => post(PostedOrder, '/api/jobs', order),
    jobs: async (filter = {}) => (await get(JobList, `/api/jobs${query({ ...filter })}`)).jobs,
    job: (jobId) => get(JobSummary, `/api/jobs/${jobId}`),
    async jobSpecBytes(jobId) {
      const response = await send(context, `/api/jobs/${jobId}/spec`);
      if (!response.ok) throw await refusalOf(context, response);
      return new Uint8Array(await response.arrayBuffer());
    },
    jobCells: (jobId) => get(UnitCells, `/api/jobs/${jobId}/units`),
    unit: (jobId, index) => get(UnitDetail, `/api/jobs/${jobId}/units/${index}`),
    bundle: (jobId) => get(ResultBundle, `/api/jobs/${jobId}/bundle`),
    controlJob: (control) => post(JobSummary, `/api/jobs/${control.jobId}/control`, control),
    node: (nodeId) => get(NodeSummary, `/api/nodes/${nodeId}`),
    nodeUnits: async (nodeId, limit) => (await get(NodeUnits, `/api/nodes/${nodeId}/units${query({ limit })}`)).units,
    account: (address) => get(AccountSummary, `/api/accounts/${address}`),
    network: () => get(NetworkSummary, '/api/network'),
    epochs: async (limit) => (await get(EpochList, `/api/epochs${query({ limit })}`)).epochs,
    conformance: () => get(ConformanceSummary, '/api/conformance'),
    reportConformance: async (signed) => (await post(ReportAnswer, '/api/conformance', signed)).findings,
    faucet: async (address) => (await post(FaucetAnswer, '/api/faucet', { address })).tx,
    events: (topics, signal) => readEvents(context, topics, signal),
  };
}
