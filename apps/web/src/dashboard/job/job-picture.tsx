import { kernelRules } from '@reckon/kernels/rules';
import type { JobSummary, UnitCells } from '@reckon/protocol/wire/http';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useCells } from '../../api/queries.ts';
import { relay } from '../../api/relay.ts';
import { plural } from '../../ui/format.ts';
import { drawsPicture, specQuery, stageOf } from './job-data.ts';

/** Tiles fetched at the same time. */
const AT_ONCE = 4;

/** For kernels that draw: the picture, appearing tile by tile as units are accepted. */
export function JobPicture(props: { job: JobSummary }) {
  const { job } = props;
  const draws = drawsPicture(job.kernel);
  const spec = useQuery({ ...specQuery(job.jobId), enabled: draws });
  const cells = useCells(job.jobId).data;
  if (!draws || spec.data === undefined || cells === undefined) return null;
  // An ended job without a tile has no picture to wait for.
  if (job.endedAt !== null && cells.cells.every((cell) => cell.digest === null)) return null;
  return <Tiles kernel={job.kernel} params={stageOf(spec.data).units.map((unit) => unit.params)} cells={cells} />;
}

function Tiles(props: { kernel: string; params: readonly string[]; cells: UnitCells }) {
  const { kernel, params, cells } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef(new Set<number>());
  const busy = useRef(0);
  const [round, setRound] = useState(0);

  useEffect(() => {
    const rules = kernelRules(kernel);
    const waiting = cells.cells
      .map((cell, index) => ({ index, digest: cell.digest }))
      .filter(({ index, digest }) => digest !== null && !drawn.current.has(index));
    for (const { index, digest } of waiting.slice(0, AT_ONCE - busy.current)) {
      if (digest === null) continue;
      drawn.current.add(index);
      busy.current += 1;
      void relay
        .downloadBlob(digest)
        .then((bytes) => draw(canvas.current, rules.preview?.(params[index] ?? '', new Map(), bytes)))
        .catch(() => drawn.current.delete(index)) // asked again when the cells change
        .finally(() => {
          busy.current -= 1;
          setRound((value) => value + 1);
        });
    }
  }, [kernel, params, cells, round]);

  const shown = cells.cells.filter((cell) => cell.digest !== null).length;
  return (
    <figure className="job-picture">
      <canvas
        ref={canvas}
        width={3}
        height={2}
        role="img"
        aria-label={`The picture so far: ${plural(shown, 'tile')}`}
      />
      <figcaption className="quiet small">
        {shown} of {plural(cells.cells.length, 'tile')} accepted and drawn
      </figcaption>
    </figure>
  );
}

type Preview = ReturnType<NonNullable<ReturnType<typeof kernelRules>['preview']>>;

function draw(canvas: HTMLCanvasElement | null, preview: Preview): void {
  if (canvas === null || preview?.kind !== 'pixels') return;
  const { width, height, rgba, x = 0, y = 0, totalWidth = width, totalHeight = height } = preview;
  if (canvas.width !== totalWidth || canvas.height !== totalHeight) {
    canvas.width = totalWidth;
    canvas.height = totalHeight;
  }
  canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(rgba), width, height), x, y);
}
