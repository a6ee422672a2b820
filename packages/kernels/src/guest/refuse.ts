import { ReckonError } from '@reckon/protocol/base/errors';

/** Refuses a module, naming the thing, and what to do where one knows. @throws {ReckonError} GUEST_MODULE_INVALID always. */
export function refuse(what: string, expected: string, received: string, remedy?: string): never {
  throw new ReckonError('GUEST_MODULE_INVALID', { what, expected, received, ...(remedy !== undefined && { remedy }) });
}

/** A count within its bound. @throws {ReckonError} GUEST_MODULE_INVALID */
export function atMost(what: string, limit: number, value: number): number {
  return value <= limit ? value : refuse(what, `at most ${limit}`, String(value));
}

/** `0xfd`, for opcodes and flags. */
export const hex = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`;
