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
  expect(error.details).toEqual({ path: 'slots', expected: 'a number', received: '"many"' });
});

test('refuses unknown fields, unknown types, zero sequence numbers and text above the limit', () => {
  expect(refusal(() => parseNodeMessage('{"type":"ready","seq":1,"slots":1,"x":0}')).code).toBe('MESSAGE_INVALID');
  expect(refusal(() => parseNodeMessage('{"type":"steal","seq":1}')).code).toBe('MESSAGE_INVALID');
  expect(refusal(() => parseNodeMessage('{"type":"ready","seq":0,"slots":1}')).code).toBe('MESSAGE_INVALID');
  expect(refusal(() => parseNodeMessage(' '.repeat(MAX_CONTROL_CHARS + 1))).code).toBe('MESSAGE_TOO_LARGE');
});

const hash = `0x${'ab'.repeat(32)}`;
const seal = { workUnitId: hash, seal: hash };

test('a commit names 1 to 32 seals, and nothing of what they seal', () => {
  const commit = (seals: unknown[]) => JSON.stringify({ type: 'commit', seq: 1, seals });
  expect(parseNodeMessage(commit([seal])).type).toBe('commit');
  expect(parseNodeMessage(commit(Array.from({ length: 32 }, () => seal))).type).toBe('commit');
  expect(refusal(() => parseNodeMessage(commit([]))).code).toBe('MESSAGE_INVALID');
  expect(refusal(() => parseNodeMessage(commit(Array.from({ length: 33 }, () => seal)))).code).toBe('MESSAGE_INVALID');
  expect(refusal(() => parseNodeMessage(commit([{ ...seal, resultDigest: hash }]))).code).toBe('MESSAGE_INVALID');
});

test('a check has 1 to 32 chunks with digests of 32 bytes', () => {
  const signature = `0x${'00'.repeat(65)}`;
  const checked = (chunks: unknown[]) =>
    JSON.stringify({ type: 'checked', seq: 1, workUnitId: hash, answer: { chunks, signature } });
  const chunk = { index: 0, digest: hash };
  expect(parseNodeMessage(checked([chunk])).type).toBe('checked');
  for (const wrong of [
    [],
    Array.from({ length: 33 }, () => chunk),
    [{ index: -1, digest: hash }],
    [{ ...chunk, digest: '0x00' }],
  ])
    expect(refusal(() => parseNodeMessage(checked(wrong))).code).toBe('MESSAGE_INVALID');
});

test('a reveal has salts of 16 bytes', () => {
  const leaf = { workUnitId: hash, kernelDigest: hash, inputDigest: hash, resultDigest: hash, traceRoot: hash };
  const reveal = (salts: string[]) =>
    JSON.stringify({ type: 'reveal', seq: 1, batch: { leaves: [leaf], signature: `0x${'00'.repeat(65)}` }, salts });
  expect(parseNodeMessage(reveal([`0x${'01'.repeat(16)}`])).type).toBe('reveal');
  for (const salts of [[], ['0x01'], [hash]]) {
    expect(refusal(() => parseNodeMessage(reveal(salts))).code).toBe('MESSAGE_INVALID');
  }
});
