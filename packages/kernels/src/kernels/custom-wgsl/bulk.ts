import { NOWHERE, refuseShader, type WgslToken } from './wgsl-text.ts';

/** Words of four bytes, roughly, that a name stands for: alone, and with an index behind it. */
interface Bulk {
  whole: number;
  element: number;
}

/** Where a value's size is not told by its text alone: more than any value has. */
const UNKNOWN = 65_536;
/** Names for fewer words count as one. */
const FEW = 16;
/** Tokens of a type's arguments that are looked at. */
const FAR = 64;
const PASSES = 16;

/**
 * How many words the token at a place moves, 1 for most. WGSL copies whole arrays and structs by a sign, and a compiler writes
 * out each word. Names are taken for the largest thing that any of them is declared as, anywhere in the text.
 * @throws {ReckonError} SHADER_INVALID where declarations lean on each other too far.
 */
export function bulkOf(tokens: readonly WgslToken[]): (at: number) => number {
  const textAt = (at: number): string => tokens[at]?.text ?? '';
  const known = new Map<string, Bulk>();
  const counts = new Map<string, number>();
  /** Counts of arrays that were looked at before; 0 for others. */
  const written = new Float64Array(tokens.length);
  let changed = true;

  /** Words that the token moves where it stands. */
  function wordsAt(at: number): number {
    const [text, next] = [textAt(at), textAt(at + 1)];
    if (text === 'array' && next === '<') return typeFrom(at, tokens.length).whole;
    const bulk = known.get(text);
    // A member is judged by its own name; an address moves nothing.
    if (bulk === undefined || next === '.' || textAt(at - 1) === '&') return 1;
    const pointed = textAt(at - 1) === '*' && next === ')' && textAt(at + 2) === '[';
    return next === '[' || pointed ? bulk.element : bulk.whole;
  }

  const countAt = (array: number): number => {
    const count = written[array] || countFrom(array);
    written[array] = count;
    return count;
  };

  /** An array's count, from its last comma to its `>`; 1 for one of the runtime's. */
  function countFrom(array: number): number {
    let comma = 0;
    let depth = 0;
    for (let at = array + 1; at < array + FAR && at < tokens.length; at++) {
      const text = textAt(at);
      if (text === '<') depth++;
      if (text === ',' && depth === 1) comma = at;
      if (text !== '>' || --depth > 0) continue;
      if (comma === 0 || comma + 1 === at) return 1;
      const number = numberOf(textAt(comma + 1));
      return comma + 2 === at || (comma + 3 === at && textAt(at - 1) === ',') ? number : UNKNOWN;
    }
    return UNKNOWN;
  }

  const numberOf = (text: string): number =>
    /^(?:0[xX][\da-fA-F]+|\d+)[iu]?$/.test(text) ? Number(text.replace(/[iu]$/, '')) : (counts.get(text) ?? UNKNOWN);

  /** A type's words: an array's elements times what they are of. */
  function typeFrom(from: number, to: number): Bulk {
    let [outer, product, named, depth] = [0, 1, 0, 0];
    for (let at = from; at < to && at < from + FAR; at++) {
      const text = textAt(at);
      if (text === '<') depth++;
      if (text === '>') depth--;
      if (depth === 0 && at > from && ',;(){}=:'.includes(text)) break;
      if (text === 'array' && textAt(at + 1) === '<') {
        const count = countAt(at);
        outer ||= count;
        product = Math.min(UNKNOWN, product * count);
      } else named += known.get(text)?.whole ?? 0;
      if (depth === 0 && text === '>') break;
    }
    const whole = Math.min(UNKNOWN, product * Math.max(1, named));
    return { whole, element: whole / Math.max(1, outer) };
  }

  function learn(name: string, { whole, element }: Bulk): void {
    const before = known.get(name);
    if (whole <= Math.max(FEW, before?.whole ?? 0) && element <= Math.max(FEW, before?.element ?? 0)) return;
    known.set(name, { whole: Math.max(whole, before?.whole ?? 1), element: Math.max(element, before?.element ?? 1) });
    changed = true;
  }

  /** Of what is declared without a type: the words of all in its value, and of each that is listed. */
  function valueFrom(from: number): Bulk {
    let words = 0;
    let listed = 0;
    for (let at = from; at < tokens.length && !/^(?:[;{}]|let|var|const)$/.test(textAt(at)); at++) {
      const moved = wordsAt(at);
      if (moved > 1) words += moved;
      if (textAt(at) === 'array' && textAt(at + 1) === '(') listed++;
      if (listed > 0 && textAt(at) === ',') listed++;
    }
    const whole = Math.min(UNKNOWN, words + listed);
    return { whole, element: words > 0 ? whole : 1 };
  }

  function structFrom(from: number): Bulk {
    let whole = 0;
    for (let at = from; at < tokens.length && textAt(at) !== '}'; at++) {
      if (textAt(at) === ':') whole += typeFrom(at + 1, tokens.length).whole;
    }
    whole = Math.min(UNKNOWN, whole);
    return { whole, element: whole };
  }

  for (let at = 0; at < tokens.length; at++) {
    if (textAt(at) !== 'const') continue;
    const value = textAt(at + 2) === '=' ? at + 3 : textAt(at + 4) === '=' ? at + 5 : 0;
    // A name that is declared twice may be either.
    const sure = value > 0 && textAt(value + 1) === ';' && !counts.has(textAt(at + 1));
    counts.set(textAt(at + 1), sure ? numberOf(textAt(value)) : UNKNOWN);
  }
  for (let pass = 0; changed; pass++) {
    if (pass === PASSES) refuseShader(NOWHERE, 'its arrays and structs are declared by way of too many names');
    changed = false;
    let declared = '';
    for (let at = 0; at < tokens.length; at++) {
      const [text, name] = [textAt(at), textAt(at + 1)];
      if (text === 'fn') declared = name;
      if (text === ':') learn(textAt(at - 1), typeFrom(at + 1, tokens.length));
      else if (text === 'struct') learn(name, structFrom(at + 2));
      else if (text === 'alias') learn(name, typeFrom(at + 3, tokens.length));
      else if (/^(?:let|var|const)$/.test(text) && textAt(at + 2) === '=') learn(name, valueFrom(at + 3));
      else if (text === '-' && name === '>') learn(declared, typeFrom(at + 2, tokens.length));
    }
  }
  return wordsAt;
}
