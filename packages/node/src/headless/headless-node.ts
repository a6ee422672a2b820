import { mkdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { createPool } from '@reckon/kernels/engine/pool';
import { systemClock } from '@reckon/kernels/engine/system-clock';
import { spawnNodeWorker } from '@reckon/kernels/engine/worker-node';
import type { Log } from '@reckon/protocol/base/ports';
import { createKeySigner } from '@reckon/protocol/base/signature';
import { hashTypedData, type TypedDomain } from '@reckon/protocol/base/typed-data';
import { Address } from '@reckon/protocol/base/ids';
import { parse, tryParse } from '@reckon/protocol/base/parse';
import { CONSENT_MAX_SECONDS, signConsent } from '@reckon/protocol/model/consent';
import type { SignedDelegation } from '@reckon/protocol/model/delegation';
import type { RelayConfig } from '@reckon/protocol/wire/http';
import { loadNodePeer } from '../channels/node-peer.ts';
import { connectPeer } from '../channels/peer.ts';
import { connectByFirst, type Way } from '../channels/preferred.ts';
import { connectWebSocket } from '../channels/websocket.ts';
import { describeDevice } from '../device.ts';
import { openIdentity } from '../identity.ts';
import { createNode } from '../node.ts';
import type { ReckonNode } from '../node-options.ts';
import { fetchRelayConfig, fetchVerdicts, requestTicket, webSocketUrl } from '../relay-api.ts';
import { defaultSettings, NodeSettings } from '../settings.ts';
import { systemRandom } from '../system-random.ts';
import { openFileStore } from './file-store.ts';
import { lockFolder } from './folder-lock.ts';

export interface HeadlessOptions {
  /** The relay's origin, `http://127.0.0.1:8787`. */
  relayUrl: string;
  /** Folder of the key, the cache and unsent results; made when absent. */
  dataDir: string;
  /** `house` for a node its relay's operator runs, shown as such. */
  kind: 'headless' | 'house';
  /** Kernel workers; by default half the cores, at most four. */
  workers?: number;
  /** What its electricity emits, g CO₂/kWh, and the hours of the UTC day in which it is green, as its operator declares. */
  power?: Pick<NodeSettings, 'gramsCo2PerKwh' | 'greenHours'>;
  /** `websocket` unless WebRTC is asked for, which falls back to it. */
  transport?: 'websocket' | 'webrtc';
  /** Handed to RTCPeerConnection, for `webrtc`. */
  rtcConfig?: RTCConfiguration;
  /** Secret key of the account that rewards go to; signs one delegation. */
  payoutKey?: Uint8Array;
  /** How the node names its program to the relay. */
  agent?: string;
  log: Log;
}

/** Memory of one kernel worker. */
const WORKER_BYTES = 1024 ** 3;
const WAY_MS = 10_000;

/**
 * A volunteer without a screen. Its operator agrees by starting it: the consent is for the site `headless` and is renewed
 * at each connection. Prints nothing; subscribe and read `snapshot()`. The node is off until `start()`.
 * @throws {ReckonError} RELAY_UNREACHABLE, DATA_LOCKED
 */
export async function createHeadlessNode(options: HeadlessOptions): Promise<ReckonNode> {
  const { dataDir, log } = options;
  const origin = new URL(options.relayUrl).origin;
  const config = await fetchRelayConfig(origin);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(dataDir);
  process.once('exit', unlock);
  try {
    return await openNode(options, origin, config, unlock);
  } catch (error) {
    unlock();
    throw error;
  }

  async function openNode(
    { kind, agent = 'reckon node', workers, power }: HeadlessOptions,
    relay: string,
    relayConfig: RelayConfig,
    release: () => void,
  ): Promise<ReckonNode> {
    const defaults = defaultSettings(cpus().length);
    const store = await openFileStore(dataDir, defaults.cacheBytes);
    const kept = tryParse(NodeSettings, await store.readRecord('settings'));
    const settings = { ...(kept.ok ? kept.value : defaults), ...(workers === undefined ? {} : { workers }), ...power };
    const signer = await openIdentity(store, systemRandom);
    const { cores: _cores, ...capabilities } = await describeDevice();
    const node = await createNode({
      connect: (signal) => connectByFirst(waysTo(options, relay, relayConfig, signer.nodeId), log, signal),
      openPool: (size) => createPool({ spawn: spawnNodeWorker({ limitBytes: WORKER_BYTES }), size }),
      signer,
      store,
      clock: systemClock,
      random: systemRandom,
      log,
      consent: (domain, skew) => signConsent(domain, signer, 'headless', Math.floor(Date.now() / 1000) + skew),
      kind,
      agent,
      capabilities,
      settings,
      fetchVerdicts: (nodeId) => fetchVerdicts(relay, nodeId),
    });
    if (options.payoutKey !== undefined) node.linkWallet(delegate(options.payoutKey, node.nodeId, relayConfig));
    return {
      ...node,
      close() {
        node.close();
        release();
      },
    };
  }
}

function waysTo(options: HeadlessOptions, origin: string, config: RelayConfig, nodeId: ReckonNode['nodeId']): Way[] {
  const webSocket: Way = {
    name: 'WebSocket',
    timeoutMs: WAY_MS,
    connect: (signal) => connectWebSocket(webSocketUrl(origin, config), signal),
  };
  if (options.transport !== 'webrtc') return [webSocket];
  const { path, relayPeerId } = config.signalling;
  const webRtc: Way = {
    name: 'WebRTC',
    timeoutMs: WAY_MS,
    async connect(signal) {
      const [Peer, ticket] = await Promise.all([loadNodePeer(), requestTicket(origin, nodeId, signal)]);
      const { rtcConfig = {} } = options;
      return connectPeer({ origin, path, relayPeerId, ticket, rtcConfig, Peer }, signal);
    },
  };
  return [webRtc, webSocket];
}

/** A delegation good for a year, by an account whose key is at hand. */
function delegate(payoutKey: Uint8Array, nodeKey: ReckonNode['nodeId'], config: RelayConfig): SignedDelegation {
  const domain: TypedDomain = { chainId: config.chainId, verifyingContract: config.contracts.settlement };
  const wallet = createKeySigner(payoutKey);
  const expiry = Math.floor(Date.now() / 1000) + 365 * CONSENT_MAX_SECONDS;
  const payoutAddress = parse(Address, wallet.nodeId);
  const message = { nodeKey, payoutAddress, scopes: 'rewards' as const, expiry };
  return { ...message, signature: wallet.sign(hashTypedData(domain, 'Delegation', message)) };
}
