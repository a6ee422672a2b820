import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Coordinator } from './coordinator.ts';
import { trustOf } from './network.ts';
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
      const gauge = (name: string, help: string, read: () => number) =>
        new Gauge({
          name: `reckon_${name}`,
          help,
          registers,
          collect() {
            this.set(read());
          },
        });
      const trust = () => trustOf(coordinator.state);
      const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
      gauge('units_accepted', 'Work units accepted since the journal began', () => trust().accepted);
      gauge('units_verified', 'Of them, with a check stronger than a vote', () => trust().verified);
      gauge('executions', 'Results taken, and work of checkers in results', () => trust().executions);
      gauge('disputed', 'Disputes over results that the relay had to settle', () => trust().disputed);
      gauge('canaries', 'Leases on units whose answer was known', () => trust().canaries);
      gauge('canaries_forged', 'Of them, those that brought something wrong', () => trust().canariesForged);
      gauge('caught', 'Identities caught with something wrong', () => trust().caught);
      gauge('results_voided', 'Results void because their identity was caught', () => trust().voided);
      gauge('verified_share', 'Share of accepted units with a check stronger than a vote', () =>
        share(trust().verified, trust().accepted),
      );
      gauge('executions_per_unit', 'What an accepted unit costs in results', () =>
        share(trust().executions, trust().accepted),
      );
      gauge('jobs_hot', 'Jobs in hot state', () => coordinator.state.jobs.size);
    },
  };
}
