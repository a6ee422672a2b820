import { guest } from '@reckon/kernels/testing/wat';
import { afterEach, expect, test } from 'vitest';
import { type Admission, createAdmission } from './admission.ts';
import { systemClock } from './system.ts';

const good = new Map([['module', guest('i32.const 0')]]);
let admission: Admission;
afterEach(() => admission.close());

test('a program is judged beside the relay’s thread, and a refusal comes back with its code and details', async () => {
  admission = createAdmission(systemClock);
  await admission.admit('custom-wasm@1.0.0', good);
  const bad = new Map([['module', guest('i32.const 0', '(import "env" "fetch" (func))')]]);
  await expect(admission.admit('custom-wasm@1.0.0', bad)).rejects.toMatchObject({
    code: 'GUEST_MODULE_INVALID',
    details: { what: 'import env.fetch' },
  });
  // A kernel of ours takes whatever is shared.
  await admission.admit('mandelbrot@1.0.0', new Map());
});

test('no more than sixteen wait; the others are told to come again', async () => {
  admission = createAdmission(systemClock);
  const asked = Array.from({ length: 20 }, () => admission.admit('custom-wasm@1.0.0', good));
  const answers = await Promise.allSettled(asked);
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(16);
  expect(answers.at(-1)).toMatchObject({ reason: { code: 'RATE_LIMITED' } });
});

test('one that takes too long ends with the thread, and the next one gets another', async () => {
  let late = true;
  const clock = { ...systemClock, sleep: async () => (late ? undefined : new Promise<void>(() => undefined)) };
  admission = createAdmission(clock);
  await expect(admission.admit('custom-wasm@1.0.0', good)).rejects.toMatchObject({ code: 'KERNEL_TIMEOUT' });
  late = false;
  await admission.admit('custom-wasm@1.0.0', good);
});
