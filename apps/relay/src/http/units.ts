import { ReckonError } from '@reckon/protocol/base/errors';
import type { BlobDigest } from '@reckon/protocol/base/ids';
import { hashWorkUnit } from '@reckon/protocol/base/hash';
import { parse } from '@reckon/protocol/base/parse';
import { JobSpec } from '@reckon/protocol/model/job-spec';
import type { Hono } from 'hono';
import { findJob } from '../read-model/queries/jobs.ts';
import { getUnit, listCells } from '../read-model/queries/units.ts';
import { indexIn, jobIdIn } from './input.ts';
import { unknownJob } from './jobs.ts';
import type { HttpPorts } from './ports.ts';
import { json } from './problem.ts';

export function serveUnits(app: Hono, { db, blobs, coordinator, live }: HttpPorts): void {
  app.get('/api/jobs/:jobId/units', async (context) => {
    const jobId = jobIdIn(context);
    const cells = await listCells(db, jobId);
    if (cells === undefined) throw unknownJob(jobId);
    for (const [index, cell] of cells.cells.entries()) {
      if (cell.status === 'issued') cell.progress = live.progress.of(hashWorkUnit(jobId, 0, index));
    }
    return json(cells);
  });

  app.get('/api/jobs/:jobId/units/:index', async (context) => {
    const [jobId, index] = [jobIdIn(context), indexIn(context)];
    const job = await findJob(db, jobId);
    if (job === undefined) throw unknownJob(jobId);
    const unit = await getUnit(db, jobId, index);
    if (unit === undefined) throw new ReckonError('NOT_FOUND', { what: `Work unit ${index} of job ${jobId}` });
    const hot = coordinator.state.jobs.get(jobId)?.spec;
    const spec =
      hot ?? parse(JobSpec, JSON.parse(Buffer.from(await blobs.read(job.spec_digest as BlobDigest)).toString()));
    return json({ ...unit, params: spec.stages[0]?.units[index]?.params ?? '' });
  });
}
