import { expect, test } from 'vitest';
import { errorMessages } from './error-codes.ts';
import { fromWire, ReckonError, toReckonError, toWire } from './errors.ts';

test('code, details and text survive the wire', () => {
  const error = new ReckonError('LEASE_EXPIRED', { workUnitId: '0xab', lateMs: 12 });
  const back = fromWire(JSON.parse(JSON.stringify(toWire(error))));
  expect(back).toMatchObject({ code: 'LEASE_EXPIRED', details: error.details, message: error.message });
});

test('an unknown code from a newer version is unexpected, not fatal', () => {
  expect(fromWire({ code: 'FROM_THE_FUTURE', details: {} })).toMatchObject({
    code: 'UNEXPECTED',
    details: { cause: 'FROM_THE_FUTURE' },
  });
});

test('any thrown value becomes a coded error, long texts cut', () => {
  expect(toReckonError(new TypeError('x is not a function')).details).toEqual({
    cause: 'TypeError: x is not a function',
  });
  expect(toReckonError('plain').code).toBe('UNEXPECTED');
  const long = toWire(new Error('y'.repeat(10_000)));
  expect(String(long.details['cause']).length).toBeLessThanOrEqual(500);
});

test('every message is one or more whole sentences', () => {
  const details = new Proxy({}, { get: (_, key) => (String(key).endsWith('Ms') ? 1000 : `<${String(key)}>`) });
  for (const [code, message] of Object.entries(errorMessages)) {
    if (code === 'USAGE') continue;
    expect(message(details as never), code).toMatch(/[.>?!]$/);
  }
});
