import type { JobSummary } from '@reckon/protocol/wire/http';
import { useQuery } from '@tanstack/react-query';
import { relay } from '../../api/relay.ts';
import type { VerdictBy } from '../trust/unit-verdict.ts';

/** While a job runs its bundle is asked for again this often; one of a thousand units is about a megabyte. */
const AGAIN_MS = 20_000;
const MAX_LIVE_UNITS = 1024;

/** How each accepted unit was verified, by index. Not under the job's own key: live events would ask for it each time. */
export function useVerdicts(job: JobSummary) {
  const ended = job.endedAt !== null;
  return useQuery({
    queryKey: ['verdicts', job.jobId, ended],
    enabled: job.units.accepted > 0 && (ended || job.units.total <= MAX_LIVE_UNITS),
    refetchInterval: ended ? false : AGAIN_MS,
    staleTime: AGAIN_MS,
    refetchOnWindowFocus: false,
    async queryFn(): Promise<ReadonlyMap<number, VerdictBy>> {
      const { units } = await relay.bundle(job.jobId);
      return new Map(units.flatMap(({ index, verdict }) => (verdict === null ? [] : [[index, verdict.by]])));
    },
  });
}

/** How many units were verified by what. */
export function countVerdicts(verdicts: ReadonlyMap<number, VerdictBy>): Map<VerdictBy, number> {
  const counts = new Map<VerdictBy, number>();
  for (const by of verdicts.values()) counts.set(by, (counts.get(by) ?? 0) + 1);
  return counts;
}
