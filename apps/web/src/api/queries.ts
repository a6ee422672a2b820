import type { JobFilter } from '@reckon/client/relay-client';
import { isErrorCode, ReckonError } from '@reckon/protocol/base/errors';
import type { Address, JobId, NodeId } from '@reckon/protocol/base/ids';
import { QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import { relay } from './relay.ts';

/** Refusals are answers; only a relay that cannot be reached is asked again. */
function shouldRetry(failures: number, error: unknown): boolean {
  const unreachable = error instanceof ReckonError && isErrorCode(error.code) && error.code === 'RELAY_UNREACHABLE';
  return unreachable && failures < 2;
}

export const queryClient = new QueryClient({
  defaultOptions: { queries: { staleTime: 2000, retry: shouldRetry, retryDelay: 700, refetchOnWindowFocus: true } },
});

/** Keys start with what a live event can change. */
export const keys = {
  network: ['network'] as const,
  epochs: ['epochs'] as const,
  conformance: ['conformance'] as const,
  jobs: ['jobs'] as const,
  allOfJob: (jobId: string) => ['job', jobId] as const,
  job: (jobId: string) => ['job', jobId, 'summary'] as const,
  cells: (jobId: string) => ['job', jobId, 'cells'] as const,
  unit: (jobId: string, index: number) => ['job', jobId, 'unit', index] as const,
  bundle: (jobId: string) => ['job', jobId, 'bundle'] as const,
  node: (nodeId: string) => ['node', nodeId] as const,
  account: (address: string) => ['account', address] as const,
};

export const configQuery = queryOptions({
  queryKey: ['config'],
  queryFn: () => relay.config(),
  staleTime: Number.POSITIVE_INFINITY,
});

export const useConfig = () => useQuery(configQuery);

/** Live events tell of changes; the slow poll only mends what was missed. */
export const useNetwork = () =>
  useQuery({ queryKey: keys.network, queryFn: () => relay.network(), refetchInterval: 15_000 });

export const useEpochs = (limit: number) =>
  useQuery({ queryKey: [...keys.epochs, limit], queryFn: () => relay.epochs(limit), refetchInterval: 30_000 });

/** Changes seldom, and by nothing that is told live. */
export const useConformanceCounts = () =>
  useQuery({ queryKey: keys.conformance, queryFn: () => relay.conformance(), refetchInterval: 60_000 });

export const useJobs = (filter: JobFilter) =>
  useQuery({ queryKey: [...keys.jobs, filter], queryFn: () => relay.jobs(filter), refetchInterval: 15_000 });

export const useJob = (jobId: JobId) =>
  useQuery({ queryKey: keys.job(jobId), queryFn: () => relay.job(jobId), refetchInterval: 15_000 });

export const useCells = (jobId: JobId) =>
  useQuery({ queryKey: keys.cells(jobId), queryFn: () => relay.jobCells(jobId), refetchInterval: 30_000 });

export const useUnit = (jobId: JobId, index: number | undefined) =>
  useQuery({
    queryKey: keys.unit(jobId, index ?? -1),
    queryFn: () => relay.unit(jobId, index as number),
    enabled: index !== undefined,
  });

export const useBundle = (jobId: JobId, enabled: boolean) =>
  useQuery({ queryKey: keys.bundle(jobId), queryFn: () => relay.bundle(jobId), enabled });

export const useNodeSummary = (nodeId: NodeId | null) =>
  useQuery({
    queryKey: keys.node(nodeId ?? ''),
    queryFn: () => relay.node(nodeId as NodeId),
    enabled: nodeId !== null,
    refetchInterval: 15_000,
  });

export const useAccount = (address: Address | undefined) =>
  useQuery({
    queryKey: keys.account(address ?? ''),
    queryFn: () => relay.account(address as Address),
    enabled: address !== undefined,
    refetchInterval: 15_000,
  });
