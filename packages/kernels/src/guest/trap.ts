import { ReckonError } from '@reckon/protocol/base/errors';

/** Why WebAssembly stopped a program. Engines say it in words of their own: V8, SpiderMonkey and JavaScriptCore here. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/call stack|too much recursion/i, 'too deep recursion'],
  [/unreachable/i, 'unreachable'],
  [/divi(?:de|sion) by zero|remainder by zero/i, 'division by zero'],
  [/unrepresentable|invalid conversion|integer overflow|out of bounds trunc/i, 'number out of range'],
  // SpiderMonkey says no more than this of memory, of tables and of calls beyond their end.
  [/out[ -]of[ -]bounds|out of range/i, 'out of bounds'],
  [/null|signature/i, 'call of no such function'],
];

/** The error for what a running module threw. Errors of ours, thrown by the host's functions, stay what they are. */
export function trapError(kernel: string, thrown: unknown): ReckonError {
  if (thrown instanceof ReckonError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const trap = KINDS.find(([pattern]) => pattern.test(text))?.[1] ?? 'trap';
  return new ReckonError('GUEST_TRAPPED', { kernel, trap, cause: text.slice(0, 200) });
}
