import { fromWire, ReckonError } from '@reckon/protocol/base/errors';
import { Address, type BlobDigest, type JobId } from '@reckon/protocol/base/ids';
import { parse } from '@reckon/protocol/base/parse';
import { jobIdOf, SignedJobControl, SignedJobOrder } from '@reckon/protocol/model/job-order';
import { JobStatus } from '@reckon/protocol/wire/http';
import type { Hono } from 'hono';
import * as v from 'valibot';
import { checkJob, checkRoom, checkWallet } from '../job-checks.ts';
import { getBundle } from '../read-model/queries/bundle.ts';
import { findJob, getJob, listJobs } from '../read-model/queries/jobs.ts';
import { jobIdIn, readJson, readNumber } from './input.ts';
import type { HttpPorts } from './ports.ts';
import { json } from './problem.ts';

const Filter = v.object({ status: v.optional(JobStatus), requester: v.optional(Address) });

export const unknownJob = (jobId: JobId) => new ReckonError('JOB_UNKNOWN', { jobId });

export function serveJobs(app: Hono, ports: HttpPorts): void {
  const { db, coordinator, projector } = ports;
  const checks = { ...ports, now: () => ports.clock.now() };

  app.post('/api/jobs', async (context) => {
    const signed = await readJson(context, SignedJobOrder);
    const { order, signature } = signed;
    const jobId = jobIdOf(order);
    const answer = json({ jobId, budget: order.budget }, 201);
    // Posted again after a lost answer: the id is the order's hash, so it is the same job.
    if ((await findJob(db, jobId)) !== undefined) return answer;
    const { spec, kernel } = await checkJob(checks, signed);
    checkRoom(coordinator.state.jobs.values(), spec);
    const at = coordinator.stamp();
    const { ignored } = await coordinator.submit({ type: 'job.posted', at, jobId, order, signature, spec, kernel });
    if (ignored?.refusal !== undefined) {
      throw fromWire(ignored.refusal);
    }
    await projector.caughtUp();
    void ports.checkFunding(jobId);
    return answer;
  });

  app.get('/api/jobs', async (context) => {
    const { status, requester } = parse(Filter, context.req.query());
    const [limit, before] = [readNumber(context, 'limit'), readNumber(context, 'before')];
    return json({ jobs: await listJobs(db, { status, requester, limit, before }) });
  });

  app.get('/api/jobs/:jobId', async (context) => {
    const jobId = jobIdIn(context);
    const job = await getJob(db, jobId);
    if (job === undefined) throw unknownJob(jobId);
    return json(job);
  });

  app.get('/api/jobs/:jobId/spec', async (context) => {
    const jobId = jobIdIn(context);
    const job = await findJob(db, jobId);
    if (job === undefined) throw unknownJob(jobId);
    const bytes = await ports.blobs.read(job.spec_digest as BlobDigest);
    const headers = { 'content-type': 'application/json', 'cache-control': 'public, max-age=31536000, immutable' };
    return new Response(bytes as Uint8Array<ArrayBuffer>, { headers });
  });

  app.get('/api/jobs/:jobId/bundle', async (context) => {
    const jobId = jobIdIn(context);
    const { relayId, chainId, contracts } = ports.config();
    const bundle = await getBundle(db, { relayId, chainId, contracts }, jobId);
    if (bundle === undefined) throw unknownJob(jobId);
    return json(bundle);
  });

  app.post('/api/jobs/:jobId/control', async (context) => {
    const jobId = jobIdIn(context);
    const { signature, ...control } = await readJson(context, SignedJobControl);
    if (control.jobId !== jobId) {
      throw new ReckonError('MESSAGE_INVALID', { path: 'jobId', expected: jobId, received: control.jobId });
    }
    const job = await getJob(db, jobId);
    if (job === undefined) throw unknownJob(jobId);
    await checkWallet(ports, 'JobControl', control, job.requester, signature);
    const { action, nonce } = control;
    const at = coordinator.stamp();
    const { ignored } = await coordinator.submit({ type: 'job.controlled', at, jobId, action, nonce, signature });
    if (ignored?.refusal !== undefined) {
      throw fromWire(ignored.refusal);
    }
    await projector.caughtUp();
    return json(await getJob(db, jobId));
  });
}
