import * as v from 'valibot';
import { NOTHING } from './error-codes.ts';
import { ReckonError } from './errors.ts';

/** Where and why a value failed its schema, in the three words every refusal needs. */
export interface ParseFailure {
  path: string;
  expected: string;
  received: string;
}

export type Parsed<T> = { ok: true; value: T } | { ok: false; failure: ParseFailure };

/** What some checks expect, in words. Valibot says nothing of these, or repeats what was received. */
const EXPECTED: Readonly<Record<string, (requirement: string) => string>> = {
  integer: () => 'a whole number',
  finite: () => 'a finite number',
  min_value: (bound) => `at least ${bound}`,
  max_value: (bound) => `at most ${bound}`,
  min_length: (count) => `at least ${count}`,
  max_length: (count) => `at most ${count}`,
  length: (count) => `exactly ${count}`,
};
const LENGTHS = new Set(['min_length', 'max_length', 'length']);

type Issue = v.BaseIssue<unknown>;

/** A schema's own words come first; those that Valibot makes begin like this. */
const saidBySchema = ({ message }: Issue): string | undefined => (message.startsWith('Invalid ') ? undefined : message);

function expectedOf(issue: Issue): string {
  const requirement = String(issue.requirement);
  const words = EXPECTED[issue.type]?.(requirement);
  const [one, many] = typeof issue.input === 'string' ? ['character', 'characters'] : ['entry', 'entries'];
  const of = LENGTHS.has(issue.type) ? ` ${requirement === '1' ? one : many}` : '';
  return saidBySchema(issue) ?? (words === undefined ? inWords(issue.expected ?? issue.message) : `${words}${of}`);
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  Array: 'a list',
  Object: 'an object',
};

/** Valibot's `(string | number)` as a person would say it: text or a number. */
function inWords(types: string): string {
  const words = types
    .replace(/^\((.*)\)$/, '$1')
    .split(' | ')
    .map((type) => TYPES[type] ?? type);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** A missing or an unknown field of an object, which Valibot says as the name it expected or did not. */
function ofKey(issue: Issue): Pick<ParseFailure, 'expected' | 'received'> | undefined {
  const place = issue.path?.at(-1);
  if (issue.kind !== 'schema' || place?.type !== 'object' || place.origin !== 'key') return undefined;
  if (issue.expected === 'never') return { expected: 'no field of this name', received: 'one' };
  const like = Object.keys(place.input).find((name) => alike(name, String(place.key)));
  return { expected: 'a value', received: like === undefined ? NOTHING : `${NOTHING}; there is "${like}"` };
}

/** Are two different names the same but for case, marks between words, and one letter? */
function alike(a: string, b: string): boolean {
  const [x, y] = [a, b].map((name) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')) as [string, string];
  if (a === b || Math.min(x.length, y.length) < 4 || Math.abs(x.length - y.length) > 1) return false;
  let [from, rest] = [0, 0];
  while (from < x.length && x[from] === y[from]) from++;
  const most = Math.min(x.length, y.length) - from;
  while (rest < most && x.at(-1 - rest) === y.at(-1 - rest)) rest++;
  return Math.max(x.length, y.length) - from - rest <= 1;
}

/** Parses outside input once, at the edge. The first issue is reported; a union reports its deepest. */
export function tryParse<S extends v.GenericSchema>(schema: S, input: unknown): Parsed<v.InferOutput<S>> {
  const result = v.safeParse(schema, input, { abortEarly: true });
  if (result.success) return { ok: true, value: result.output };
  const issue = result.issues[0];
  const key = ofKey(issue);
  return {
    ok: false,
    failure: {
      path: v.getDotPath(issue) ?? '(whole)',
      expected: (key?.expected ?? expectedOf(issue)).slice(0, 200),
      received: (key?.received ?? TYPES[issue.received] ?? issue.received).slice(0, 200),
    },
  };
}

/** @throws {ReckonError} MESSAGE_INVALID naming the field, what was expected and what was got. */
export function parse<S extends v.GenericSchema>(schema: S, input: unknown): v.InferOutput<S> {
  const result = tryParse(schema, input);
  if (!result.ok) throw new ReckonError('MESSAGE_INVALID', { ...result.failure });
  return result.value;
}
