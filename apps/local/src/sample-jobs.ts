import { fileURLToPath } from 'node:url';
import { loadJob } from '@reckon/client/files/load-job';
import { type PreparedJob, prepareJob } from '@reckon/client/prepare-job';
import type { JobFile } from '@reckon/protocol/model/job-file';
import type { RelayConfig } from '@reckon/protocol/wire/http';

const example = (name: string): string => fileURLToPath(new URL(`../../../examples/${name}/job.json`, import.meta.url));

/** Places in the Mandelbrot set worth a picture: enough work for some minutes of one tab each. */
const views = [
  { title: 'Seahorse valley', centerX: -0.7436, centerY: 0.1318, scale: 0.012 },
  { title: 'Elephant valley', centerX: 0.2825, centerY: 0.0105, scale: 0.02 },
  { title: 'A spiral of the triple arm', centerX: -0.0886, centerY: 0.6547, scale: 0.006 },
  { title: 'A small copy of the whole', centerX: -1.7687, centerY: 0.0017, scale: 0.012 },
  { title: 'The whole Mandelbrot set', centerX: -0.6, centerY: 0, scale: 3.2 },
] as const;

const PICTURE = { width: 1920, height: 1280, tile: 128, maxIterations: 20_000 };

async function digits(config: RelayConfig): Promise<PreparedJob> {
  const { jobFile, inputs } = await loadJob(example('digits'));
  return prepareJob(jobFile, inputs, config);
}

async function picture(config: RelayConfig, view: (typeof views)[number]): Promise<PreparedJob> {
  const { jobFile } = await loadJob(example('mandelbrot'));
  const { title, ...place } = view;
  const stages = jobFile.stages.map((stage) => ({ ...stage, params: { ...PICTURE, ...place }, pricePerUnit: '0.001' }));
  const painted: JobFile = { ...jobFile, title, stages };
  return prepareJob(painted, new Map(), config);
}

/** The sample of a round: digits and pictures take turns, each picture another place. */
export function sampleJob(config: RelayConfig, round: number): Promise<PreparedJob> {
  if (round % 2 === 0) return digits(config);
  return picture(config, views[Math.floor(round / 2) % views.length] as (typeof views)[number]);
}
