import * as v from 'valibot';
import { type ErrorCode, type ErrorDetails, errorMessages } from './error-codes.ts';

/** The one error class. Its code and details survive workers, frames, HTTP and channels; the text is rebuilt from them. */
export class ReckonError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'ReckonError';
  readonly code: C;
  readonly details: ErrorDetails[C];

  constructor(code: C, details: ErrorDetails[C], options?: { cause?: unknown }) {
    super(errorMessages[code](details), options);
    this.code = code;
    this.details = details;
  }
}

const detail = v.union([v.pipe(v.string(), v.maxLength(2000)), v.number(), v.boolean()]);

export const WireError = v.strictObject({
  code: v.pipe(v.string(), v.maxLength(64)),
  details: v.pipe(
    v.record(v.pipe(v.string(), v.maxLength(64)), detail),
    v.check((details) => Object.keys(details).length <= 12, 'at most 12 details'),
  ),
});
export type WireError = v.InferOutput<typeof WireError>;

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorMessages, code);

export function toWire(error: unknown): WireError {
  if (error instanceof ReckonError) {
    const entries = Object.entries(error.details).map(([key, value]) => [
      key,
      typeof value === 'string' ? value.slice(0, 2000) : value,
    ]);
    return { code: error.code, details: Object.fromEntries(entries) as WireError['details'] };
  }
  const cause = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: 'UNEXPECTED', details: { cause: cause.slice(0, 500) } };
}

/** An unknown code, from a newer version, becomes `UNEXPECTED` with that code as its cause. */
export function fromWire(wire: WireError): ReckonError {
  if (!isErrorCode(wire.code)) return new ReckonError('UNEXPECTED', { cause: wire.code });
  // The details were written by the same table on the other side; a wrong one can only spoil the text.
  return new ReckonError(wire.code, wire.details as never);
}

/** Any thrown value as a ReckonError; used at the four outer catches only. */
export function toReckonError(error: unknown): ReckonError {
  return error instanceof ReckonError ? error : fromWire(toWire(error));
}
