/**
 * What the loader on a stranger's page and our frame say to each other, over one MessagePort. Validated by hand: the loader
 * must stay tiny, and neither side trusts the other. Unknown messages and fields are ignored.
 */
export const BRIDGE_VERSION = 1;
export const GREETING = 'reckon-connect';

/** The loader's first message, by `window.postMessage` to the frame's exact origin, with the port. */
export interface Greeting {
  type: typeof GREETING;
  v: typeof BRIDGE_VERSION;
  /** The site's registered id. */
  site: string;
  theme: 'auto' | 'light' | 'dark';
  /** Most percent of the processor, 5 to 50. */
  maxCpu: number;
  gpu: boolean;
}

/** Host page → frame. It can hold the node back; nothing here can start it. */
export type ToFrame = { type: 'pause' } | { type: 'stop' } | { type: 'on-screen'; onScreen: boolean };

/** Frame → host page: facts only, nothing about the person's device. */
export type ToHost =
  /** Wanted height of the frame, in pixels. */
  | { type: 'height'; height: number }
  | { type: 'consent'; granted: boolean; expiresAt: number }
  | { type: 'state'; state: string; reason: string | null }
  | { type: 'progress'; workUnits: number; credits: number }
  | { type: 'unsupported'; missing: string }
  | { type: 'error'; code: string }
  /** The person said no or stopped: the frame may go. */
  | { type: 'done' };

export const MIN_HEIGHT = 96;
export const MAX_HEIGHT = 480;

type Loose = Record<string, unknown>;
const asObject = (value: unknown): Loose | undefined =>
  typeof value === 'object' && value !== null ? (value as Loose) : undefined;
const isText = (value: unknown, max = 64): value is string => typeof value === 'string' && value.length <= max;
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** Undefined for anything that is not a host's message. */
export function readToFrame(data: unknown): ToFrame | undefined {
  const message = asObject(data);
  if (message?.['type'] === 'pause' || message?.['type'] === 'stop') return { type: message['type'] };
  const onScreen = message?.['onScreen'];
  return message?.['type'] === 'on-screen' && typeof onScreen === 'boolean'
    ? { type: 'on-screen', onScreen }
    : undefined;
}

/** Undefined for anything that is not a greeting of this version. */
export function readGreeting(data: unknown): Greeting | undefined {
  const message = asObject(data);
  if (message?.['type'] !== GREETING || message['v'] !== BRIDGE_VERSION) return undefined;
  const { site, theme, maxCpu, gpu } = message;
  if (!isText(site) || site === '' || !isNumber(maxCpu)) return undefined;
  return {
    type: GREETING,
    v: BRIDGE_VERSION,
    site,
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
    maxCpu: Math.min(50, Math.max(5, maxCpu)),
    gpu: gpu === true,
  };
}

/** Undefined for anything that is not a frame's message. */
export function readToHost(data: unknown): ToHost | undefined {
  const m = asObject(data);
  switch (m?.['type']) {
    case 'height': {
      const { height } = m;
      return isNumber(height)
        ? { type: 'height', height: Math.min(MAX_HEIGHT, Math.max(MIN_HEIGHT, height)) }
        : undefined;
    }
    case 'consent': {
      const { granted, expiresAt } = m;
      return isNumber(expiresAt) ? { type: 'consent', granted: granted === true, expiresAt } : undefined;
    }
    case 'state': {
      const { state, reason } = m;
      return isText(state) ? { type: 'state', state, reason: isText(reason) ? reason : null } : undefined;
    }
    case 'progress': {
      const { workUnits, credits } = m;
      return isNumber(workUnits) && isNumber(credits) ? { type: 'progress', workUnits, credits } : undefined;
    }
    case 'unsupported': {
      const { missing } = m;
      return isText(missing, 200) ? { type: 'unsupported', missing } : undefined;
    }
    case 'error': {
      const { code } = m;
      return isText(code) ? { type: 'error', code } : undefined;
    }
    case 'done':
      return { type: 'done' };
    default:
      return undefined;
  }
}
