import type { WgslFunction } from './declarations.ts';
import { COUNTS } from './span.ts';
import { refuseShader, type WgslPlace, type WgslToken } from './wgsl-text.ts';

/** A shader whose loops are counted, and where in its author's text a place in it is. */
export interface BoundedShader {
  code: string;
  place(inCode: WgslPlace): WgslPlace;
}

/** Calls that a thread makes at most where there are no loops: compilers write each of them out. */
const MAX_CALLS = 10_000;
const MAX_FUNCTIONS = 1000;
const LOOPS = new Set(['for', 'while', 'loop']);
/** All threads of a workgroup must come by together, so what leads there may not differ between them. */
const BARRIERS = new Set(['workgroupBarrier', 'storageBarrier', 'textureBarrier', 'workgroupUniformLoad']);

/**
 * Writes a count into every loop, so that no thread runs for ever: a GPU that does not come back cannot be stopped from a
 * page, and takes the volunteer's screen with it. Lines stay what they were.
 * @throws {ReckonError} SHADER_INVALID for barriers outside the entry point, names of the host's, and too many calls.
 */
export function boundLoops(
  text: string,
  tokens: readonly WgslToken[],
  functions: readonly WgslFunction[],
  entryPoint: string,
): BoundedShader {
  const reserved = tokens.find((token) => token.text.startsWith('reckon_'));
  if (reserved !== undefined) refuseShader(reserved, 'names that begin with "reckon_" are the host’s');
  const last = functions[MAX_FUNCTIONS];
  if (last !== undefined) refuseShader(last, `it has more than ${MAX_FUNCTIONS} functions`);
  checkCalls(tokens, functions, entryPoint);
  const written: { after: WgslToken; words: string }[] = [];
  const { barriers, opening, closing } = lookAhead(tokens);
  const hasBarrier = (from: number, to: number): boolean => barriers[to] !== barriers[from];
  for (const { name, body } of functions) {
    const [open, close] = body;
    const synced = hasBarrier(open, close);
    if (synced && name !== entryPoint) {
      const barrier = tokens.findIndex(({ text }, at) => at > open && BARRIERS.has(text));
      refuseShader(
        tokens[barrier] as WgslToken,
        `barriers may stand in "${entryPoint}" alone, not in functions it calls`,
      );
    }
    if (synced) written.push({ after: tokens[open] as WgslToken, words: COUNTS.rounds });
    const type = resultType(tokens, open);
    for (let at = open; at < close; at++) {
      const loop = tokens[at] as WgslToken;
      if (!LOOPS.has(loop.text)) continue;
      const block = opening[at] as number;
      const end = closing[block] ?? close;
      if (end >= close) refuseShader(loop, 'the braces of a loop do not close');
      const counts = hasBarrier(block, end) ? COUNTS.round : COUNTS.turns;
      written.push({
        after: tokens[block] as WgslToken,
        words: type === undefined ? counts.open : COUNTS.result(type),
      });
      if (type === undefined) written.push({ after: tokens[end] as WgslToken, words: counts.close });
    }
  }
  written.sort((a, b) => a.after.offset - b.after.offset);
  let code = '';
  let from = 0;
  for (const { after, words } of written) {
    code += text.slice(from, after.offset + 1) + words;
    from = after.offset + 1;
  }
  return {
    code: code + text.slice(from),
    place({ line, column }) {
      let own = column;
      for (const { after, words } of written) {
        if (after.line === line && own > after.column) own = Math.max(after.column, own - words.length);
      }
      return { line, column: own };
    },
  };
}

/** The type of what a function gives, before whose brace it stands; undefined when it gives nothing. */
function resultType(tokens: readonly WgslToken[], open: number): string | undefined {
  let arrow = open;
  while (arrow > 0 && !')}'.includes((tokens[arrow] as WgslToken).text)) {
    arrow--;
    if (tokens[arrow]?.text === '-' && tokens[arrow + 1]?.text === '>') {
      const type = tokens.slice(arrow + 2, open).map(({ text }) => text);
      return type.join(' ');
    }
  }
  return undefined;
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

/** Functions that call each other twice, each the next, would be written out two to the power of their number times. */
function checkCalls(tokens: readonly WgslToken[], functions: readonly WgslFunction[], entryPoint: string): void {
  const byName = new Map(functions.map((known) => [known.name, known]));
  const known = new Map<string, number>();
  const callsOf = ({ name, body }: WgslFunction): number => {
    const counted = known.get(name);
    if (counted !== undefined) return counted;
    // Whatever calls itself is refused by the compiler.
    known.set(name, 0);
    let calls = 0;
    for (let at = body[0]; at < body[1] && calls <= MAX_CALLS; at++) {
      const called = tokens[at + 1]?.text === '(' ? byName.get((tokens[at] as WgslToken).text) : undefined;
      if (called !== undefined) calls += 1 + callsOf(called);
    }
    known.set(name, calls);
    return calls;
  };
  const main = byName.get(entryPoint);
  if (main === undefined || callsOf(main) <= MAX_CALLS) return;
  refuseShader(main, `"${entryPoint}" makes more than ${MAX_CALLS} calls, with those of the functions it calls`);
}
