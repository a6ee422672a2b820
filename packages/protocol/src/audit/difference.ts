import { type ErrorDetails, errorMessages } from '../base/error-codes.ts';
import { ReckonError } from '../base/errors.ts';

/** The first place where what was published is not what follows from the rules. Plain data: it crosses workers and JSON. */
export interface Difference {
  /** The entry's place in the log, from 0. */
  readonly index: number;
  readonly code: string;
  /** What differs, in a few words: "the draw". */
  readonly what: string;
  readonly expected: string;
  readonly received: string;
  /** The same in one sentence for people. */
  readonly words: string;
  /** The epoch concerned, where there is one. */
  readonly epoch?: number;
}

/** Makes a difference of the audit's own. */
export function differ(details: ErrorDetails['AUDIT_DIFFERENCE'], epoch?: number): Difference {
  const words = errorMessages.AUDIT_DIFFERENCE(details);
  return { code: 'AUDIT_DIFFERENCE', ...details, words, ...(epoch === undefined ? {} : { epoch }) };
}

/** The difference that a log reader's or an entry's refusal names; undefined for errors that say nothing about an entry. */
export function differenceOf(error: unknown): Difference | undefined {
  if (!(error instanceof ReckonError)) return undefined;
  const { code, message: words } = error;
  if (code === 'JOURNAL_CORRUPT') {
    const { index, cause } = error.details as ErrorDetails['JOURNAL_CORRUPT'];
    return differ({ index, what: 'the entry', expected: 'an entry of this journal', received: cause });
  }
  if (code === 'AUDIT_DIFFERENCE') return differ(error.details as ErrorDetails['AUDIT_DIFFERENCE']);
  if (code === 'LOG_ENTRY_MISMATCH') {
    const { index, expected, received } = error.details as ErrorDetails['LOG_ENTRY_MISMATCH'];
    return { index, code, what: 'the entry’s hash', expected, received, words };
  }
  return undefined;
}
