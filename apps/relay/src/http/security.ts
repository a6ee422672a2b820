import { ReckonError } from '@reckon/protocol/base/errors';
import type { Context, MiddlewareHandler } from 'hono';
import type { Site } from '../config.ts';
import { createBucket } from '../session/rate-limit.ts';
import type { Clock } from '@reckon/protocol/base/ports';

/** The host a request was sent to, if it is one that can stand in a header. */
const hostOf = (context: Context): string | undefined => {
  const host = context.req.header('host') ?? '';
  return /^[a-zA-Z0-9.:[\]-]{1,200}$/.test(host) ? host : undefined;
};

/** Own files only, WebAssembly, and connections to this origin; `ancestors` says who may frame the page. */
function contentPolicy(context: Context, ancestors: string): string {
  const host = hostOf(context);
  const sockets = host === undefined ? '' : ` ws://${host} wss://${host}`;
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    `connect-src 'self'${sockets}`,
    "img-src 'self' data: blob:",
    "style-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${ancestors}`,
  ].join('; ');
}

const COMMON = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
};

function setMissing(context: Context, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) if (!context.res.headers.has(name)) context.header(name, value);
}

/** Headers of the dashboard and the API: nobody frames it, nobody else reads it. */
export const secureApp: MiddlewareHandler = async (context, next) => {
  await next();
  setMissing(context, {
    ...COMMON,
    'content-security-policy': contentPolicy(context, "'none'"),
    'cross-origin-opener-policy': 'same-origin-allow-popups',
    'cross-origin-resource-policy': 'same-origin',
  });
};

/** Headers of the widget's origin: its frame may stand on registered sites' pages, and its loader be fetched by them. */
export const secureEmbed =
  (sites: readonly Site[]): MiddlewareHandler =>
  async (context, next) => {
    await next();
    const named = context.req.query('site');
    const allowed = named === undefined ? sites : sites.filter((site) => site.id === named);
    const origins = [...new Set(allowed.flatMap((site) => site.origins))];
    setMissing(context, {
      ...COMMON,
      'content-security-policy': contentPolicy(context, origins.length > 0 ? origins.join(' ') : "'none'"),
      'cross-origin-resource-policy': 'same-origin',
    });
  };

const MAX_REMEMBERED = 10_000;

/** Refuses an address that asks too often. */
export function limitRate(clock: Clock, perMinute: number, addressOf: (context: Context) => string): MiddlewareHandler {
  const buckets = new Map<string, { take(): boolean }>();
  return async (context, next) => {
    const address = addressOf(context);
    if (buckets.size > MAX_REMEMBERED) buckets.clear();
    const bucket = buckets.get(address) ?? createBucket(clock, perMinute / 60, perMinute);
    buckets.set(address, bucket);
    if (!bucket.take()) throw new ReckonError('RATE_LIMITED', { retryAfterMs: 1000 });
    await next();
  };
}
