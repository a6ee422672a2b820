import { manifests } from '@reckon/kernels/manifests';
import type { CurrentUnit, NodeSnapshot } from '@reckon/node/snapshot';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import { Link } from 'wouter';
import { CellMark } from '../../ui/cell-mark.tsx';
import { Digest } from '../../ui/digest.tsx';
import { formatRelative } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { PreviewView } from '../../ui/pixels.tsx';
import { Progress } from '../../ui/progress.tsx';
import { useNow } from '../../ui/time.tsx';

const phaseWords: { readonly [P in CurrentUnit['phase']]: string } = {
  fetching: 'Fetching its inputs',
  queued: 'Next in line',
  computing: 'Computing',
};

const channelWords = {
  webrtc: 'WebRTC data channel',
  websocket: 'WebSocket (WebRTC could not connect)',
  memory: 'memory',
};

/** The unit under way, shown as itself, with what it is, for whom, and on what; further units as one line each. */
export function CurrentUnits(props: { snapshot: NodeSnapshot }) {
  const { snapshot } = props;
  const order = { computing: 0, fetching: 1, queued: 2 } as const;
  const units = [...snapshot.units].sort((a, b) => order[a.phase] - order[b.phase] || a.leasedAt - b.leasedAt);
  const [first, ...rest] = units;
  if (first === undefined) return <NoUnit snapshot={snapshot} />;
  return (
    <section className="bench" aria-labelledby="bench-title">
      <div className="bench-sheet">
        {first.preview === null ? (
          <BigCell unit={first} />
        ) : (
          <PreviewView preview={first.preview} label={`Unit ${first.index} of ${first.title}, as far as computed`} />
        )}
      </div>
      <div className="bench-side">
        <UnitFacts unit={first} snapshot={snapshot} />
        {rest.length > 0 && (
          <ul className="bench-rest">
            {rest.map((unit) => (
              <li key={unit.workUnitId}>
                <CellMark look={unit.phase === 'queued' ? 'pending' : 'computing'} progress={unit.progress} />
                <span>
                  {unit.title} · unit {unit.index}
                </span>
                <span className="quiet">{phaseWords[unit.phase]}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

function UnitFacts(props: { unit: CurrentUnit; snapshot: NodeSnapshot }) {
  const { unit, snapshot } = props;
  const channel = snapshot.channel.kind;
  const now = useNow();
  const manifest = manifests.find((candidate) => kernelName(candidate) === unit.kernel);
  return (
    <div className="unit-facts">
      <header>
        <h2 id="bench-title">
          <Link href={`/jobs/${unit.jobId}?unit=${unit.index}`}>{unit.title}</Link>
        </h2>
        <p className="quiet">{manifest?.summary ?? unit.kernel}</p>
      </header>
      <div className="unit-progress">
        <p>
          {phaseWords[unit.phase]} unit {unit.index}, one of {unit.units}
        </p>
        <Progress value={unit.progress} label="This unit" />
      </div>
      <dl className="facts">
        <dt>For</dt>
        <dd>{unit.requesterLabel === '' ? 'a requester without a name' : unit.requesterLabel}</dd>
        <dt>Runs on</dt>
        <dd>{snapshot.capabilities?.device ?? 'not known yet'}</dd>
        <dt>Kernel</dt>
        <dd>
          <code>{unit.kernel}</code> <Digest hex={unit.kernelDigest} what="the kernel's digest" />
        </dd>
        <dt>Travels by</dt>
        <dd>{channel === null ? 'reconnecting' : channelWords[channel]}</dd>
        <dt>Due</dt>
        <dd>{formatRelative(unit.deadline, now)}</dd>
        <dt>Pays up to</dt>
        <dd>
          <Money wei={unit.reward} mark />
        </dd>
      </dl>
    </div>
  );
}

/** A unit that has no picture: one large cell that fills. */
function BigCell(props: { unit: CurrentUnit }) {
  const height = 140 * props.unit.progress;
  return (
    <div className="big-cell">
      <svg width="144" height="144" viewBox="0 0 144 144" aria-hidden="true">
        <rect x="1" y="1" width="142" height="142" className="big-cell-frame" />
        <rect x="2" y={142 - height} width="140" height={height} className="big-cell-done" />
      </svg>
    </div>
  );
}

function NoUnit(props: { snapshot: NodeSnapshot }) {
  const { state, status } = props.snapshot;
  const resting = state === 'paused' || state === 'blocked';
  return (
    <section className="bench bench-idle" aria-label="Current unit">
      <CellMark look={state === 'blocked' ? 'refused' : 'pending'} size={44} />
      <div>
        <p className="bench-idle-title">{resting ? 'Nothing is computed now.' : 'No unit yet.'}</p>
        <p className="quiet">{status.next ?? 'The relay sends one as soon as there is work for this device.'}</p>
      </div>
    </section>
  );
}
