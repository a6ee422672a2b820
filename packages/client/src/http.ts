import { fromWire, ReckonError } from '@reckon/protocol/base/errors';
import { parse, tryParse } from '@reckon/protocol/base/parse';
import { Problem } from '@reckon/protocol/wire/http';
import type * as v from 'valibot';

/** The part of `fetch` that is used; tests give their own. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** One relay, as the calls below need it. `baseUrl` without a slash at its end. */
export interface HttpContext {
  readonly baseUrl: string;
  readonly fetch: Fetch;
}

export const isAbort = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');

/** Words for a failed `fetch`: the system's own code where there is one, such as ECONNREFUSED. */
export function causeOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(inner instanceof Error)) return String(inner);
  const code = 'code' in inner && typeof inner.code === 'string' ? inner.code : undefined;
  return inner.message || code || inner.name;
}

/** @throws {ReckonError} RELAY_UNREACHABLE when no answer comes. An abort rejects with the signal's own reason. */
export async function send(context: HttpContext, path: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await context.fetch(`${context.baseUrl}${path}`, init);
  } catch (error) {
    if (isAbort(error) || init.signal?.aborted) throw error;
    throw new ReckonError('RELAY_UNREACHABLE', { url: context.baseUrl, cause: causeOf(error) }, { cause: error });
  }
}

/** The refusal an answer carries: the relay's own code, or RELAY_UNREACHABLE when something else answered. */
export async function refusalOf(context: HttpContext, response: Response): Promise<ReckonError> {
  const body = await response.json().catch(() => undefined);
  const problem = tryParse(Problem, body);
  if (problem.ok) return fromWire({ code: problem.value.code, details: problem.value.details });
  return new ReckonError('RELAY_UNREACHABLE', { url: context.baseUrl, cause: `it answered HTTP ${response.status}` });
}

/** Parses an answer by its schema. @throws {ReckonError} the relay's refusal, or MESSAGE_INVALID. */
export async function receive<S extends v.GenericSchema>(
  context: HttpContext,
  schema: S,
  response: Response,
): Promise<v.InferOutput<S>> {
  if (!response.ok) throw await refusalOf(context, response);
  const body: unknown = await response.json().catch(() => undefined);
  return parse(schema, body);
}

/** A short text. @throws {ReckonError} RELAY_UNREACHABLE, or the refusal that was answered. */
export async function receiveText(context: HttpContext, path: string, init: RequestInit = {}): Promise<string> {
  const response = await send(context, path, init);
  if (!response.ok) throw await refusalOf(context, response);
  return response.text();
}
