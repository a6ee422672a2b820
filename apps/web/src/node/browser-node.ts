import type { Preview } from '@reckon/kernels/kernel';
import { defaultSettings, type NodeSettings } from '@reckon/node/settings';
import type { BrowserNode, NodeSnapshot, UnitPicture } from '@reckon/node/snapshot';
import { statusLine } from '@reckon/node/status-line';
import { ReckonError, toWire } from '@reckon/protocol/base/errors';
import type { WorkUnitId } from '@reckon/protocol/base/ids';
import type { EngineOptions, ToEngine, ToPage } from './engine-messages.ts';
import { initialSnapshot } from './initial-snapshot.ts';
import { createPagePeers } from './page-peer.ts';
import { watchSignals } from './signals.ts';

export interface BrowserNodeOptions {
  /** The relay's origin, such as `http://127.0.0.1:8787`. */
  relayOrigin: string;
  kind: 'tab' | 'widget';
  /** Overrides of the defaults, used until this device has settings of its own. */
  settings?: Partial<NodeSettings>;
}

/** This tab's identity, which a reload keeps and a new tab does not have. */
const SLOT_KEY = 'reckon-node-slot';

/** A node in a worker of this page. Give it to `useSyncExternalStore`. Nothing is requested before `start`. */
export function createBrowserNode(options: BrowserNodeOptions): BrowserNode {
  const listeners = new Set<() => void>();
  const previews = new Map<WorkUnitId, Preview>();
  const initial = { ...defaultSettings(navigator.hardwareConcurrency ?? 1), ...options.settings };
  let snapshot: NodeSnapshot = initialSnapshot(initial);
  let picture: UnitPicture | undefined;
  let closed: PromiseWithResolvers<void> | undefined;
  let onScreen: boolean | undefined;

  const worker = new Worker(new URL('./engine-worker.ts', import.meta.url), { type: 'module', name: 'reckon-engine' });
  const tell = (message: ToEngine, transfer: Transferable[] = []) => worker.postMessage(message, transfer);
  const peers = createPagePeers(tell);

  let signals = {};
  const tellSignals = () =>
    tell({ type: 'signals', signals: { ...signals, ...(onScreen === undefined ? {} : { onScreen }) } });

  function show(next: NodeSnapshot): void {
    const units = next.units.map((unit) => ({ ...unit, preview: previews.get(unit.workUnitId) ?? null }));
    snapshot = { ...next, units, ...(picture === undefined ? {} : { lastPicture: picture }) };
    for (const workUnitId of previews.keys()) {
      if (!units.some((unit) => unit.workUnitId === workUnitId)) previews.delete(workUnitId);
    }
    for (const listener of listeners) listener();
  }

  worker.onmessage = ({ data: message }: MessageEvent<ToPage>) => {
    switch (message.type) {
      case 'opened':
        return keepSlot(message.slot);
      case 'snapshot':
        return show(message.snapshot);
      case 'preview':
        previews.set(message.workUnitId, message.preview);
        return show(snapshot);
      case 'picture':
        picture = message.picture;
        return show(snapshot);
      case 'peer-wanted':
        return peers.open(message.id, message.target);
      case 'peer-unwanted':
        return peers.cancel(message.id);
      case 'closed':
        return end();
    }
  };
  worker.onerror = (event) => {
    event.preventDefault();
    const error = toWire(new ReckonError('UNEXPECTED', { cause: event.message || 'the engine could not be loaded' }));
    const status = statusLine({ state: 'blocked', reason: 'unsupported', connected: false });
    show({ ...snapshot, state: 'blocked', reason: 'unsupported', status, units: [], error });
  };

  const slot = readSlot();
  const engineOptions: EngineOptions = {
    relayOrigin: options.relayOrigin,
    kind: options.kind,
    slot,
    webRtc: 'RTCPeerConnection' in globalThis,
    settings: options.settings ?? {},
  };
  tell({ type: 'open', options: engineOptions });
  const stopWatching = watchSignals(options.relayOrigin, (next) => {
    signals = next;
    tellSignals();
  });

  function end(): void {
    stopWatching();
    peers.close();
    worker.terminate();
    closed?.resolve();
  }

  /** Ends the engine once it has said goodbye. */
  function leave(type: 'close' | 'forget'): Promise<void> {
    if (closed === undefined) {
      closed = Promise.withResolvers();
      tell({ type });
    }
    return closed.promise;
  }

  return {
    start: (consent) => tell({ type: 'start', consent }),
    finish: () => tell({ type: 'finish' }),
    pause: () => tell({ type: 'pause' }),
    close: () => void leave('close'),
    forget: () => leave('forget'),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => snapshot,
    setSettings: (settings) => tell({ type: 'settings', settings }),
    linkWallet: (delegation) => tell({ type: 'delegate', delegation }),
    setOnScreen(next) {
      onScreen = next;
      tellSignals();
    },
  };
}

function readSlot(): number | undefined {
  try {
    const text = sessionStorage.getItem(SLOT_KEY);
    return text === null ? undefined : Number(text);
  } catch {
    return undefined; // storage is off
  }
}

function keepSlot(slot: number): void {
  try {
    sessionStorage.setItem(SLOT_KEY, String(slot));
  } catch {
    // storage is off: a reload is another node
  }
}
