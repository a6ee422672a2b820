import type { ErrorCode } from '@reckon/protocol/base/error-codes';
import { isErrorCode, toReckonError, toWire } from '@reckon/protocol/base/errors';
import { toJson } from '@reckon/protocol/base/json';
import type { Problem } from '@reckon/protocol/wire/http';

const STATUS: Partial<Record<ErrorCode, number>> = {
  UNEXPECTED: 500,
  JOB_UNKNOWN: 404,
  NODE_UNKNOWN: 404,
  BLOB_MISSING: 404,
  NOT_FOUND: 404,
  HOST_UNKNOWN: 421,
  DISK_FULL: 507,
  JOB_STATE: 409,
  CONTROL_REPEATED: 409,
  JOB_EXPIRED: 409,
  BLOB_RANGE: 416,
  MESSAGE_TOO_LARGE: 413,
  JOB_FILE_TOO_LARGE: 413,
  BLOB_TOO_LARGE: 413,
  BLOB_CORRUPT: 422,
  SIGNATURE_INVALID: 403,
  RATE_LIMITED: 429,
  FAUCET_EXHAUSTED: 429,
  CHAIN_UNREACHABLE: 503,
  CHAIN_REVERTED: 502,
};

/** Any error as `application/problem+json`. What was not expected tells its cause to the log only. */
export function problemOf(thrown: unknown): Response {
  const error = toReckonError(thrown);
  const { code, details } = toWire(error);
  const hidden = code === 'UNEXPECTED';
  const status = (isErrorCode(code) ? STATUS[code] : undefined) ?? 400;
  const problem: Problem = {
    type: `urn:reckon:error:${code.toLowerCase().replaceAll('_', '-')}`,
    title: hidden ? 'Something failed that should not. The log of the relay says more.' : error.message,
    status,
    code,
    details: hidden ? { cause: 'see the log of the relay' } : details,
  };
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
  const retryAfterMs = details['retryAfterMs'];
  if (typeof retryAfterMs === 'number') headers['retry-after'] = String(Math.ceil(retryAfterMs / 1000));
  return new Response(toJson(problem), { status, headers });
}

/** A JSON answer with bigints as decimal strings. */
export const json = (value: unknown, status = 200): Response =>
  new Response(toJson(value), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
