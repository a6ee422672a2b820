import type { LiveEvent } from '@reckon/protocol/wire/http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLiveHub, type LiveSource } from './live-hub.ts';

interface Opened {
  topics: readonly string[];
  signal: AbortSignal;
  onBytes: () => void;
  emit(event: LiveEvent): void;
  end(): void;
}

function fakeSource(): { source: LiveSource; opened: Opened[] } {
  const opened: Opened[] = [];
  return {
    opened,
    source: {
      open(topics, signal, onBytes) {
        const queue: LiveEvent[] = [];
        let wake: () => void = () => undefined;
        let ended = false;
        opened.push({
          topics,
          signal,
          onBytes,
          emit: (event) => (queue.push(event), wake()),
          end: () => ((ended = true), wake()),
        });
        return (async function* () {
          while (!ended) {
            const event = queue.shift();
            if (event !== undefined) yield event;
            else await new Promise<void>((resolve) => (wake = resolve));
          }
        })();
      },
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const network: LiveEvent = { type: 'network' };

test('one stream carries the union of the topics, and a new topic opens it anew', async () => {
  const { source, opened } = fakeSource();
  const hub = createLiveHub(source, Date.now);
  hub.want('network');
  hub.want('epochs');
  await vi.advanceTimersByTimeAsync(50);
  expect(opened.map((each) => each.topics)).toEqual([['epochs', 'network']]);
  hub.want('job:1');
  await vi.advanceTimersByTimeAsync(50);
  expect(opened[0]?.signal.aborted).toBe(true);
  expect(opened[1]?.topics).toEqual(['epochs', 'job:1', 'network']);
});

test('the first bytes make it live and tell listeners that anything may have changed', async () => {
  const { source, opened } = fakeSource();
  const hub = createLiveHub(source, Date.now);
  const seen: (LiveEvent | undefined)[] = [];
  hub.onEvent((event) => seen.push(event));
  hub.want('network');
  await vi.advanceTimersByTimeAsync(50);
  expect(hub.getFreshness().state).toBe('connecting');
  opened[0]?.onBytes();
  opened[0]?.emit(network);
  await vi.advanceTimersByTimeAsync(0);
  expect(hub.getFreshness().state).toBe('live');
  expect(seen).toEqual([undefined, network]);
});

test('silence beyond the heartbeat is late, and a longer one reconnects', async () => {
  const { source, opened } = fakeSource();
  const hub = createLiveHub(source, Date.now);
  hub.want('network');
  await vi.advanceTimersByTimeAsync(50);
  opened[0]?.onBytes();
  await vi.advanceTimersByTimeAsync(26_000);
  expect(hub.getFreshness().state).toBe('late');
  await vi.advanceTimersByTimeAsync(25_000);
  expect(opened.length).toBeGreaterThan(1);
  expect(hub.getFreshness().state).toBe('reconnecting');
});

test('a stream that ends is opened again', async () => {
  const { source, opened } = fakeSource();
  const hub = createLiveHub(source, Date.now);
  hub.want('network');
  await vi.advanceTimersByTimeAsync(50);
  opened[0]?.onBytes();
  opened[0]?.end();
  await vi.advanceTimersByTimeAsync(0);
  expect(hub.getFreshness().state).toBe('reconnecting');
  await vi.advanceTimersByTimeAsync(600);
  expect(opened).toHaveLength(2);
});

test('a hidden page holds no stream', async () => {
  const { source, opened } = fakeSource();
  const hub = createLiveHub(source, Date.now);
  hub.want('network');
  await vi.advanceTimersByTimeAsync(50);
  hub.setVisible(false);
  expect(opened[0]?.signal.aborted).toBe(true);
  hub.setVisible(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(opened).toHaveLength(2);
});
