import type { CurrentUnit, NodeSnapshot } from '@reckon/node/snapshot';
import type { ReactNode } from 'react';
import { CellMark } from '../../ui/cell-mark.tsx';
import { PreviewView } from '../../ui/pixels.tsx';
import { phaseWords, UnitFacts } from './unit-facts.tsx';

/**
 * The unit under way, shown as itself, with what it is, for whom, and on what; further units as one line each. Between two
 * units the last one stays, so that nothing jumps while short units come and go.
 */
export function CurrentUnits(props: { snapshot: NodeSnapshot; recent: CurrentUnit | undefined }) {
  const { snapshot, recent } = props;
  const order = { computing: 0, fetching: 1, queued: 2 } as const;
  const units = [...snapshot.units].sort((a, b) => order[a.phase] - order[b.phase] || a.leasedAt - b.leasedAt);
  const [first, ...rest] = units;
  const shown = first ?? recent;
  if (shown === undefined) {
    return (
      <Bench label="Current unit" sheet={<LastPicture snapshot={snapshot} />}>
        <NoUnit snapshot={snapshot} />
      </Bench>
    );
  }
  return (
    <Bench labelledBy="bench-title" sheet={<Sheet unit={shown} snapshot={snapshot} />}>
      <UnitFacts unit={shown} done={first === undefined} snapshot={snapshot} />
      <ul className="bench-rest" aria-label="Other units held">
        {rest.map((unit) => (
          <li key={unit.workUnitId}>
            <CellMark look={unit.phase === 'queued' ? 'pending' : 'computing'} progress={unit.progress} />
            <span>
              {unit.title} · {unit.check ? 'check of unit' : 'unit'} {unit.index}
            </span>
            <span className="quiet">{phaseWords[unit.phase]}</span>
          </li>
        ))}
        {/* Its line is kept: the unit in line comes and goes many times a minute. */}
        {rest.length === 0 && <li className="quiet bench-none">No other unit is held.</li>}
      </ul>
    </Bench>
  );
}

/** The sheet of squared paper and what stands beside it: of one size, whatever lies on it. */
function Bench(props: { label?: string; labelledBy?: string; sheet: ReactNode; children: ReactNode }) {
  return (
    <section className="bench" aria-label={props.label} aria-labelledby={props.labelledBy}>
      <div className="bench-sheet">{props.sheet}</div>
      <div className="bench-side">{props.children}</div>
    </section>
  );
}

/**
 * The unit's own picture; before it has one, the newest of the same job or of the unit just finished, so that the sheet is
 * never blank between two; a kernel without pictures fills a cell.
 */
function Sheet(props: { unit: CurrentUnit; snapshot: NodeSnapshot }) {
  const { unit, snapshot } = props;
  if (unit.preview !== null) return <Picture {...unit} preview={unit.preview} />;
  const { lastPicture, log } = snapshot;
  if (lastPicture !== undefined && [unit.title, log[0]?.title].includes(lastPicture.title)) {
    return <Picture {...lastPicture} of={lastPicture.title === unit.title ? undefined : lastPicture.title} />;
  }
  return <BigCell progress={unit.progress} />;
}

interface PictureProps {
  preview: NonNullable<CurrentUnit['preview']>;
  index: number;
  title: string;
  /** Another job than the one beside it. */
  of?: string | undefined;
}

function Picture(props: PictureProps) {
  const { preview, index, title } = props;
  const caption = preview.kind === 'pixels' ? preview.caption : undefined;
  return (
    <figure className="bench-picture">
      <PreviewView preview={preview} label={`Unit ${index} of ${title}, as far as computed`} />
      <figcaption className="quiet small">
        Unit {index}
        {props.of !== undefined && ` of ${props.of}`}
        {caption !== undefined && ` · ${caption}`}
      </figcaption>
    </figure>
  );
}

/** While nothing runs, what was drawn last, paler. */
function LastPicture(props: { snapshot: NodeSnapshot }) {
  const { lastPicture, state } = props.snapshot;
  if (lastPicture === undefined) return <CellMark look={state === 'blocked' ? 'refused' : 'pending'} size={44} />;
  return (
    <div className="bench-past">
      <Picture {...lastPicture} />
    </div>
  );
}

/** A unit that has no picture: one large cell that fills. */
function BigCell(props: { progress: number }) {
  const height = 140 * props.progress;
  return (
    <svg width="144" height="144" viewBox="0 0 144 144" aria-hidden="true">
      <rect x="1" y="1" width="142" height="142" className="big-cell-frame" />
      <rect x="2" y={142 - height} width="140" height={height} className="big-cell-done" />
    </svg>
  );
}

function NoUnit(props: { snapshot: NodeSnapshot }) {
  const { state, status, log } = props.snapshot;
  const resting = state === 'paused' || state === 'blocked';
  const again = state === 'starting' && log.length > 0;
  return (
    <div className="bench-idle">
      <p className="bench-idle-title">
        {resting ? 'Nothing is computed now.' : again ? 'Connecting to the relay.' : 'No unit yet.'}
      </p>
      <p className="quiet">
        {status.next ??
          (again
            ? 'Work goes on when it answers; finished results are kept until then.'
            : 'The relay sends one as soon as there is work for this device.')}
      </p>
    </div>
  );
}
