import { createPool } from '@reckon/kernels/engine/pool';
import { systemClock } from '@reckon/kernels/engine/system-clock';
import { spawnBrowserWorker } from '@reckon/kernels/engine/worker-browser';
import { connectByFirst, type Way } from '@reckon/node/channels/preferred';
import { connectWebSocket } from '@reckon/node/channels/websocket';
import { describeDevice } from '@reckon/node/device';
import { openIdentity } from '@reckon/node/identity';
import { createNode } from '@reckon/node/node';
import type { ReckonNode } from '@reckon/node/node-options';
import { fetchRelayConfig, fetchVerdicts, requestTicket, webSocketUrl } from '@reckon/node/relay-api';
import { defaultSettings, NodeSettings } from '@reckon/node/settings';
import type { ConsentGrant, NodeSnapshot } from '@reckon/node/snapshot';
import type { NodeStore } from '@reckon/node/store';
import { systemRandom } from '@reckon/node/system-random';
import type { PeerTarget } from '@reckon/node/channels/peer';
import type { NodeId } from '@reckon/protocol/base/ids';
import type { Log, NodeSigner, WorkChannel } from '@reckon/protocol/base/ports';
import { tryParse } from '@reckon/protocol/base/parse';
import { Seconds } from '@reckon/protocol/base/units';
import { CONSENT_MAX_SECONDS, CONSENT_TEXT_VERSION, signConsent } from '@reckon/protocol/model/consent';
import type { RelayConfig } from '@reckon/protocol/wire/http';
import * as v from 'valibot';
import type { EngineOptions } from './engine-messages.ts';
import { openStorage } from './storage.ts';

/** What is kept of a person's agreement. The signature is made anew for each relay, by the session key. */
const KeptConsent = v.object({ site: v.string(), textVersion: v.string(), grantedAt: Seconds });
type KeptConsent = v.InferOutput<typeof KeptConsent>;

const WEBRTC_MS = 5_000;
const WEBSOCKET_MS = 10_000;

/** Asks the page for a data channel. */
export type OpenPeer = (target: Omit<PeerTarget, 'Peer'>, signal: AbortSignal) => Promise<WorkChannel>;

/** A node in this browser, under the identity of its slot. */
export interface Engine {
  node: ReckonNode;
  /** The node's snapshot, with the end of a kept consent even before it is used. */
  snapshot(): NodeSnapshot;
  /** @param grant a new agreement; without one, the one kept is used if it is in force. */
  start(grant: ConsentGrant | undefined): Promise<void>;
  /** Withdraws the consent and deletes everything stored. */
  forget(): Promise<void>;
}

export async function openEngine(options: EngineOptions, slot: number, openPeer: OpenPeer, log: Log): Promise<Engine> {
  const { relayOrigin } = options;
  const { cores, ...capabilities } = await describeDevice();
  const defaults = { ...defaultSettings(cores), ...options.settings };
  const store = await openStorage({ slot, blobCapBytes: defaults.cacheBytes });
  const kept = tryParse(NodeSettings, await store.readRecord('settings'));
  const settings = kept.ok ? kept.value : defaults;
  if (kept.ok) await store.setBlobCap(settings.cacheBytes);
  const signer = await openIdentity(store, systemRandom);
  let consent = await readConsent(store);
  // Asked for at the first connection, which nobody makes before a person agrees.
  let config: Promise<RelayConfig> | undefined;

  async function connect(signal: AbortSignal): Promise<WorkChannel> {
    config ??= fetchRelayConfig(relayOrigin, signal);
    const relay = await config.catch((error: unknown) => {
      config = undefined;
      throw error;
    });
    return connectByFirst(waysTo(relay, options, signer, openPeer), log, signal);
  }

  const node = await createNode({
    connect,
    openPool: (size) => createPool({ spawn: spawnBrowserWorker, size }),
    signer,
    store,
    clock: systemClock,
    random: systemRandom,
    log,
    consent: (domain, skew) =>
      consent !== undefined && inForce(consent)
        ? signConsent(domain, signer, consent.site, consent.grantedAt + skew)
        : undefined,
    kind: options.kind,
    agent: 'reckon web',
    capabilities,
    settings,
    fetchVerdicts: (nodeId: NodeId) => fetchVerdicts(relayOrigin, nodeId),
  });

  return {
    node,
    snapshot() {
      const snapshot = node.snapshot();
      const keptUntil = consent === undefined ? null : (consent.grantedAt + CONSENT_MAX_SECONDS) * 1000;
      return { ...snapshot, consentExpiresAt: snapshot.consentExpiresAt ?? keptUntil };
    },
    async start(grant) {
      if (grant !== undefined) {
        const grantedAt = Math.floor(grant.grantedAt / 1000);
        consent = { site: grant.site, textVersion: CONSENT_TEXT_VERSION, grantedAt };
        await store.writeRecord('consent', consent);
      }
      node.start();
    },
    async forget() {
      consent = undefined;
      node.close();
      await store.clear();
    },
  };
}

async function readConsent(store: NodeStore): Promise<KeptConsent | undefined> {
  const parsed = tryParse(KeptConsent, await store.readRecord('consent'));
  return parsed.ok && inForce(parsed.value) ? parsed.value : undefined;
}

const inForce = ({ textVersion, grantedAt }: KeptConsent): boolean =>
  textVersion === CONSENT_TEXT_VERSION && grantedAt + CONSENT_MAX_SECONDS > Date.now() / 1000;

function waysTo(relay: RelayConfig, options: EngineOptions, signer: NodeSigner, openPeer: OpenPeer): Way[] {
  const origin = options.relayOrigin;
  const webSocket: Way = {
    name: 'WebSocket',
    timeoutMs: WEBSOCKET_MS,
    connect: (signal) => connectWebSocket(webSocketUrl(origin, relay), signal),
  };
  if (!options.webRtc) return [webSocket];
  const { path, relayPeerId } = relay.signalling;
  const webRtc: Way = {
    name: 'WebRTC',
    timeoutMs: WEBRTC_MS,
    async connect(signal) {
      const ticket = await requestTicket(origin, signer.nodeId, signal);
      return openPeer({ origin, path, relayPeerId, ticket }, signal);
    },
  };
  return [webRtc, webSocket];
}
