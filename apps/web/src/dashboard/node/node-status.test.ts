import type { NodeSnapshot } from '@reckon/node/snapshot';
import { expect, test, vi } from 'vitest';
import type { NodeView } from './node-store.ts';

// The relay's client reads the page's address when it is made; there is no page here.
vi.stubGlobal('location', { origin: 'http://127.0.0.1:1' });
const { nodeStatus } = await import('./node-status.ts');

const view = (state: NodeSnapshot['state'], change: Partial<NodeView> = {}): NodeView => ({
  snapshot: { state, status: { title: state, reason: 'its own', next: 'its next' } } as NodeSnapshot,
  recent: undefined,
  loading: false,
  failure: undefined,
  ...change,
});

test('while the page hears the relay, the node speaks for itself', () => {
  expect(nodeStatus(view('waiting'), false)?.reason).toBe('its own');
});

test('a node that waits says that the relay does not answer, when the page knows better', () => {
  expect(nodeStatus(view('waiting'), true)).toEqual({
    title: 'waiting',
    reason: 'the relay does not answer',
    next: 'Goes on when it does.',
  });
  expect(nodeStatus(view('computing'), true)).toMatchObject({ title: 'computing', reason: 'its own' });
  expect(nodeStatus(view('computing'), true)?.next).toMatch(/results are kept/);
});

test('a pause is a pause, whatever the relay does', () => {
  expect(nodeStatus(view('paused'), true)?.next).toBe('its next');
});

test('before Start there is no status, while the engine loads there is one', () => {
  expect(nodeStatus(view('off'), true)).toBeUndefined();
  expect(nodeStatus(view('off', { snapshot: undefined, loading: true }), false)?.title).toBe('Starting');
});
