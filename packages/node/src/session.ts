import { fromWire, ReckonError } from '@reckon/protocol/base/errors';
import type { Clock, Log, NodeSigner, WorkChannel } from '@reckon/protocol/base/ports';
import type { TypedDomain } from '@reckon/protocol/base/typed-data';
import type { Millis, Seconds } from '@reckon/protocol/base/units';
import type { SignedConsent } from '@reckon/protocol/model/consent';
import type { Capabilities } from '@reckon/protocol/wire/capabilities';
import { decodeFrame, type Frame } from '@reckon/protocol/wire/framing';
import { signHello } from '@reckon/protocol/wire/handshake';
import { type NodeKind, type RelayMessage, WIRE_VERSION } from '@reckon/protocol/wire/messages';
import { parseRelayMessage } from '@reckon/protocol/wire/parse-message';
import { createLink, type Link, type Outgoing, type Traffic } from './link.ts';

type Of<T extends RelayMessage['type']> = Extract<RelayMessage, { type: T }>;
/** What follows the handshake. */
export type WorkMessage = Exclude<RelayMessage, Of<'challenge'> | Of<'welcome'> | Of<'heard'>>;

/**
 * Heartbeats without a word of the relay after which a connection is given up: a network that went away says nothing.
 * Patient, because a heartbeat waits behind a megabyte of results on a slow uplink.
 */
const MISSED_HEARTBEATS = 12;

const MAX_RTT_MS = 600_000;

export interface SessionOptions {
  channel: WorkChannel;
  signer: NodeSigner;
  kind: NodeKind;
  agent: string;
  capabilities: Capabilities;
  /** The consent in force, signed for this relay's domain; undefined when there is none. `skew`: see `NodeOptions.consent`. */
  consent: (domain: TypedDomain, skew: Seconds) => SignedConsent | undefined;
  /** How far each unit is, and how busy the slots were. */
  heartbeat: () => Omit<Extract<Outgoing, { type: 'heartbeat' }>, 'type'>;
  traffic: Traffic;
  clock: Clock;
  log: Log;
  onWelcome: (link: Link, domain: TypedDomain, welcome: Of<'welcome'>) => void;
  onMessage: (message: WorkMessage) => void;
  onFrame: (frame: Frame) => void;
}

export interface Session {
  /** Sends unless the connection has ended. */
  send(message: Outgoing): void;
  /** Resolves when the connection has ended, with the refusal that ended it, if one did. */
  readonly ended: Promise<ReckonError | undefined>;
  /** Says goodbye if it can, and closes. */
  leave(reason: string): void;
}

/** One connection's life: challenge → hello → welcome → messages. Hostile or misplaced messages close it. */
export function openSession(options: SessionOptions): Session {
  const { channel, signer, log, traffic, clock } = options;
  const link = createLink(channel, traffic);
  const { promise: ended, resolve } = Promise.withResolvers<ReckonError | undefined>();
  let stage: 'new' | 'greeted' | 'welcome' | 'over' = 'new';
  let domain: TypedDomain | undefined;
  let consent: SignedConsent | undefined;
  let skew: Seconds = 0;
  let heardAt = clock.now();
  /** When the heartbeats were sent that are not answered yet, and how long the last answer took. */
  const beats: Millis[] = [];
  let rttMs: Millis | undefined;
  const over = new AbortController();

  function end(error?: ReckonError): void {
    if (stage === 'over') return;
    stage = 'over';
    over.abort(new ReckonError('CHANNEL_CLOSED', { reason: 'ended' }));
    channel.close(error?.code ?? 'done');
    resolve(error);
  }

  function greet(challenge: Of<'challenge'>): void {
    if (challenge.v !== WIRE_VERSION) {
      return end(new ReckonError('PROTOCOL_VERSION', { expected: challenge.v, received: WIRE_VERSION }));
    }
    domain = { chainId: challenge.chainId, verifyingContract: challenge.settlement };
    skew = Math.round((challenge.time - clock.now()) / 1000);
    consent = options.consent(domain, skew);
    if (consent === undefined) return end(new ReckonError('CONSENT_MISSING', { reason: 'nobody has agreed' }));
    const { relayId, challenge: nonce } = challenge;
    const { kind, agent, capabilities } = options;
    const signature = signHello(domain, signer, relayId, nonce);
    stage = 'greeted';
    link.send({ type: 'hello', v: WIRE_VERSION, nodeId: signer.nodeId, kind, agent, capabilities, consent, signature });
  }

  async function beat(everyMs: Millis): Promise<void> {
    for (;;) {
      await clock.sleep(everyMs, over.signal).catch(() => undefined);
      if (stage === 'over') return;
      if (clock.now() - heardAt > MISSED_HEARTBEATS * everyMs) {
        return end(new ReckonError('CHANNEL_CLOSED', { reason: 'the relay is silent' }));
      }
      const endsAt = ((consent?.expiresAt ?? 0) - skew) * 1000;
      // Ended consent ends the session: the next hello needs a new one, or the node is blocked.
      if (endsAt <= clock.now()) return leave('consent ended');
      beats.push(clock.now());
      send({ type: 'heartbeat', ...options.heartbeat(), ...(rttMs === undefined ? {} : { rttMs }) });
    }
  }

  function send(message: Outgoing): void {
    try {
      link.send(message);
    } catch (error) {
      log.debug({ type: message.type, cause: String(error) }, 'session.not-sent'); // its end is told by `onClose`
    }
  }

  function leave(reason: string): void {
    if (stage === 'welcome') send({ type: 'bye', reason });
    end();
  }

  /** Answers come in the order of the heartbeats. */
  function hear(): void {
    const sentAt = beats.shift();
    if (sentAt !== undefined) rttMs = Math.min(MAX_RTT_MS, Math.max(0, Math.round(clock.now() - sentAt)));
  }

  function receive(message: RelayMessage): void {
    if (message.type === 'refused' && message.fatal) return end(fromWire(message.error));
    if (stage === 'new' && message.type === 'challenge') return greet(message);
    if (stage === 'greeted' && message.type === 'welcome' && domain !== undefined) {
      stage = 'welcome';
      void beat(message.heartbeatMs);
      return options.onWelcome(link, domain, message);
    }
    if (stage !== 'welcome' || message.type === 'challenge' || message.type === 'welcome') {
      const expected = { new: 'challenge', greeted: 'welcome', welcome: 'work', over: 'nothing' }[stage];
      throw new ReckonError('MESSAGE_OUT_OF_ORDER', { received: message.type, expected });
    }
    if (message.type === 'heard') return hear();
    options.onMessage(message);
  }

  channel.onClose((reason) => {
    if (stage !== 'over') end(new ReckonError('CHANNEL_CLOSED', { reason }));
  });
  channel.onMessage((data) => {
    if (stage === 'over') return;
    heardAt = clock.now();
    traffic.messagesIn++;
    traffic.bytesIn += data.length;
    try {
      if (typeof data === 'string') receive(parseRelayMessage(data));
      else if (stage === 'welcome') options.onFrame(decodeFrame(data));
    } catch (error) {
      if (!(error instanceof ReckonError)) log.error({ cause: String(error) }, 'session.failed');
      end(error instanceof ReckonError ? error : new ReckonError('UNEXPECTED', { cause: String(error) }));
    }
  });

  return { ended, send, leave };
}
