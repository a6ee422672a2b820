import type { WgslFunction } from './declarations.ts';
import { countRound, countTurn, ROUNDS } from './span.ts';
import { refuseShader, type WgslPlace, type WgslToken } from './wgsl-text.ts';
import { TURN_WORK, type WorkBetween, weighShader } from './work.ts';

/** A shader whose loops are counted, and where in its author's text a place in it is. */
export interface BoundedShader {
  code: string;
  place(inCode: WgslPlace): WgslPlace;
}

/** What is written into a text, behind a token of one sign. */
interface Insertion {
  after: WgslToken;
  words: string;
}

const MAX_LOOPS = 500;
/** Longest result type of a function with loops, in characters. */
const MAX_TYPE = 256;
const LOOPS = new Set(['for', 'while', 'loop']);
/** All threads of a workgroup must come by together, so what leads there may not differ between them. */
const BARRIERS = new Set(['workgroupBarrier', 'storageBarrier', 'textureBarrier', 'workgroupUniformLoad']);

/**
 * Writes a count of work into every loop, so that no thread runs for ever: a GPU that does not come back cannot be stopped
 * from a page, and takes the volunteer's screen with it. Lines stay what they were. A few words are written for each loop, and
 * one result's type for each function with loops, so the text at most doubles, and 64 KiB.
 * @param budget most work of all of one thread's loops, as `workBudget` gives it
 * @throws {ReckonError} SHADER_INVALID for barriers outside the entry point, names of the host's, too many loops, and
 * functions that are too many, too large or call themselves.
 */
export function boundLoops(
  text: string,
  tokens: readonly WgslToken[],
  functions: readonly WgslFunction[],
  entryPoint: string,
  budget: number,
): BoundedShader {
  const reserved = tokens.find((token) => token.text.startsWith('reckon_'));
  if (reserved !== undefined) refuseShader(reserved, 'names that begin with "reckon_" are the host’s');
  const shader: Shader = { tokens, workBetween: weighShader(tokens, functions), budget, ...lookAhead(tokens) };
  const written: Insertion[] = [];
  let loops = 0;
  for (const known of functions) {
    const [open, close] = known.body;
    if (hasBarrier(shader, open, close)) {
      if (known.name !== entryPoint) refuseBarrier(tokens, open, entryPoint);
      written.push({ after: tokens[open] as WgslToken, words: ROUNDS });
    }
    const before = loops;
    for (let at = open; at < close; at++) {
      if (!LOOPS.has((tokens[at] as WgslToken).text)) continue;
      if (++loops > MAX_LOOPS) refuseShader(tokens[at] as WgslToken, `it has more than ${MAX_LOOPS} loops`);
      written.push(countLoop(shader, at, close));
    }
    if (loops > before) written.push(...endWithResult(tokens, known));
  }
  written.sort((a, b) => a.after.offset - b.after.offset);
  return { code: insert(text, written), place: (inCode) => placeBefore(inCode, written) };
}

interface Shader extends ReturnType<typeof lookAhead> {
  tokens: readonly WgslToken[];
  workBetween: WorkBetween;
  budget: number;
}

const hasBarrier = ({ barriers }: Shader, from: number, to: number): boolean => barriers[to] !== barriers[from];

function refuseBarrier(tokens: readonly WgslToken[], from: number, entryPoint: string): never {
  const barrier = tokens.findIndex(({ text }, at) => at > from && BARRIERS.has(text));
  const place = tokens[barrier] as WgslToken;
  return refuseShader(place, `barriers may stand in "${entryPoint}" alone, not in functions it calls`);
}

/** A turn is worth the loop's words, its head and all that it calls included; loops in it count for themselves as well. */
function countLoop(shader: Shader, at: number, close: number): Insertion {
  const { tokens, opening, closing, workBetween, budget } = shader;
  const block = opening[at] as number;
  const end = closing[block] ?? close;
  if (end >= close) refuseShader(tokens[at] as WgslToken, 'the braces of a loop do not close');
  const work = TURN_WORK + workBetween(at, end);
  const words = hasBarrier(shader, block, end) ? countRound(work, budget) : countTurn(work);
  return { after: tokens[block] as WgslToken, words };
}

/**
 * A loop that only a `return` leaves is left by a `break` of the host's, behind which a function with a result would have
 * none. It gives zeros then, which nobody is shown.
 */
function endWithResult(tokens: readonly WgslToken[], { head, body: [open, close] }: WgslFunction): Insertion[] {
  const type = resultType(tokens, head, open);
  if (type === '') return [];
  let last = close - 1;
  if (tokens[last]?.text !== ';') last = close;
  let begin = last - 1;
  while (begin > open && !';{}'.includes((tokens[begin] as WgslToken).text)) begin--;
  // Not every compiler takes words behind a `return`.
  if (last < close && tokens[begin + 1]?.text === 'return') return [];
  return [{ after: tokens[close - 1] as WgslToken, words: ` return ${type}();` }];
}

/** What stands between a function's arrow and its brace, less attributes; empty when it gives nothing. */
function resultType(tokens: readonly WgslToken[], head: number, open: number): string {
  let arrow = head + 3;
  for (let depth = 1; arrow < open && depth > 0; arrow++) {
    const { text } = tokens[arrow] as WgslToken;
    if (text === '(') depth++;
    if (text === ')') depth--;
  }
  if (tokens[arrow]?.text !== '-' || tokens[arrow + 1]?.text !== '>') return '';
  let type = '';
  for (let at = arrow + 2; at < open; at++) {
    type += `${at > arrow + 2 ? ' ' : ''}${(tokens[at] as WgslToken).text}`;
    if (type.length > MAX_TYPE) {
      refuseShader(
        tokens[head] as WgslToken,
        `its result type is longer than ${MAX_TYPE} characters; name it by alias`,
      );
    }
  }
  return type;
}

function insert(text: string, written: readonly Insertion[]): string {
  let code = '';
  let from = 0;
  for (const { after, words } of written) {
    const to = after.offset + after.text.length;
    code += text.slice(from, to) + words;
    from = to;
  }
  return code + text.slice(from);
}

function placeBefore({ line, column }: WgslPlace, written: readonly Insertion[]): WgslPlace {
  let own = column;
  for (const { after, words } of written) {
    if (after.line === line && own > after.column) own = Math.max(after.column, own - words.length);
  }
  return { line, column: own };
}

/** For each token, how many barriers are before it and where the next `{` is; for each `{`, where its `}` is, or the end. */
function lookAhead(tokens: readonly WgslToken[]) {
  const barriers = new Uint32Array(tokens.length + 1);
  const closing = new Uint32Array(tokens.length).fill(tokens.length);
  const open: number[] = [];
  for (const [at, { text }] of tokens.entries()) {
    barriers[at + 1] = (barriers[at] as number) + (BARRIERS.has(text) ? 1 : 0);
    if (text === '{') open.push(at);
    if (text === '}') closing[open.pop() ?? at] = at;
  }
  const opening = new Uint32Array(tokens.length);
  for (let at = tokens.length - 1, next = tokens.length; at >= 0; at--) {
    if (tokens[at]?.text === '{') next = at;
    opening[at] = next;
  }
  return { barriers, opening, closing };
}
