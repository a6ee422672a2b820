import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReckonError } from '../base/errors.ts';
import { MAX_CONTROL_CHARS } from './messages.ts';
import { parseNodeMessage, parseRelayMessage } from './parse-message.ts';

const refusal = (run: () => unknown): ReckonError => {
  try {
    run();
  } catch (error) {
    if (error instanceof ReckonError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

test('any text is parsed or refused with a code, nothing else', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    fc.jsonValue().map((value) => JSON.stringify(value) ?? ''),
  );
  fc.assert(
    fc.property(texts, (text) => {
      for (const parse of [parseNodeMessage, parseRelayMessage]) {
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ReckonError);
        }
      }
    }),
  );
});

test('says which field, what was expected and what was got', () => {
  const error = refusal(() => parseNodeMessage('{"type":"ready","seq":1,"slots":"many"}'));
  expect(error.code).toBe('MESSAGE_INVALID');
  expect(error.details).toEqual({ path: 'slots', expected: 'number', received: '"many"' });
});

test('refuses unknown fields, unknown types, zero sequence numbers and text above the limit', () => {
  expect(refusal(() => parseNodeMessage('{"type":"ready","seq":1,"slots":1,"x":0}')).code).toBe('MESSAGE_INVALID');
  expect(refusal(() => parseNodeMessage('{"type":"steal","seq":1}')).code).toBe('MESSAGE_INVALID');
  expect(refusal(() => parseNodeMessage('{"type":"ready","seq":0,"slots":1}')).code).toBe('MESSAGE_INVALID');
  expect(refusal(() => parseNodeMessage(' '.repeat(MAX_CONTROL_CHARS + 1))).code).toBe('MESSAGE_TOO_LARGE');
});
