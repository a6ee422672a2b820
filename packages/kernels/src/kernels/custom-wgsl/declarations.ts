import { HOST_NAMES } from './span.ts';
import { refuseShader, type WgslPlace, type WgslToken } from './wgsl-text.ts';

/** A variable of a shader that a host must bind. */
export interface WgslResource extends WgslPlace {
  name: string;
  group: number;
  binding: number;
  /** `uniform`, `storage,read` or `storage,read_write`; empty for textures and samplers. */
  space: string;
  /** The words of its type: `array`, `vec4`, `f32`. */
  type: string[];
}

/** A function that can be run as compute work. */
export interface WgslEntryPoint extends WgslPlace {
  name: string;
  /** Missing numbers are 1. */
  workgroupSize: readonly [x: number, y: number, z: number];
}

/** Any function, with the tokens of its `fn` and its braces. */
export interface WgslFunction extends WgslPlace {
  name: string;
  head: number;
  body: readonly [open: number, close: number];
}

export interface WgslDeclarations {
  functions: WgslFunction[];
  resources: WgslResource[];
  entryPoints: WgslEntryPoint[];
}

/** Words that begin what is not run here, and why. */
const REFUSED = new Map([
  ['enable', 'extensions are not enabled here, since not every device has them'],
  ['requires', 'language features are not required here, since not every browser has them'],
  ['override', 'overrides have no values here; use const'],
]);

/**
 * What a shader declares at module scope, as far as its host must know. The text need not be valid: the compiler decides
 * that, on each device.
 * @throws {ReckonError} SHADER_INVALID with the line, for what is not run here and for numbers that are not written out.
 */
export function readDeclarations(tokens: readonly WgslToken[]): WgslDeclarations {
  const found: WgslDeclarations = { functions: [], resources: [], entryPoints: [] };
  const textAt = (at: number): string => tokens[at]?.text ?? '';
  let attributes = new Map<string, WgslToken[]>();
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at] as WgslToken;
    const { text, line, column } = token;
    if (text === '@') {
      const end = textAt(at + 2) === '(' ? closing(tokens, at + 2) : at + 1;
      attributes.set(textAt(at + 1), tokens.slice(at + 3, end));
      at = end + 1;
      continue;
    }
    const refused = REFUSED.get(text);
    if (refused !== undefined) refuseShader(token, `"${text}": ${refused}`);
    if (text === 'var') found.resources.push(...readVariable(tokens, at, attributes));
    else if (HOST_NAMES.has(textAt(at + 1))) refuseReserved(token, textAt(at + 1));
    const size = attributes.get('workgroup_size');
    if (text === 'fn' && attributes.has('compute') && size !== undefined) {
      found.entryPoints.push({ name: textAt(at + 1), line, column, workgroupSize: readSize(token, size) });
    }
    const end = endOfDeclaration(tokens, at);
    if (text === 'fn') {
      let open = at;
      while (open < end && textAt(open) !== '{') open++;
      if (open < end) found.functions.push({ name: textAt(at + 1), line, column, head: at, body: [open, end - 1] });
    }
    attributes = new Map();
    at = end;
  }
  return found;
}

/** The bracket that closes the one at `from`, or the last token. */
function closing(tokens: readonly WgslToken[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    const { text } = tokens[at] as WgslToken;
    if (text === '(') depth++;
    if (text === ')' && --depth === 0) return at;
  }
  return tokens.length - 1;
}

/** Where the next declaration begins: behind a `;`, or behind the `}` that ends a body. */
function endOfDeclaration(tokens: readonly WgslToken[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    const { text } = tokens[at] as WgslToken;
    if (text === '{') depth++;
    if (text === '}') depth--;
    if ((text === ';' || text === '}') && depth <= 0) return at + 1;
  }
  return tokens.length;
}

/** Nothing for a variable that is not bound: private or of a workgroup. */
function readVariable(
  tokens: readonly WgslToken[],
  from: number,
  attributes: ReadonlyMap<string, readonly WgslToken[]>,
): WgslResource[] {
  const rest = tokens.slice(from + 1, endOfDeclaration(tokens, from)).map(({ text }) => text);
  const place = tokens[from] as WgslToken;
  const spaceEnd = rest[0] === '<' ? rest.indexOf('>') : -1;
  const name = rest[spaceEnd + 1] ?? '';
  if (HOST_NAMES.has(name)) refuseReserved(place, name);
  const [group, binding] = [attributes.get('group'), attributes.get('binding')];
  if (group === undefined && binding === undefined) return [];
  if (group === undefined || binding === undefined) {
    return refuseShader(place, `"${name}" needs both @group and @binding`);
  }
  return [
    {
      name,
      line: place.line,
      column: place.column,
      group: readNumber(place, '@group', group),
      binding: readNumber(place, '@binding', binding),
      space: rest.slice(1, Math.max(1, spaceEnd)).join('').replace(/,$/, ''),
      type: rest.slice(spaceEnd + 2).filter((word) => /^\w/.test(word)),
    },
  ];
}

function readNumber(place: WgslPlace, what: string, args: readonly WgslToken[]): number {
  // A comma may end a list of arguments.
  const [word, comma, ...more] = args.map(({ text }) => text);
  const digits = /^(0[xX][\da-fA-F]{1,8}|\d{1,9})[iu]?$/.exec(word ?? '')?.[1];
  if (digits !== undefined && (comma === undefined || comma === ',') && more.length === 0) return Number(digits);
  return refuseShader(place, `${what} should be a written-out number here, not "${word ?? ''}"`);
}

function readSize(place: WgslPlace, args: readonly WgslToken[]): [number, number, number] {
  const numbers: number[] = [];
  for (let at = 0; at < args.length; at += 2) {
    numbers.push(readNumber(place, '@workgroup_size', args.slice(at, at + 2)));
  }
  const [x = 1, y = 1, z = 1] = numbers;
  return [x, y, z];
}

const refuseReserved = (place: WgslPlace, name: string): never =>
  refuseShader(place, `"${name}" is declared or used by the host; choose another name`);
