import type { BrowserNode, NodeSnapshot } from '@reckon/node/snapshot';
import { useSyncExternalStore } from 'react';

/** The page's one node. It outlives pages of the app, and is not even loaded before the first Start. */
let node: BrowserNode | undefined;
let loading: Promise<BrowserNode> | undefined;
let failure: unknown;
let wish: 'start' | 'pause' | undefined;
const listeners = new Set<() => void>();

/** Remembers, for this tab only, that its volunteer agreed; a reload goes on, a new tab asks. */
const RESUME_KEY = 'reckon.resume';
const CONSENT_MS = 24 * 60 * 60 * 1000;

export interface NodeView {
  /** Undefined until the engine is loaded. */
  snapshot: NodeSnapshot | undefined;
  /** Start was pressed and the engine is on its way. */
  loading: boolean;
  /** The engine could not be loaded. */
  failure: unknown;
}

let view: NodeView = { snapshot: undefined, loading: false, failure: undefined };

function refresh(): void {
  view = { snapshot: node?.getSnapshot(), loading: node === undefined && loading !== undefined, failure };
  for (const listener of listeners) listener();
}

async function load(): Promise<BrowserNode> {
  const { createBrowserNode } = await import('../../node/browser-node.ts');
  const created = await createBrowserNode();
  created.subscribe(refresh);
  node = created;
  return created;
}

function remember(grantedAt: number | undefined): void {
  try {
    if (grantedAt === undefined) sessionStorage.removeItem(RESUME_KEY);
    else sessionStorage.setItem(RESUME_KEY, String(grantedAt));
  } catch {
    // storage is off: a reload asks again
  }
}

/** The click on Start, which is the consent. `grantedAt` is that of an earlier click when a reload resumes. */
export async function startNode(grantedAt: number = Date.now()): Promise<void> {
  wish = 'start';
  failure = undefined;
  remember(grantedAt);
  loading ??= load();
  refresh();
  try {
    const loaded = await loading;
    if (wish === 'start') loaded.start({ site: 'self', grantedAt });
  } catch (error) {
    failure = error;
    loading = undefined;
  }
  refresh();
}

export function pauseNode(): void {
  wish = 'pause';
  remember(undefined);
  node?.pause();
  refresh();
}

export function finishNode(): void {
  wish = 'pause';
  remember(undefined);
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

/** Goes on after a reload of the same tab, within the day of the consent. */
export function resumeNode(now: number): void {
  let grantedAt = 0;
  try {
    grantedAt = Number(sessionStorage.getItem(RESUME_KEY) ?? 0);
  } catch {
    return; // storage is off: nothing was remembered
  }
  if (grantedAt > 0 && now - grantedAt < CONSENT_MS) void startNode(grantedAt);
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useNode = (): NodeView => useSyncExternalStore(subscribe, () => view);
