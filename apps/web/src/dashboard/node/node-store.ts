import type { BrowserNode, ConsentGrant, CurrentUnit, NodeSnapshot } from '@reckon/node/snapshot';
import { useSyncExternalStore } from 'react';
import { type Steady, steady } from '../../node/steady.ts';

/** The page's one node. It outlives pages of the app, and is not even loaded before the first Start. */
let node: BrowserNode | undefined;
let loading: Promise<BrowserNode> | undefined;
let failure: unknown;
let wish: 'start' | 'pause' | undefined;
const listeners = new Set<() => void>();

/** Set for this tab only while its volunteer wants it to compute: a reload goes on, a new tab asks. */
const RESUME_KEY = 'reckon.resume';

export interface NodeView {
  /** Undefined until the engine is loaded. */
  snapshot: NodeSnapshot | undefined;
  /** The unit computed last, while the node waits for the next. */
  recent: CurrentUnit | undefined;
  /** Start was pressed, and the engine is on its way or has not answered yet. */
  loading: boolean;
  /** The engine could not be loaded. */
  failure: unknown;
}

let view: NodeView = { snapshot: undefined, recent: undefined, loading: false, failure: undefined };

let shown: Steady | undefined;
let drawnAt = 0;
let planned: ReturnType<typeof setTimeout> | undefined;
/** While units run, the page is drawn at most this often; anything else shows at once. */
const DRAW_MS = 200;

/** Draws the node as it is now; again later when what is shown was held back. */
function refresh(): void {
  clearTimeout(planned);
  planned = undefined;
  const snapshot = node?.getSnapshot();
  const now = Date.now();
  shown = snapshot === undefined ? undefined : steady(shown, snapshot, now);
  if (shown !== undefined && shown.snapshot !== snapshot) planned = setTimeout(refresh, shown.holdUntil - now);
  // The engine's first word after a start may still be that it is off.
  const starting = wish === 'start' && (snapshot === undefined || snapshot.state === 'off');
  const calm = { snapshot: shown?.snapshot, recent: shown?.recent };
  view = { ...calm, loading: starting && loading !== undefined, failure };
  drawnAt = now;
  for (const listener of listeners) listener();
}

/** The node has news: taken in at once, drawn soon. */
function hear(): void {
  const snapshot = node?.getSnapshot();
  const before = shown?.snapshot.state;
  const now = Date.now();
  if (snapshot !== undefined) shown = steady(shown, snapshot, now);
  const wait = drawnAt + DRAW_MS - now;
  if (before !== 'computing' || shown?.snapshot.state !== 'computing' || wait <= 0) return refresh();
  clearTimeout(planned);
  planned = setTimeout(refresh, wait);
}

async function load(): Promise<BrowserNode> {
  const { createBrowserNode } = await import('../../node/browser-node.ts');
  const created = createBrowserNode({ relayOrigin: location.origin, kind: 'tab' });
  created.subscribe(hear);
  node = created;
  return created;
}

function remember(running: boolean): void {
  try {
    if (running) sessionStorage.setItem(RESUME_KEY, '1');
    else sessionStorage.removeItem(RESUME_KEY);
  } catch {
    // storage is off: a reload asks again
  }
}

/** The click on Start, which is the consent. */
export const startNode = (): Promise<void> => start({ site: 'self', grantedAt: Date.now() });

/** Without a grant the node uses the consent it was given before the reload, while that is in force. */
async function start(consent: ConsentGrant | undefined): Promise<void> {
  wish = 'start';
  failure = undefined;
  remember(true);
  loading ??= load();
  refresh();
  try {
    const loaded = await loading;
    if (wish === 'start') loaded.start(consent);
  } catch (error) {
    failure = error;
    loading = undefined;
  }
  refresh();
}

export function pauseNode(): void {
  wish = 'pause';
  remember(false);
  node?.pause();
  refresh();
}

export function finishNode(): void {
  wish = 'pause';
  remember(false);
  node?.finish();
}

/** The loaded node, for settings and links; undefined before the first Start. */
export const currentNode = (): BrowserNode | undefined => node;

/** Withdraws the consent and deletes everything the node stored in this browser. */
export async function forgetNode(): Promise<void> {
  pauseNode();
  await node?.forget();
  node = undefined;
  loading = undefined;
  refresh();
}

/** Goes on after a reload of the same tab. */
export function resumeNode(): void {
  let running = false;
  try {
    running = sessionStorage.getItem(RESUME_KEY) !== null;
  } catch {
    // storage is off: nothing was remembered
  }
  if (running) void start(undefined);
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useNode = (): NodeView => useSyncExternalStore(subscribe, () => view);
