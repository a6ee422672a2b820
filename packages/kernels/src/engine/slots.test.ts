import { expect, test } from 'vitest';
import { createSlots } from './slots.ts';

const signal = () => new AbortController().signal;

test('those who wait enter in order as places become free', async () => {
  const slots = createSlots(1);
  const entered: number[] = [];
  await slots.take([signal()]);
  const waiting = [1, 2].map((n) => slots.take([signal()]).then(() => entered.push(n)));
  slots.give();
  await waiting[0];
  expect(entered).toEqual([1]);
  expect(slots.held).toBe(1);
  slots.give();
  await waiting[1];
  expect(entered).toEqual([1, 2]);
});

test('one who gives up while waiting takes no place', async () => {
  const slots = createSlots(0);
  const stop = new AbortController();
  const waiting = slots.take([stop.signal]);
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  slots.size = 1;
  expect(slots.held).toBe(0);
  await expect(slots.take([stop.signal])).rejects.toThrow('enough');
});

test('raising the size lets the line in; lowering it lets holders finish', async () => {
  const slots = createSlots(1);
  await slots.take([signal()]);
  const second = slots.take([signal()]);
  slots.size = 2;
  await second;
  slots.size = 1;
  slots.give();
  expect(slots.held).toBe(1);
  const third = slots.take([signal()]);
  slots.give();
  await third;
  expect(slots.held).toBe(1);
});
