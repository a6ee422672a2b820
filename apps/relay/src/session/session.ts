import { toHex } from '@reckon/protocol/base/bytes';
import { ReckonError, toReckonError, toWire, type WireError } from '@reckon/protocol/base/errors';
import type { NodeId, WorkUnitId } from '@reckon/protocol/base/ids';
import type { WorkChannel } from '@reckon/protocol/base/ports';
import type { ShardEvent } from '@reckon/protocol/journal/entry';
import { type NodeMessage, type RelayMessage, WIRE_VERSION } from '@reckon/protocol/wire/messages';
import { parseNodeMessage } from '@reckon/protocol/wire/parse-message';
import { toJson } from '@reckon/protocol/base/json';
import type { NodeLink } from '../coordinator-ports.ts';
import { createDelegations } from './delegations.ts';
import { createChecks } from './checks.ts';
import { createDownloads } from './downloads.ts';
import { checkHello, type Hello } from './handshake.ts';
import type { SessionContext, SessionPorts } from './ports.ts';
import { createBucket } from './rate-limit.ts';
import { createResults } from './results.ts';
import { createUploads } from './uploads.ts';

/** What a node may say for no work: heartbeats, wishes for slots. A flood is cut off before it costs us anything. */
const MESSAGES_PER_SECOND = 200;
const MESSAGE_BURST = 1000;
/** What each lease allows besides, so that no pace of honest work is too fast: seal, result, bytes, a failure, a heartbeat. */
const MESSAGES_PER_LEASE = 5;
/** And for each blob it reads: a wish, and another after a damaged copy. */
const MESSAGES_PER_BLOB = 2;
/** Broken messages forgiven before the connection ends. */
const MAX_FAULTS = 20;
const FAULTS = new Set<string>(['MESSAGE_INVALID', 'MESSAGE_TOO_LARGE', 'MESSAGE_OUT_OF_ORDER']);
const MISSED_HEARTBEATS = 3;
/** A node that does not read what it is told is let go before it fills our memory. */
const MAX_BUFFERED = 16 * 1024 * 1024;

export interface Session {
  readonly nodeId: NodeId | undefined;
  readonly kind: Hello['kind'] | undefined;
  /** Ends the session because another connection of the same node took over. */
  replace(): void;
  close(reason: string): void;
  /** Ends the session if the node has been silent for too long. */
  checkAlive(): void;
}

export interface SessionEvents {
  joined(session: Session, nodeId: NodeId): void;
  ended(session: Session): void;
}

/** A refusal as the node is told it: what failed in here is for our log only. */
function told(thrown: unknown): WireError {
  const error = toWire(thrown);
  return error.code === 'UNEXPECTED' ? { code: error.code, details: { cause: 'the relay has a fault' } } : error;
}

/**
 * One node connection, from challenge to goodbye. Everything that arrives is hostile until parsed and checked.
 * `address` is where the connection comes from, as far as it is known.
 */
export function openSession(
  ports: SessionPorts,
  channel: WorkChannel,
  address: string | undefined,
  events: SessionEvents,
): Session {
  const { coordinator, clock } = ports;
  const challenge = toHex(ports.random.bytes(32));
  const bucket = createBucket(clock, MESSAGES_PER_SECOND, MESSAGE_BURST);
  let lastSeen = clock.now();
  let lastSeq = 0;
  let faults = 0;
  let over = false;
  let joined: ReturnType<typeof join> | undefined;

  function send(message: RelayMessage): void {
    if (over) return;
    if (channel.bufferedAmount > MAX_BUFFERED) return finish('it does not read');
    const text = toJson(message);
    try {
      channel.send(text);
      ports.meter.sent(text.length);
    } catch (error) {
      ports.log.debug({ error: toReckonError(error).code }, 'session.send-failed');
    }
  }

  function refuse(thrown: unknown, workUnitId?: WorkUnitId, fatal = false): void {
    const error = told(thrown);
    ports.meter.refused(error.code);
    if (error.code === 'UNEXPECTED') ports.log.error({ cause: toReckonError(thrown).message }, 'session.failed');
    send({ type: 'refused', error, fatal, ...(workUnitId === undefined ? {} : { workUnitId }) });
    if (fatal) finish(error.code);
  }

  function finish(reason: string, left?: 'bye' | 'lost'): void {
    if (over) return;
    over = true;
    if (joined !== undefined) {
      const { nodeId, link } = joined;
      // Another session of the node may hold the link by now: then the node has not left.
      if (coordinator.disconnect(nodeId, link)) {
        ports.progress.forgetNode(nodeId);
        void coordinator.submit({ type: 'node.left', at: coordinator.stamp(), nodeId, how: left ?? 'lost' });
      }
    }
    events.ended(session);
    channel.close(reason);
  }

  function join(hello: Hello) {
    const { nodeId, kind, agent, consent } = hello;
    const capabilities = checkHello(ports, challenge, hello);
    let welcomed = false;
    function welcome(): void {
      if (welcomed) return;
      welcomed = true;
      const payoutAddress = coordinator.state.nodes.get(nodeId)?.payout?.address ?? null;
      send({ type: 'welcome', nodeId, heartbeatMs: ports.heartbeatMs, payoutAddress });
    }
    // A rejoined node's leases come out of the same step as its welcome, and must follow it.
    const link: NodeLink = {
      send(message) {
        welcome();
        if (message.type === 'lease') bucket.earn(MESSAGES_PER_LEASE + MESSAGES_PER_BLOB * message.blobs.length);
        if (message.type === 'refused') ports.meter.refused(message.error.code);
        send(message);
      },
    };
    const context: SessionContext = {
      ports,
      nodeId,
      send,
      refuse,
      abandon(error) {
        ports.log.error({ error: toReckonError(error).message }, 'session.abandoned');
        finish(toReckonError(error).code);
      },
      async submit(event: ShardEvent) {
        await coordinator.submit(event);
      },
    };
    const results = createResults(context);
    coordinator.connect(nodeId, link);
    const at = coordinator.stamp();
    const network = coordinator.secrets.networkTag(address);
    const event = { type: 'node.joined' as const, at, nodeId, kind, agent, capabilities, consent, network };
    void coordinator.submit(event).then(welcome);
    return {
      nodeId,
      kind,
      link,
      context,
      results,
      checks: createChecks(context),
      delegations: createDelegations(context),
      expiresAt: consent.expiresAt,
      uploads: createUploads(results),
      downloads: createDownloads(context, channel),
    };
  }

  function heartbeat(current: NonNullable<typeof joined>, message: Extract<NodeMessage, { type: 'heartbeat' }>): void {
    ports.meter.busy(message.busyMs, message.slotMs);
    send({ type: 'heard' });
    if (message.rttMs !== undefined) coordinator.noteRoundTrip(current.nodeId, message.rttMs);
    const node = coordinator.state.nodes.get(current.nodeId);
    for (const { workUnitId, fraction } of message.units) {
      if (node?.held.has(workUnitId)) ports.progress.note(workUnitId, current.nodeId, fraction);
      // Its lease ended while the node was away: nobody will pay for what it computes there.
      else if (!node?.checking.has(workUnitId)) send({ type: 'revoked', workUnitId, reason: 'lease-ended' });
    }
    if (current.expiresAt * 1000 > clock.now()) return;
    const expiredAt = new Date(current.expiresAt * 1000).toISOString();
    refuse(new ReckonError('CONSENT_EXPIRED', { expiredAt }), undefined, true);
  }

  function handle(current: NonNullable<typeof joined>, message: Exclude<NodeMessage, { type: 'hello' }>): void {
    switch (message.type) {
      case 'ready':
        return coordinator.setSlots(current.nodeId, message.slots);
      case 'commit':
        return current.results.commit(message.seals);
      case 'reveal':
        return current.results.reveal(message.batch, message.salts);
      case 'checked':
        return current.checks.answer(message.workUnitId, message.answer);
      case 'failed':
        return current.results.fail(message.workUnitId, message.error.code);
      case 'heartbeat':
        return heartbeat(current, message);
      case 'delegate':
        return current.delegations.enter(message.delegation);
      case 'want':
        return current.downloads.want(message.digest, message.offset);
      case 'blob':
        return current.uploads.open(message);
      case 'bye':
        return finish('bye', 'bye');
    }
  }

  function receiveText(text: string): void {
    const message = parseNodeMessage(text);
    if (message.seq <= lastSeq) throw new ReckonError('MESSAGE_REPLAYED', { seq: message.seq, last: lastSeq });
    lastSeq = message.seq;
    if (message.type === 'hello') {
      if (joined !== undefined)
        throw new ReckonError('MESSAGE_OUT_OF_ORDER', { received: 'hello', expected: 'no second' });
      joined = join(message);
      events.joined(session, joined.nodeId);
      return;
    }
    if (joined === undefined) {
      throw new ReckonError('MESSAGE_OUT_OF_ORDER', { received: message.type, expected: 'hello' });
    }
    handle(joined, message);
  }

  /** One of the four outer catches: whatever a node sends, the process goes on. */
  function receive(data: string | Uint8Array): void {
    if (over) return;
    lastSeen = clock.now();
    ports.meter.received(data.length);
    try {
      if (typeof data !== 'string' && joined !== undefined) return joined.uploads.frame(data);
      if (!bucket.take()) throw new ReckonError('RATE_LIMITED', { retryAfterMs: 1000 });
      if (typeof data === 'string') return receiveText(data);
      throw new ReckonError('MESSAGE_OUT_OF_ORDER', { received: 'frame', expected: 'hello' });
    } catch (error) {
      const { code } = toReckonError(error);
      if (FAULTS.has(code)) faults++;
      // Before the hello nothing is forgiven; after it, some faults.
      const fatal = joined === undefined || code === 'RATE_LIMITED' || faults >= MAX_FAULTS;
      refuse(error, undefined, fatal);
    }
  }

  const session: Session = {
    get nodeId() {
      return joined?.nodeId;
    },
    get kind() {
      return joined?.kind;
    },
    replace: () => finish('another connection of this node took over'),
    close: (reason) => finish(reason),
    checkAlive() {
      if (clock.now() - lastSeen > MISSED_HEARTBEATS * ports.heartbeatMs) finish('no heartbeat');
    },
  };

  channel.onClose((reason) => finish(reason));
  channel.onMessage(receive);
  const { chainId, verifyingContract: settlement } = ports.domain;
  const relayId = coordinator.state.constants?.relayId ?? '';
  send({ type: 'challenge', v: WIRE_VERSION, relayId, challenge, chainId, settlement, time: clock.now() });
  return session;
}
