import { ReckonError } from '@reckon/protocol/base/errors';
import { expect, test } from 'vitest';
import { trapError } from './trap.ts';

test.each([
  ['unreachable', ['unreachable', 'unreachable executed', 'Unreachable code should not be executed']],
  [
    'out of bounds',
    [
      'memory access out of bounds',
      'table index is out of bounds',
      'index out of bounds',
      'Out of bounds memory access',
      'Out of bounds call_indirect',
    ],
  ],
  ['division by zero', ['divide by zero', 'remainder by zero', 'integer divide by zero', 'Division by zero']],
  [
    'number out of range',
    [
      'divide result unrepresentable',
      'float unrepresentable in integer range',
      'integer overflow',
      'invalid conversion to integer',
      'Integer overflow',
      'Out of bounds Trunc operation',
    ],
  ],
  [
    'call of no such function',
    [
      'null function or function signature mismatch',
      'indirect call to null',
      'indirect call signature mismatch',
      'call_indirect to a null table entry',
      'call_indirect to a signature that does not match',
    ],
  ],
  [
    'too deep recursion',
    ['Maximum call stack size exceeded', 'too much recursion', 'Maximum call stack size exceeded.'],
  ],
  ['trap', ['something new']],
])('%s is told from the words of V8, SpiderMonkey and JavaScriptCore', (trap, messages) => {
  for (const message of messages) {
    expect(trapError('custom-wasm@1.0.0', new Error(message)).details).toMatchObject({ trap, cause: message });
  }
});

test('an error of the host stays what it is, and anything else that is thrown is told', () => {
  const own = new ReckonError('KERNEL_TIMEOUT', { kernel: 'a@1.0.0', limitMs: 1 });
  expect(trapError('a@1.0.0', own)).toBe(own);
  expect(trapError('a@1.0.0', 7).details).toMatchObject({ trap: 'trap', cause: '7' });
});
