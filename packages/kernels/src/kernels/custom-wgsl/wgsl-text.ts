import { fromUtf8 } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';

/** Longest shader, in bytes of UTF-8. */
export const MAX_SHADER_BYTES = 256 * 1024;

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
  throw new ReckonError('SHADER_INVALID', { shader: 'shader', line, column, cause });
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
const IDENTIFIER = /[\p{XID_Start}_][\p{XID_Continue}]*/uy;
const NUMBER = /\d[\w.]*/y;
const COMMENT_SIGN = /\/\*|\*\//g;

/**
 * A shader's tokens, comments left out: enough to find declarations, in time that grows with the text alone. WGSL has no
 * strings, so nothing but a comment can hide a word.
 * @throws {ReckonError} SHADER_INVALID for a comment that does not end.
 */
export function wgslTokens(text: string): WgslToken[] {
  const tokens: WgslToken[] = [];
  let line = 1;
  let lineStart = 0;
  const match = (pattern: RegExp, at: number): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  for (let at = 0; at < text.length; ) {
    const place = { line, column: at - lineStart + 1 };
    let skipped = match(BREAK_HERE, at) ?? match(LINE_COMMENT, at);
    if (skipped === undefined && text.startsWith('/*', at)) {
      skipped = text.slice(at, endOfComment(text, at) ?? refuseShader(place, 'a comment begins here and does not end'));
    }
    if (skipped === undefined) {
      const token = match(IDENTIFIER, at) ?? match(NUMBER, at) ?? text.charAt(at);
      if (token.trim() !== '') tokens.push({ text: token, offset: at, ...place });
      at += token.length;
      continue;
    }
    const lines = skipped.split(LINE_BREAK);
    line += lines.length - 1;
    at += skipped.length;
    if (lines.length > 1) lineStart = at - (lines.at(-1) as string).length;
  }
  return tokens;
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
