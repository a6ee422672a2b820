import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Coordinator } from './coordinator.ts';
import type { Meter } from './session/ports.ts';
import type { SessionRegistry } from './session/registry.ts';

const KINDS = ['tab', 'widget', 'headless', 'house'] as const;
const CHANNELS = ['webrtc', 'websocket'] as const;

export interface Metrics {
  registry: Registry;
  meter: Meter;
  flushed(flush: { events: number; ms: number }): void;
  ignored(type: string, reason: string): void;
  requested(status: number): void;
  /** Adds the figures that are read from the running relay. */
  watch(coordinator: Coordinator, sessions: SessionRegistry): void;
}

/** Prometheus figures. Names end in their unit; labels take few values. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `reckon_${name}`, help, labelNames, registers });
  const messages = counter('channel_messages_total', 'Messages through node channels', ['direction']);
  const bytes = counter('channel_bytes_total', 'Bytes through node channels', ['direction']);
  const refusals = counter('refusals_total', 'Coded refusals given to nodes', ['code']);
  const ignored = counter('events_ignored_total', 'Events that changed nothing', ['type', 'reason']);
  const entries = counter('journal_entries_total', 'Journal entries appended');
  const busy = counter('slot_busy_seconds_total', 'Slot time computed, as nodes report');
  const slots = counter('slot_seconds_total', 'Slot time there was, as nodes report');
  const requests = counter('http_requests_total', 'HTTP answers', ['status']);
  const flush = new Histogram({
    name: 'reckon_journal_flush_seconds',
    help: 'Time of one journal append, flushed',
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5],
    registers,
  });
  return {
    registry,
    meter: {
      received(size) {
        messages.inc({ direction: 'in' });
        bytes.inc({ direction: 'in' }, size);
      },
      sent(size) {
        messages.inc({ direction: 'out' });
        bytes.inc({ direction: 'out' }, size);
      },
      refused: (code) => refusals.inc({ code }),
      busy(busyMs, slotMs) {
        // A node's word: bounded by what one heartbeat of 128 slots can hold.
        slots.inc(Math.min(slotMs, 10_000_000) / 1000);
        busy.inc(Math.min(busyMs, slotMs, 10_000_000) / 1000);
      },
    },
    flushed({ events, ms }) {
      entries.inc(events);
      flush.observe(ms / 1000);
    },
    ignored: (type, reason) => ignored.inc({ type, reason }),
    requested: (status) => requests.inc({ status: String(status) }),
    watch(coordinator, sessions) {
      new Gauge({
        name: 'reckon_nodes_connected',
        help: 'Nodes with an open session',
        labelNames: ['kind'],
        registers,
        collect() {
          const counts = sessions.countByKind();
          for (const kind of KINDS) this.set({ kind }, counts.get(kind) ?? 0);
        },
      });
      new Gauge({
        name: 'reckon_nodes_by_channel',
        help: 'Nodes with an open session, by how they are connected',
        labelNames: ['channel'],
        registers,
        collect() {
          const counts = sessions.countByChannel();
          for (const channel of CHANNELS) this.set({ channel }, counts.get(channel) ?? 0);
        },
      });
      new Gauge({
        name: 'reckon_units_accepted',
        help: 'Work units accepted since the journal began',
        registers,
        collect() {
          this.set(coordinator.state.totals.accepted);
        },
      });
      new Gauge({
        name: 'reckon_jobs_hot',
        help: 'Jobs in hot state',
        registers,
        collect() {
          this.set(coordinator.state.jobs.size);
        },
      });
    },
  };
}
