import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BRIDGE_VERSION, GREETING, readGreeting, readToFrame, readToHost } from './bridge.ts';

const greeting = { type: GREETING, v: BRIDGE_VERSION, site: 'example', theme: 'dark', maxCpu: 25, gpu: true };

test('a greeting is read, and its ceiling kept within 5 and 50 percent', () => {
  expect(readGreeting(greeting)).toEqual(greeting);
  expect(readGreeting({ ...greeting, maxCpu: 100 })?.maxCpu).toBe(50);
  expect(readGreeting({ ...greeting, maxCpu: -1 })?.maxCpu).toBe(5);
  expect(readGreeting({ ...greeting, theme: 'neon' })?.theme).toBe('auto');
});

test('a greeting without a site, or of another version, is none', () => {
  expect(readGreeting({ ...greeting, site: '' })).toBeUndefined();
  expect(readGreeting({ ...greeting, v: 2 })).toBeUndefined();
});

test('the host page has no message that starts anything', () => {
  expect(readToFrame({ type: 'start' })).toBeUndefined();
  expect(readToFrame({ type: 'consent', granted: true })).toBeUndefined();
  expect(readToFrame({ type: 'pause', extra: 1 })).toEqual({ type: 'pause' });
});

test('a frame cannot cover more of the page than its greatest height', () => {
  expect(readToHost({ type: 'height', height: 1e9 })).toEqual({ type: 'height', height: 480 });
  expect(readToHost({ type: 'height', height: 'tall' })).toBeUndefined();
});

test('no message, however made, breaks a reader', () => {
  fc.assert(
    fc.property(fc.anything(), (data) => {
      readGreeting(data);
      readToFrame(data);
      readToHost(data);
    }),
  );
});
