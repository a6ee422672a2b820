import { fromUtf8 } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';

/** Longest shader, in bytes of UTF-8. */
export const MAX_SHADER_BYTES = 128 * 1024;

/** Most words, numbers and signs of a shader: twice what its entry point may come to (`work.ts`). */
const MAX_TOKENS = 32_768;
const MAX_CAUSE = 300;

/** A place in a shader, counted from 1. */
export interface WgslPlace {
  line: number;
  column: number;
}
/** A word, number or sign of a shader, outside comments. */
export interface WgslToken extends WgslPlace {
  text: string;
  /** Where it begins in the text, in UTF-16 units. */
  offset: number;
}

/** For a fault that has no place. */
export const NOWHERE: WgslPlace = { line: 0, column: 0 };

/** @throws {ReckonError} SHADER_INVALID */
export const refuseShader = ({ line, column }: WgslPlace, cause: string): never => {
  // A name in it may be as long as the shader.
  throw new ReckonError('SHADER_INVALID', { shader: 'shader', line, column, cause: cause.slice(0, MAX_CAUSE) });
};

/** @throws {ReckonError} SHADER_INVALID for text that is too long, not UTF-8, or has U+0000 in it. */
export function readShaderText(bytes: Uint8Array): string {
  if (bytes.length > MAX_SHADER_BYTES) {
    return refuseShader(NOWHERE, `it has ${bytes.length} bytes, at most ${MAX_SHADER_BYTES} are read`);
  }
  let text: string;
  try {
    text = fromUtf8(bytes);
  } catch {
    return refuseShader(NOWHERE, 'it is not UTF-8 text');
  }
  return text.includes('\0') ? refuseShader(NOWHERE, 'it holds U+0000') : text;
}

/** What WGSL takes for the end of a line (its section 3.2, "Blankspace and Line Breaks"); CR LF is one. */
const LINE_BREAK = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/u;
const BREAK_HERE = new RegExp(LINE_BREAK, 'uy');
const LINE_COMMENT = /\/\/[^\n\v\f\r\u0085\u2028\u2029]*/uy;
/** The rest of WGSL's blankspace. */
const SPACE = /[ \t\u200e\u200f]+/uy;
const IDENTIFIER = /[\p{XID_Start}_][\p{XID_Continue}]*/uy;
const NUMBER = /\d[\w.]*/y;
const COMMENT_SIGN = /\/\*|\*\//g;

/**
 * A shader's tokens, comments left out: enough to find declarations, in time that grows with the text alone. WGSL has no
 * strings, so nothing but a comment can hide a word.
 * @throws {ReckonError} SHADER_INVALID for a comment that does not end, for more tokens than are read, and for signs that WGSL does not have: a compiler
 * that took them for letters would see other names here than we do.
 */
export function wgslTokens(text: string): WgslToken[] {
  const tokens: WgslToken[] = [];
  let line = 1;
  let lineStart = 0;
  const match = (pattern: RegExp, at: number): number => {
    pattern.lastIndex = at;
    return pattern.test(text) ? pattern.lastIndex : at;
  };
  for (let at = 0; at < text.length; ) {
    const sign = text.charAt(at);
    const column = at - lineStart + 1;
    let end = match(IDENTIFIER, at);
    if (end === at) end = match(NUMBER, at);
    if (end === at && !isSign(text, at)) {
      end = match(SPACE, at);
      if (end === at) end = match(LINE_COMMENT, at);
      if (end > at) {
        at = end;
        continue;
      }
      end = match(BREAK_HERE, at);
      if (sign === '/')
        end = endOfComment(text, at) ?? refuseShader({ line, column }, 'a comment begins here and does not end');
      if (end === at) refuseShader({ line, column }, 'a sign that WGSL does not have outside of comments');
      const lines = text.slice(at, end).split(LINE_BREAK);
      line += lines.length - 1;
      at = end;
      if (lines.length > 1) lineStart = at - (lines.at(-1) as string).length;
      continue;
    }
    end = Math.max(end, at + 1);
    if (tokens.length === MAX_TOKENS) refuseShader({ line, column }, `it has more than ${MAX_TOKENS} words and signs`);
    tokens.push({ text: text.slice(at, end), offset: at, line, column });
    at = end;
  }
  return tokens;
}

/** Whether one of ASCII's signs stands there, and no comment begins. */
function isSign(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code <= 0x20 || code >= 0x7f) return false;
  const next = text.charAt(at + 1);
  return text.charAt(at) !== '/' || (next !== '/' && next !== '*');
}

export const lineCount = (text: string): number => text.split(LINE_BREAK).length;

/** Where the comment that begins at `from` ends; they nest. */
function endOfComment(text: string, from: number): number | undefined {
  COMMENT_SIGN.lastIndex = from;
  let depth = 0;
  for (let sign = COMMENT_SIGN.exec(text); sign !== null; sign = COMMENT_SIGN.exec(text)) {
    depth += sign[0] === '/*' ? 1 : -1;
    if (depth === 0) return COMMENT_SIGN.lastIndex;
  }
  return undefined;
}
