import { toUtf8, u32be } from '../src/base/bytes.ts';
import { hashBlob, sha256 } from '../src/base/hash.ts';
import type { BlobDigest } from '../src/base/ids.ts';
import { toJson } from '../src/base/json.ts';
import type { ShardEvent } from '../src/journal/entry.ts';
import type { SpecSource } from '../src/journal/entry-codec.ts';
import type { JobSpec } from '../src/model/job-spec.ts';
import type { VerificationPolicy } from '../src/model/policy.ts';
import { createJournal, type Journal, type PostedJob, publish } from './journal-world.ts';
import { chunked } from './shard-driver.ts';
import { jobSpec, PLAIN_KERNEL } from './shard-world.ts';

/** A job of the test kernel; sampled ones have eight chunks. */
export function sampleJob(units: number, policy: VerificationPolicy): PostedJob {
  const spec = jobSpec({ units, policy });
  const isChunked = policy.kind === 'sample';
  return {
    spec,
    specDigest: hashBlob(toUtf8(toJson(spec))),
    kernel: isChunked ? { ...PLAIN_KERNEL, chunked: true, leastHarmfulShare: 0.1 } : PLAIN_KERNEL,
    found(index, workUnitId) {
      const digest = hashBlob(toUtf8(`${workUnitId} ${index}`));
      if (!isChunked) return { digest };
      return { digest, tree: chunked(Array.from({ length: 8 }, (_, i) => sha256(u32be(index * 8 + i)))) };
    },
  };
}

export const QUORUM: VerificationPolicy = { kind: 'quorum', quorum: 2, maxReplicas: 3 };
export const SAMPLE: VerificationPolicy = { kind: 'sample', chunks: 2, checkers: 1, maxReplicas: 3 };

/** Two jobs, one by quorum and one by sample, over three epochs; what follows the last is not sealed yet. */
export function sampleJournal(): { journal: Journal; jobs: PostedJob[] } {
  const journal = createJournal();
  const jobs = [sampleJob(6, QUORUM), sampleJob(5, SAMPLE), sampleJob(4, QUORUM)];
  jobs.forEach((job, salt) => {
    journal.see(10 + salt);
    journal.post(job, salt + 1);
    journal.work();
    journal.seal(salt < 2);
  });
  journal.see(20);
  journal.post(sampleJob(3, QUORUM), 9);
  journal.work(1);
  return { journal, jobs: [...jobs, sampleJob(3, QUORUM)] };
}

/** Finds the specs of the jobs that a journal posted. */
export function specsOf(events: readonly ShardEvent[]): SpecSource {
  const specs = new Map<BlobDigest, JobSpec>();
  for (const event of events) if (event.type === 'job.posted') specs.set(event.order.specDigest, event.spec);
  return (digest) => specs.get(digest) as JobSpec;
}

export const sampleEntries = () => {
  const { journal } = sampleJournal();
  return { events: journal.events, entries: publish(journal.events), specOf: specsOf(journal.events) };
};
