import type { NodeSnapshot } from '@reckon/node/snapshot';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Digest } from '../../ui/digest.tsx';
import { formatBytes, formatShare } from '../../ui/format.ts';
import { Ago } from '../../ui/time.tsx';
import { report } from '../../ui/toast.tsx';
import { forgetNode } from '../node/node-store.ts';

/** What this node is, and how to make this browser forget it. */
export function NodeFacts(props: { snapshot: NodeSnapshot }) {
  const { snapshot } = props;
  const { channel, capabilities, consentExpiresAt, busyShare } = snapshot;
  return (
    <section className="panel" aria-labelledby="node-title">
      <h2 id="node-title">This node</h2>
      <dl className="facts small">
        <dt>Name</dt>
        <dd>{snapshot.nodeId === null ? 'being made' : <Digest hex={snapshot.nodeId} what="the node's name" />}</dd>
        <dt>Device</dt>
        <dd>{capabilities?.device ?? 'not probed yet'}</dd>
        <dt>Traffic</dt>
        <dd>
          {formatBytes(channel.bytesIn)} in, {formatBytes(channel.bytesOut)} out
        </dd>
        <dt>Busy</dt>
        <dd>{formatShare(Math.round(busyShare * 100), 100)} of slot time</dd>
        <dt>Consent</dt>
        <dd>
          {consentExpiresAt === null ? (
            'none in force'
          ) : (
            <>
              ends <Ago at={consentExpiresAt} />
            </>
          )}
        </dd>
      </dl>
      <Forget />
    </section>
  );
}

/** Names the loss before it deletes. */
function Forget() {
  const [asking, setAsking] = useState(false);
  if (!asking) {
    return (
      <div className="actions">
        <Button look="quiet" size="small" onClick={() => setAsking(true)}>
          Forget this node
        </Button>
      </div>
    );
  }
  const forget = async () => {
    await forgetNode();
    report('This browser has forgotten the node, its key, its history and its cache.');
  };
  return (
    <div className="forget" role="alertdialog" aria-label="Forget this node">
      <p className="small">
        This deletes the node's key, history and cache from this browser. Rewards that no wallet is linked to can then
        never be claimed.
      </p>
      <div className="actions">
        <Button look="danger" size="small" onClick={() => void forget()}>
          Delete it
        </Button>
        <Button size="small" onClick={() => setAsking(false)}>
          Keep it
        </Button>
      </div>
    </div>
  );
}
