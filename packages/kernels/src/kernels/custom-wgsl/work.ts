import { bulkOf } from './bulk.ts';
import type { WgslFunction } from './declarations.ts';
import { refuseShader, type WgslToken } from './wgsl-text.ts';

/**
 * What words and signs are worth where not 1: about as many of a GPU's instructions as they come to, as measured on a software
 * one, so that neither compiling nor running is had for less than it costs.
 */
const WORK: ReadonlyMap<string, number> = new Map([
  // A place in memory, and the check that it is within.
  ['[', 4],
  ...'acos acosh asin asinh atan atan2 atanh cos cosh determinant exp exp2 log log2 pow refract sin sinh tan tanh'
    .split(' ')
    .map((name): [string, number] => [name, 8]),
  ...'Add Sub Max Min And Or Xor Load Store Exchange CompareExchangeWeak'
    .split(' ')
    .map((name): [string, number] => [`atomic${name}`, 8]),
]);
/** Of a turn of any loop, the host's count of it included. */
export const TURN_WORK = 8;
const MATRIX = /^mat([234])x([234])[fh]?$/;

/**
 * A shader's most work without turns of loops: its tokens, with those of each function that is called written out at the
 * call, as compilers do. Beyond that, a shader takes many seconds to compile, and memory with it.
 */
const MAX_WRITTEN_OUT = 16_384;
const MAX_FUNCTIONS = 1000;

/** The work of the tokens from the first to before the second, called functions included. */
export type WorkBetween = (from: number, to: number) => number;

/**
 * Weighs a shader.
 * @throws {ReckonError} SHADER_INVALID for functions that are too many, too large with what they call, or call themselves.
 */
export function weighShader(tokens: readonly WgslToken[], functions: readonly WgslFunction[]): WorkBetween {
  const last = functions[MAX_FUNCTIONS];
  if (last !== undefined) refuseShader(last, `it has more than ${MAX_FUNCTIONS} functions`);
  const byName = new Map(functions.map((known) => [known.name, known]));
  const product = productWork(tokens);
  const wordsAt = bulkOf(tokens);
  /** Work of all tokens before each one of a function that is weighed. */
  const before = new Float64Array(tokens.length + 1);
  const weighed = new Map<WgslFunction, number>();
  const workOf = (known: WgslFunction): number => {
    const [open, close] = known.body;
    const done = weighed.get(known);
    if (done === UNDER_WAY) return refuseShader(known, `"${known.name}" calls itself, by way of others perhaps`);
    if (done !== undefined) return done;
    weighed.set(known, UNDER_WAY);
    let work = 0;
    for (let at = open; at < close; at++) {
      const { text } = tokens[at] as WgslToken;
      const called = tokens[at + 1]?.text === '(' ? byName.get(text) : undefined;
      before[at] = work;
      work += wordsAt(at) + (called === undefined ? tokenWork(text, product) - 1 : workOf(called));
      if (work > MAX_WRITTEN_OUT) refuseTooMuch(known);
    }
    before[close] = work;
    weighed.set(known, work);
    return work;
  };
  for (const known of functions) workOf(known);
  return (from, to) => (before[to] as number) - (before[from] as number);
}

const UNDER_WAY = -1;

const tokenWork = (text: string, product: number): number => (text === '*' ? product : (WORK.get(text) ?? 1));

/** Where a shader has matrices, any product may be of two of them. */
function productWork(tokens: readonly WgslToken[]): number {
  let most = 1;
  for (const { text } of tokens) {
    const [, columns, rows] = MATRIX.exec(text) ?? [];
    if (columns !== undefined) most = Math.max(most, Number(columns) ** 2 * Number(rows));
  }
  return most;
}

const refuseTooMuch = (known: WgslFunction): never =>
  refuseShader(
    known,
    `"${known.name}" is more than ${MAX_WRITTEN_OUT} words and signs with the functions that it calls written out; make it smaller, or use loops`,
  );
