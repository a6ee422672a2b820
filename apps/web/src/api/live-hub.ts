import type { LiveEvent } from '@reckon/protocol/wire/http';

/** How fresh what is shown is. `late`: connected, but silent for longer than the relay's heartbeat. */
export interface Freshness {
  state: 'connecting' | 'live' | 'late' | 'reconnecting';
  /** When something last came from the relay; 0 before. */
  at: number;
}

/** The relay writes a comment every 15 s, so more silence than this means that something is wrong. */
export const SILENCE_MS = 20_000;
const GIVE_UP_MS = 45_000;
const RETRY_MS = [500, 1000, 2000, 5000, 10_000] as const;

export interface LiveSource {
  /** Opens the stream. `onBytes` is called for anything received, comments included. */
  open(topics: readonly string[], signal: AbortSignal, onBytes: () => void): AsyncIterable<LiveEvent>;
}

export interface LiveHub {
  /** Adds a topic while somebody shows it. @returns what takes it away. */
  want(topic: string): () => void;
  /** Told of each event; `undefined` after a (re)connection, when anything may have changed. */
  onEvent(listener: (event: LiveEvent | undefined) => void): () => void;
  subscribe(listener: () => void): () => void;
  getFreshness(): Freshness;
  /** Closes the stream while the page is hidden: a browser opens few connections to one origin. */
  setVisible(visible: boolean): void;
}

/** One stream of the relay's events for the page, with the union of the topics that its parts want. */
export function createLiveHub(source: LiveSource, now: () => number): LiveHub {
  const topics = new Map<string, number>();
  const events = new Set<(event: LiveEvent | undefined) => void>();
  const listeners = new Set<() => void>();
  let freshness: Freshness = { state: 'connecting', at: 0 };
  let visible = true;
  let connection: AbortController | undefined;
  let pending: ReturnType<typeof setTimeout> | undefined;
  let watch: ReturnType<typeof setInterval> | undefined;
  let failures = 0;

  function set(next: Freshness): void {
    if (next.state === freshness.state && next.at - freshness.at < 1000) return;
    freshness = next;
    for (const listener of listeners) listener();
  }

  function schedule(ms: number): void {
    clearTimeout(pending);
    pending = setTimeout(connect, ms);
  }

  function disconnect(): void {
    clearTimeout(pending);
    clearInterval(watch);
    connection?.abort();
    connection = undefined;
  }

  function connect(): void {
    disconnect();
    if (!visible || topics.size === 0) return;
    const current = new AbortController();
    connection = current;
    watch = setInterval(() => check(current), 5000);
    void run(current);
  }

  function check(current: AbortController): void {
    const silence = now() - freshness.at;
    if (freshness.state === 'live' && silence > SILENCE_MS) set({ state: 'late', at: freshness.at });
    if (silence > GIVE_UP_MS && connection === current) retry();
  }

  function retry(): void {
    disconnect();
    set({ state: 'reconnecting', at: freshness.at });
    schedule(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)] as number);
  }

  async function run(current: AbortController): Promise<void> {
    let first = true;
    const alive = () => {
      if (connection !== current) return;
      failures = 0;
      set({ state: 'live', at: now() });
      if (first) for (const listener of events) listener(undefined);
      first = false;
    };
    try {
      for await (const event of source.open([...topics.keys()].sort(), current.signal, alive)) {
        if (connection !== current) return;
        for (const listener of events) listener(event);
      }
    } catch {
      // the stream broke: said by the freshness mark, and tried again below
    }
    if (connection === current) retry();
  }

  return {
    want(topic) {
      const count = topics.get(topic) ?? 0;
      topics.set(topic, count + 1);
      if (count === 0) schedule(30);
      return () => {
        const left = (topics.get(topic) ?? 1) - 1;
        if (left > 0) topics.set(topic, left);
        else if (topics.delete(topic)) schedule(300);
      };
    },
    onEvent(listener) {
      events.add(listener);
      return () => events.delete(listener);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getFreshness: () => freshness,
    setVisible(next) {
      if (visible === next) return;
      visible = next;
      if (visible) schedule(0);
      else disconnect();
    },
  };
}
