/**
 * Takes from a worker's global scope whatever a computation does not need: the second wall around guests, behind the
 * content policy they are served with (`worker-policy.ts`), and the only one around storage, which no policy covers. What
 * is kept is listed, so that what browsers add later is gone as well.
 */

const words = (text: string): string[] => text.trim().split(/\s+/);

const LANGUAGE = words(`
  Object Function Array Number Boolean String Symbol BigInt Date Promise RegExp JSON Math Intl Temporal Proxy Reflect Iterator
  Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError
  ArrayBuffer DataView Atomics Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array
  BigInt64Array BigUint64Array Float16Array Float32Array Float64Array Map Set WeakMap WeakSet WeakRef FinalizationRegistry
  DisposableStack AsyncDisposableStack WebAssembly globalThis undefined NaN Infinity isNaN isFinite parseInt parseFloat
  decodeURI decodeURIComponent encodeURI encodeURIComponent`);

const PLATFORM = words(`
  console crypto Crypto CryptoKey SubtleCrypto performance Performance TextEncoder TextDecoder URL URLSearchParams atob btoa
  setTimeout clearTimeout setInterval clearInterval queueMicrotask structuredClone reportError
  DOMException Event EventTarget MessageEvent ErrorEvent PromiseRejectionEvent AbortController AbortSignal
  MessageChannel MessagePort postMessage onmessage onmessageerror onerror onunhandledrejection onrejectionhandled
  self name location WorkerLocation isSecureContext crossOriginIsolated WorkerGlobalScope navigator WorkerNavigator constructor`);

const NAVIGATOR = words('gpu userAgent userAgentData hardwareConcurrency platform constructor');

const kept = new Set([...LANGUAGE, ...PLATFORM]);
const isKept = (name: string): boolean => kept.has(name) || name.startsWith('GPU');
const keptOfNavigator = new Set(NAVIGATOR);

/** Deletes from an object and what it inherits from, up to `EventTarget` and `Object`, the names that are not kept. */
function strip(from: object, keep: (name: string) => boolean): string[] {
  const left: string[] = [];
  const ends = new Set<unknown>([globalThis.EventTarget?.prototype, Object.prototype, null]);
  for (let level: object = from; !ends.has(level); level = Object.getPrototypeOf(level) as object) {
    for (const name of Object.getOwnPropertyNames(level)) {
      if (keep(name) || Reflect.deleteProperty(level, name)) continue;
      // What cannot be deleted may be a constant, which leads nowhere.
      const value: unknown = Reflect.get(level, name, from);
      if (typeof value === 'object' || typeof value === 'function') left.push(name);
    }
  }
  return left;
}

/** @returns the names that the platform would not let go; a guest must not run where there are any. */
export function lockDown(scope: object = globalThis): string[] {
  // Read before anything goes: both hang on the scope.
  const { navigator, URL: url } = scope as { navigator?: object; URL?: object };
  const left = strip(scope, isKept);
  if (navigator !== undefined) left.push(...strip(navigator, (name) => keptOfNavigator.has(name)));
  if (url !== undefined) for (const name of ['createObjectURL', 'revokeObjectURL']) Reflect.deleteProperty(url, name);
  return left;
}
