import { relay } from '../../api/relay.ts';
import type { JobId } from '@reckon/protocol/base/ids';
import { fromUtf8 } from '@reckon/protocol/base/bytes';
import { parse } from '@reckon/protocol/base/parse';
import { JobSpec, type StageSpec, unitBlobs } from '@reckon/protocol/model/job-spec';
import { queryOptions } from '@tanstack/react-query';

/** The job's spec, which never changes. */
export const specQuery = (jobId: JobId) =>
  queryOptions({
    queryKey: ['spec', jobId],
    queryFn: async () => parse(JobSpec, JSON.parse(fromUtf8(await relay.jobSpecBytes(jobId)))),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const stageOf = (spec: JobSpec): StageSpec => spec.stages[0] as StageSpec; // the schema asks for exactly one

/** Does a job of this kernel draw one picture, a tile a unit? */
export const drawsPicture = (kernel: string): boolean => /^(mandelbrot|render)@/.test(kernel);

/** Tiles in a row of the picture a stage draws; undefined for stages that draw none. */
export function pictureColumns(stage: StageSpec): number | undefined {
  if (!drawsPicture(stage.kernel.name)) return undefined;
  let size: unknown;
  try {
    size = JSON.parse(stage.params);
  } catch {
    return undefined; // the kernel's own rules say what is wrong with it
  }
  if (typeof size !== 'object' || size === null || !('width' in size) || !('tile' in size)) return undefined;
  return typeof size.width === 'number' && typeof size.tile === 'number'
    ? Math.ceil(size.width / size.tile)
    : undefined;
}

/** Largest input fetched only to show it. */
const MAX_SHOWN_BYTES = 4 * 1024 * 1024;

/** The small blobs a unit reads, by name, for its preview; a model is too large to be fetched for a picture. */
export async function previewBlobs(stage: StageSpec, index: number): Promise<Map<string, Uint8Array>> {
  const unit = stage.units[index];
  if (unit === undefined) return new Map();
  const small = unitBlobs(stage, unit).filter((blob) => blob.size <= MAX_SHOWN_BYTES);
  const entries = small.map(async ({ name, digest }) => [name, await relay.downloadBlob(digest)] as const);
  return new Map(await Promise.all(entries));
}
