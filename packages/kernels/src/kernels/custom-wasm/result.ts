import { reasonOf } from '../../params.ts';
import type { Unit } from './params.ts';

/**
 * A unit's result: the number of bytes written as u32, little-endian, then those bytes. So a cut-off result is told from a
 * shorter one.
 */
export const RESULT_HEADER = 4;

/** Writes the number in front; `framed` has room for it. */
export function sealResult(framed: Uint8Array): void {
  new DataView(framed.buffer, framed.byteOffset).setUint32(0, framed.length - RESULT_HEADER, true);
}

/** What the program wrote; a view. */
export const writtenBytes = (result: Uint8Array): Uint8Array => result.subarray(RESULT_HEADER);

/** Why these bytes are no result of the unit, or undefined. */
export function inspectResult(readUnit: () => Unit, result: Uint8Array): string | undefined {
  return reasonOf(() => {
    const { outputRowBytes } = readUnit();
    if (result.length < RESULT_HEADER) return `expected at least ${RESULT_HEADER} bytes, got ${result.length}`;
    const length = new DataView(result.buffer, result.byteOffset).getUint32(0, true);
    const held = result.length - RESULT_HEADER;
    if (length !== held) return `expected the ${length} bytes that were written, got ${held}`;
    if (held % outputRowBytes === 0) return undefined;
    return `expected rows of ${outputRowBytes} bytes, got ${held} bytes`;
  });
}
