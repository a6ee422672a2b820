import * as v from 'valibot';
import { ReckonError } from './errors.ts';

/** Where and why a value failed its schema, in the three words every refusal needs. */
export interface ParseFailure {
  path: string;
  expected: string;
  received: string;
}

export type Parsed<T> = { ok: true; value: T } | { ok: false; failure: ParseFailure };

/** Valibot leaves `expected` empty for these checks; their messages repeat what was received. */
const EXPECTED: Record<string, string> = { integer: 'a whole number', finite: 'a finite number' };

/** Parses outside input once, at the edge. The first issue is reported; a union reports its deepest. */
export function tryParse<S extends v.GenericSchema>(schema: S, input: unknown): Parsed<v.InferOutput<S>> {
  const result = v.safeParse(schema, input, { abortEarly: true });
  if (result.success) return { ok: true, value: result.output };
  const issue = result.issues[0];
  return {
    ok: false,
    failure: {
      path: v.getDotPath(issue) ?? '(whole)',
      expected: (issue.expected ?? EXPECTED[issue.type] ?? issue.message).slice(0, 200),
      received: issue.received.slice(0, 200),
    },
  };
}

/** @throws {ReckonError} MESSAGE_INVALID naming the field, what was expected and what was got. */
export function parse<S extends v.GenericSchema>(schema: S, input: unknown): v.InferOutput<S> {
  const result = tryParse(schema, input);
  if (!result.ok) throw new ReckonError('MESSAGE_INVALID', { ...result.failure });
  return result.value;
}
