import type { Preview } from '@reckon/kernels/kernel';
import { fromWire, toReckonError } from '@reckon/protocol/base/errors';
import type { WorkUnitId } from '@reckon/protocol/base/ids';
import type { Log, WorkChannel } from '@reckon/protocol/base/ports';
import type { UnitPicture } from '@reckon/node/snapshot';
import { type Engine, type OpenPeer, openEngine } from './engine.ts';
import type { ToEngine, ToPage } from './engine-messages.ts';
import { createPortChannel } from './port-channel.ts';
import { claimSlot } from './slot.ts';

/**
 * Entry of the engine's worker. Everything with a timer runs here and not on the page, because browsers throttle the
 * timers of hidden pages and not those of workers.
 */
interface WorkerScope {
  postMessage(message: ToPage): void;
  onmessage: ((event: MessageEvent<ToEngine>) => void) | null;
  close(): void;
}
const scope = globalThis as unknown as WorkerScope;
const tell = (message: ToPage) => scope.postMessage(message);

/* oxlint-disable no-console -- the console is the only log a browser has */
const log: Log = {
  debug() {},
  info() {},
  warn: (fields, event) => console.warn(event, fields),
  error: (fields, event) => console.error(event, fields),
};
/* oxlint-enable no-console */

let peerRequests = 0;
const pendingPeers = new Map<number, PromiseWithResolvers<WorkChannel>>();

const openPeer: OpenPeer = (target, signal) => {
  const id = ++peerRequests;
  const pending = Promise.withResolvers<WorkChannel>();
  pendingPeers.set(id, pending);
  signal.addEventListener(
    'abort',
    () => {
      if (!pendingPeers.delete(id)) return;
      tell({ type: 'peer-unwanted', id });
      pending.reject(signal.reason);
    },
    { once: true },
  );
  tell({ type: 'peer-wanted', id, target });
  return pending.promise;
};

/** Takes the answer to a request; an answer nobody waits for closes its channel. */
function answerPeer(message: Extract<ToEngine, { type: 'peer-opened' | 'peer-failed' }>): void {
  const pending = pendingPeers.get(message.id);
  pendingPeers.delete(message.id);
  if (message.type === 'peer-failed') return pending?.reject(fromWire(message.error));
  const channel = createPortChannel(message.port);
  if (pending === undefined) channel.close('no longer wanted');
  else pending.resolve(channel);
}

/** Shows the node's state, each preview once. */
function mirror(engine: Engine): void {
  const shown = new Map<WorkUnitId, Preview>();
  let shownPicture: UnitPicture | undefined;
  const publish = () => {
    const { lastPicture, ...snapshot } = engine.snapshot();
    if (lastPicture !== undefined && lastPicture !== shownPicture) tell({ type: 'picture', picture: lastPicture });
    shownPicture = lastPicture;
    const current = new Set(snapshot.units.map(({ workUnitId }) => workUnitId));
    for (const workUnitId of shown.keys()) if (!current.has(workUnitId)) shown.delete(workUnitId);
    tell({
      type: 'snapshot',
      snapshot: { ...snapshot, units: snapshot.units.map((unit) => ({ ...unit, preview: null })) },
    });
    for (const { workUnitId, preview } of snapshot.units) {
      if (preview === null || shown.get(workUnitId) === preview) continue;
      shown.set(workUnitId, preview);
      tell({ type: 'preview', workUnitId, preview });
    }
  };
  engine.node.subscribe(publish);
  publish();
}

async function open(message: Extract<ToEngine, { type: 'open' }>): Promise<Engine> {
  const slot = await claimSlot(message.options.slot);
  tell({ type: 'opened', slot });
  const engine = await openEngine(message.options, slot, openPeer, log);
  mirror(engine);
  return engine;
}

async function act(engine: Engine, message: ToEngine): Promise<void> {
  switch (message.type) {
    case 'start':
      return engine.start(message.consent);
    case 'finish':
      return engine.node.finish();
    case 'pause':
      return engine.node.pause();
    case 'signals':
      return engine.node.setSignals(message.signals);
    case 'settings':
      return engine.node.setSettings(message.settings);
    case 'delegate':
      return engine.node.linkWallet(message.delegation);
    case 'forget':
      await engine.forget();
      return tell({ type: 'closed' });
    case 'close':
      engine.node.close();
      return tell({ type: 'closed' });
    default:
      return undefined;
  }
}

let engine: Promise<Engine> | undefined;
scope.onmessage = ({ data: message }) => {
  if (message.type === 'open') engine = open(message);
  else if (message.type === 'peer-opened' || message.type === 'peer-failed') return answerPeer(message);
  // Thrown again outside the promise, where the page's `onerror` hears of it.
  engine?.then((opened) => act(opened, message)).catch((error: unknown) => reportError(toReckonError(error)));
};
