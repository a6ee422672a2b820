import type { BrowserNode, ConsentGrant, NodeSnapshot } from '@reckon/node/snapshot';
import { useSyncExternalStore } from 'react';

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
  /** Start was pressed, and the engine is on its way or has not answered yet. */
  loading: boolean;
  /** The engine could not be loaded. */
  failure: unknown;
}

let view: NodeView = { snapshot: undefined, loading: false, failure: undefined };

function refresh(): void {
  const snapshot = node?.getSnapshot();
  // The engine's first word after a start may still be that it is off.
  const starting = wish === 'start' && (snapshot === undefined || snapshot.state === 'off');
  view = { snapshot, loading: starting && loading !== undefined, failure };
  for (const listener of listeners) listener();
}

async function load(): Promise<BrowserNode> {
  const { createBrowserNode } = await import('../../node/browser-node.ts');
  const created = createBrowserNode({ relayOrigin: location.origin, kind: 'tab' });
  created.subscribe(refresh);
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
