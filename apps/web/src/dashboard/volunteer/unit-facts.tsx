import { manifests } from '@reckon/kernels/manifests';
import type { CurrentUnit, NodeSnapshot } from '@reckon/node/snapshot';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import { Link } from 'wouter';
import { Digest } from '../../ui/digest.tsx';
import { formatCount, formatRelative } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { Progress } from '../../ui/progress.tsx';
import { useNow } from '../../ui/time.tsx';
import { runsOn } from './runs-on.ts';

export const phaseWords: { readonly [P in CurrentUnit['phase']]: string } = {
  fetching: 'Fetching its inputs',
  queued: 'Next in line',
  computing: 'Computing',
};

const channelWords = {
  webrtc: 'WebRTC data channel',
  websocket: 'WebSocket (WebRTC could not connect)',
  memory: 'memory',
};

/** What the unit is, for whom, on what and until when. `done`: it is finished and the next has not come. */
export function UnitFacts(props: { unit: CurrentUnit; done: boolean; snapshot: NodeSnapshot }) {
  const { unit, done, snapshot } = props;
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
          {done
            ? `Done with unit ${unit.index}; waiting for the next`
            : `${(unit.check ? checkPhrases : phrases)[unit.phase](String(unit.index))}, one of ${formatCount(unit.units)}`}
        </p>
        <Progress value={done ? 0 : unit.progress} label="This unit" />
      </div>
      <dl className="facts">
        <dt>For</dt>
        <dd>{unit.requesterLabel === '' ? 'a requester without a name' : unit.requesterLabel}</dd>
        <dt>Runs on</dt>
        <dd>{runsOn(manifest, snapshot.capabilities)}</dd>
        <dt>Kernel</dt>
        <dd>
          <code>{unit.kernel}</code> <Digest hex={unit.kernelDigest} what="the kernel's digest" />
        </dd>
        <dt>Travels by</dt>
        <dd>{channel === null ? 'reconnecting' : channelWords[channel]}</dd>
        <dt>Due</dt>
        <dd>{done ? 'no unit is due' : formatRelative(unit.deadline, now)}</dd>
        <dt>Pays up to</dt>
        <dd>
          <Money wei={unit.reward} mark />
        </dd>
      </dl>
    </div>
  );
}

/** A check recomputes a few chunks of another node's result. */
const checkPhrases: { readonly [P in CurrentUnit['phase']]: (unit: string) => string } = {
  fetching: (unit) => `Fetching the inputs to check unit ${unit}`,
  queued: (unit) => `Next in line: a check of unit ${unit}`,
  computing: (unit) => `Checking chunks of unit ${unit}`,
};
const phrases: { readonly [P in CurrentUnit['phase']]: (unit: string) => string } = {
  fetching: (unit) => `Fetching the inputs of unit ${unit}`,
  queued: (unit) => `Next in line: unit ${unit}`,
  computing: (unit) => `Computing unit ${unit}`,
};
