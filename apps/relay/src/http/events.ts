import { ReckonError } from '@reckon/protocol/base/errors';
import { toJson } from '@reckon/protocol/base/json';
import type { LiveEvent } from '@reckon/protocol/wire/http';
import type { Hono } from 'hono';
import type { LiveTopic } from '../live.ts';
import type { HttpPorts } from './ports.ts';

const TOPIC = /^(network|epochs|job:0x[0-9a-f]{64}|node:0x[0-9a-f]{40})$/;
const MAX_TOPICS = 20;
const MAX_STREAMS = 1000;
/** Most different things one slow reader may be behind; then it is cut off and asks for everything again. */
const MAX_PENDING = 10_000;
const SILENCE_MS = 15_000;
/** Bursts are sent together. */
const PAUSE_MS = 50;

const keyOf = (event: LiveEvent): string =>
  event.type === 'unit' ? `unit ${event.jobId} ${event.index}` : Object.values({ ...event, status: '' }).join();

function topicsOf(text: string): Set<LiveTopic> {
  const topics = text.split(',');
  const bad = topics.find((topic) => !TOPIC.test(topic));
  if (bad !== undefined || topics.length > MAX_TOPICS) {
    const expected = `up to ${MAX_TOPICS} of network, epochs, job:ID, node:ID`;
    throw new ReckonError('MESSAGE_INVALID', { path: 'topics', expected, received: (bad ?? text).slice(0, 80) });
  }
  return new Set(topics as LiveTopic[]);
}

const pause = (ms: number, wake: (resolve: () => void) => void): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    wake(() => {
      clearTimeout(timer);
      resolve();
    });
  });

/** One reader's stream: the newest event of each thing, as fast as it reads. */
function streamEvents(live: HttpPorts['live'], topics: Set<LiveTopic>, onEnd: () => void): ReadableStream<Uint8Array> {
  const pending = new Map<string, LiveEvent>();
  let wake = () => {};
  let over = false;
  const stop = live.subscribe(topics, (event) => {
    pending.set(keyOf(event), event);
    if (pending.size > MAX_PENDING) end();
    wake();
  });
  function end(): void {
    if (over) return;
    over = true;
    stop();
    onEnd();
    wake();
  }
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(encoder.encode(': reckon\n\n')),
      async pull(controller) {
        if (pending.size === 0 && !over) await pause(SILENCE_MS, (resolve) => (wake = resolve));
        if (over) return controller.close();
        const events = [...pending.values()];
        pending.clear();
        const text = events.map((event) => `data: ${toJson(event)}\n\n`).join('');
        controller.enqueue(encoder.encode(text === '' ? ': still here\n\n' : text));
        await pause(PAUSE_MS, () => {});
      },
      cancel: end,
    },
    { highWaterMark: 1 },
  );
}

export function serveEvents(app: Hono, { live }: HttpPorts): void {
  let streams = 0;
  app.get('/api/events', (context) => {
    const topics = topicsOf(context.req.query('topics') ?? 'network');
    if (streams >= MAX_STREAMS) throw new ReckonError('RATE_LIMITED', { retryAfterMs: 30_000 });
    streams++;
    const body = streamEvents(live, topics, () => streams--);
    return new Response(body, {
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    });
  });
}
