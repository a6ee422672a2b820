import { expect, test } from 'vitest';
import { funded, joined, nodeAt, opened, posted } from '../../testing/shard-world.ts';
import { createShard, stepShard } from './shard.ts';

test('a job whose escrow holds less than its budget does not start; a top-up starts it', () => {
  const state = createShard();
  const job = posted({ units: 2, policy: { kind: 'quorum', quorum: 1, maxReplicas: 1 } });
  for (const event of [opened(), job, joined(nodeAt(1))]) stepShard(state, event);
  const ask = () => stepShard(state, { type: 'node.asked', at: 9, nodeId: nodeAt(1), slots: 1, draw: 0 });

  stepShard(state, { ...funded(job), total: job.order.budget - 1n });
  expect(state.jobs.get(job.jobId)).toMatchObject({ status: 'draft', funded: job.order.budget - 1n });
  expect(ask().ignored?.reason).toBe('nothing-to-lease');

  expect(stepShard(state, funded(job)).commands).toEqual([{ type: 'offer' }]);
  expect(state.jobs.get(job.jobId)?.status).toBe('funded');
  expect(ask().commands).toMatchObject([{ type: 'send', message: { type: 'lease' } }]);
});

test('an escrow seen twice, or shrunk by a reorganisation, starts nothing twice', () => {
  const state = createShard();
  const job = posted({ units: 2, policy: { kind: 'quorum', quorum: 1, maxReplicas: 1 } });
  for (const event of [opened(), job, funded(job)]) stepShard(state, event);
  expect(stepShard(state, funded(job)).ignored?.reason).toBe('not-more');
  expect(stepShard(state, { ...funded(job), total: 1n }).ignored?.reason).toBe('not-more');
});
