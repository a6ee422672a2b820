import type { JobSummary } from '@reckon/protocol/wire/http';
import { useEffect, useState } from 'react';
import { useNetwork } from '../../api/queries.ts';
import { Stat } from '../../ui/figure.tsx';
import { formatCount } from '../../ui/format.ts';
import { useNow } from '../../ui/time.tsx';
import { addSample, decided, type PaceSample, paceOf, timeLeft, timeLeftWords, waitWords, WINDOW_MS } from './pace.ts';

/** What this page has seen of the job's pace. */
export function usePace(job: JobSummary): readonly PaceSample[] {
  const [samples, setSamples] = useState<readonly PaceSample[]>([]);
  const now = useNow();
  const done = decided(job);
  useEffect(() => {
    if (job.status === 'running') setSamples((before) => addSample(before, { at: now, done }));
  }, [now, done, job.status]);
  return samples;
}

/** What it waits for, or when it ends, as a range, in words; nothing before the pace means something. */
export function TimeLeft(props: { job: JobSummary; samples: readonly PaceSample[] }) {
  const { job, samples } = props;
  const now = useNow();
  const network = useNetwork().data;
  const busySlots = network?.nodes.reduce((sum, group) => sum + group.busySlots, 0);
  const wait = waitWords(job, samples, busySlots, now);
  const left = timeLeft(job, samples, now);
  if (wait !== undefined) return <span>{wait}</span>;
  return left === undefined ? null : <span>{timeLeftWords(left)}</span>;
}

/** Units a minute: lately while it runs, over its whole life when it has ended. */
export function PaceStat(props: { job: JobSummary; samples: readonly PaceSample[] }) {
  const { job, samples } = props;
  const now = useNow();
  if (job.endedAt !== null) {
    const whole =
      job.firstLeaseAt === null ? 0 : (decided(job) / Math.max(1000, job.endedAt - job.firstLeaseAt)) * 60_000;
    return (
      <Stat label="Units a minute" note="over the whole job">
        {formatCount(whole)}
      </Stat>
    );
  }
  const pace = paceOf(samples, now);
  return (
    <Stat label="Units a minute" note={pace === undefined ? 'being measured' : `in the last ${WINDOW_MS / 1000} s`}>
      {pace === undefined ? '–' : formatCount(pace * 60)}
    </Stat>
  );
}
