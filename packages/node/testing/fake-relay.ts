import { toHex, toUtf8 } from '@reckon/protocol/base/bytes';
import { ReckonError, toWire } from '@reckon/protocol/base/errors';
import { hashBlob, hashUnitInput, hashWorkUnit, sha256 } from '@reckon/protocol/base/hash';
import type { Address, BlobDigest, JobId, KernelDigest, NodeId, WorkUnitId } from '@reckon/protocol/base/ids';
import { toJson } from '@reckon/protocol/base/json';
import type { WorkChannel } from '@reckon/protocol/base/ports';
import { recoverAddress } from '@reckon/protocol/base/signature';
import { recoverBatchSigner, type ResultLeaf } from '@reckon/protocol/model/attestation';
import { consentProblem } from '@reckon/protocol/model/consent';
import { decodeFrame, frameBlob } from '@reckon/protocol/wire/framing';
import { recoverHelloSigner } from '@reckon/protocol/wire/handshake';
import { type Lease, type NodeMessage, type RelayMessage, WIRE_VERSION } from '@reckon/protocol/wire/messages';
import { parseNodeMessage } from '@reckon/protocol/wire/parse-message';
import { createChannelPair, type MemoryChannel } from './memory-channel.ts';

export const DOMAIN = { chainId: 31337, verifyingContract: `0x${'5e'.repeat(20)}` as Address };
const RELAY_ID = 'fake-relay';
const JOB = toHex(sha256(toUtf8('job'))) as JobId;
export const KERNEL = { name: 'echo@1.0.0', digest: toHex(sha256(toUtf8('echo'))) as KernelDigest };
export const HEARTBEAT_MS = 5_000;

/** A relay that speaks the real wire and checks every signature, with a script instead of rules. */
export interface FakeRelay {
  connect(): Promise<WorkChannel>;
  /** Puts a unit on offer; it is leased to whoever has credit. */
  post(index: number, blobs?: readonly Uint8Array[], work?: Pick<Lease, 'kernel' | 'params'>): Lease;
  /** Sends a message on the connection there is. */
  send(message: RelayMessage): void;
  /** Loses the connection. */
  cut(): void;
  /** Stops answering heartbeats, as a network that went away does. */
  mute: boolean;
  /** Keeps connections from opening. */
  down: boolean;
  /** Sends each of these blobs damaged once, then right. */
  readonly damaged: Set<BlobDigest>;
  /** Keeps bytes but does not confirm them. */
  confirms: boolean;
  /** Every message received, in order. */
  readonly received: NodeMessage[];
  /** Units whose bytes are safe here, by digest. */
  readonly stored: ReadonlyMap<WorkUnitId, BlobDigest>;
  /** Commits per unit and connection: more than one on the same connection is a fault. */
  readonly commits: ReadonlyMap<string, number>;
  readonly faults: string[];
  readonly connections: number;
}

export function createFakeRelay(now: () => number): FakeRelay {
  const blobs = new Map<BlobDigest, Uint8Array>();
  const queue: Lease[] = [];
  const leased = new Map<WorkUnitId, Lease>();
  const stored = new Map<WorkUnitId, BlobDigest>();
  const committed = new Map<WorkUnitId, ResultLeaf>();
  const commits = new Map<string, number>();
  const received: NodeMessage[] = [];
  const faults: string[] = [];
  const damaged = new Set<BlobDigest>();
  let channel: MemoryChannel | undefined;
  let connections = 0;
  let slots = 0;
  let streams = 0;

  const send = (message: RelayMessage) => channel?.send(toJson(message));
  const fault = (what: string) => {
    faults.push(what);
  };

  function offer(): void {
    while (channel !== undefined && leased.size < slots && queue.length > 0) {
      const lease = queue.shift() as Lease;
      leased.set(lease.workUnitId, lease);
      send(lease);
    }
  }

  function greet(hello: Extract<NodeMessage, { type: 'hello' }>, challenge: `0x${string}`): void {
    const { nodeId, signature, consent } = hello;
    const signer = recoverHelloSigner(DOMAIN, nodeId, RELAY_ID, challenge, signature, recoverAddress);
    if (signer !== nodeId) fault('hello is not signed by its node');
    const problem = consentProblem(DOMAIN, consent, nodeId, Math.floor(now() / 1000), recoverAddress);
    if (problem !== undefined) {
      return send({
        type: 'refused',
        fatal: true,
        error: toWire(new ReckonError('CONSENT_MISSING', { reason: problem })),
      });
    }
    send({ type: 'welcome', nodeId, heartbeatMs: HEARTBEAT_MS, payoutAddress: null });
    for (const lease of leased.values()) send(lease); // a node that comes back is told what it still holds
  }

  function commit(leaves: readonly ResultLeaf[]): void {
    for (const leaf of leaves) {
      const { workUnitId } = leaf;
      if (!leased.has(workUnitId) && !stored.has(workUnitId)) {
        const error = toWire(new ReckonError('LEASE_MISSING', { workUnitId, nodeId: 'it' }));
        send({ type: 'refused', error, fatal: false, workUnitId });
        continue;
      }
      const key = `${connections}:${leaf.workUnitId}`;
      commits.set(key, (commits.get(key) ?? 0) + 1);
      const before = committed.get(leaf.workUnitId);
      if (before !== undefined && before.resultDigest !== leaf.resultDigest) fault(`two results of ${leaf.workUnitId}`);
      if (stored.has(leaf.workUnitId) && relay.confirms) fault(`a stored result was sent again: ${leaf.workUnitId}`);
      committed.set(leaf.workUnitId, leaf);
    }
  }

  function keep(digest: BlobDigest, bytes: Uint8Array): void {
    if (hashBlob(bytes) !== digest) return fault(`bytes do not fit ${digest}`);
    const fitting = [...committed.values()].filter(
      (leaf) => leaf.resultDigest === digest && leased.has(leaf.workUnitId),
    );
    if (!relay.confirms) return;
    for (const { workUnitId } of fitting) {
      leased.delete(workUnitId);
      stored.set(workUnitId, digest);
    }
    if (fitting.length > 0) send({ type: 'stored', workUnitIds: fitting.map(({ workUnitId }) => workUnitId) });
    offer();
  }

  function serve(digest: BlobDigest, offset: number): void {
    const blob = blobs.get(digest);
    if (blob === undefined) return send({ type: 'missing', digest });
    const bytes = blob.slice();
    if (damaged.delete(digest)) bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
    const stream = ++streams;
    send({ type: 'blob', stream, digest, size: bytes.length, offset });
    for (const frame of frameBlob(stream, bytes, offset)) channel?.send(frame);
  }

  function begin(end: MemoryChannel): void {
    const challenge = toHex(sha256(toUtf8(`challenge ${++connections}`)));
    const uploads = new Map<number, { digest: BlobDigest; bytes: Uint8Array; received: number }>();
    let lastSeq = 0;
    channel = end;
    slots = 0;
    end.onClose(() => {
      if (channel === end) channel = undefined;
    });
    end.onMessage((data) => {
      if (typeof data !== 'string') {
        const { stream, offset, payload } = decodeFrame(data);
        const upload = uploads.get(stream);
        if (upload === undefined || upload.received !== offset) return fault('a frame out of place');
        upload.bytes.set(payload, offset);
        upload.received += payload.length;
        if (upload.received === upload.bytes.length) keep(upload.digest, upload.bytes);
        return;
      }
      const message = parseNodeMessage(data);
      if (message.seq <= lastSeq) fault(`seq ${message.seq} after ${lastSeq}`);
      lastSeq = message.seq;
      received.push(message);
      if (message.type === 'hello') greet(message, challenge);
      if (message.type === 'heartbeat' && !relay.mute) send({ type: 'heard' });
      if (message.type === 'ready') slots = message.slots;
      if (message.type === 'commit') {
        const nodeId = (received.find(({ type }) => type === 'hello') as { nodeId: NodeId }).nodeId;
        if (recoverBatchSigner(DOMAIN, nodeId, message.batch, recoverAddress) !== nodeId) fault('batch signature');
        commit(message.batch.leaves);
      }
      if (message.type === 'failed') leased.delete(message.workUnitId);
      if (message.type === 'want') serve(message.digest, message.offset);
      if (message.type === 'blob') {
        const { stream, digest, size } = message;
        uploads.set(stream, { digest, bytes: new Uint8Array(size), received: 0 });
      }
      if (message.type === 'bye') {
        queue.unshift(...leased.values());
        leased.clear();
      }
      offer();
    });
    const { chainId, verifyingContract: settlement } = DOMAIN;
    send({ type: 'challenge', v: WIRE_VERSION, relayId: RELAY_ID, challenge, chainId, settlement, time: now() });
  }

  const relay: FakeRelay = {
    down: false,
    mute: false,
    confirms: true,
    damaged,
    received,
    stored,
    commits,
    faults,
    get connections() {
      return connections;
    },
    async connect() {
      if (relay.down) throw new ReckonError('CHANNEL_UNAVAILABLE', { tried: 'memory', cause: 'The relay is down.' });
      const [nodeEnd, relayEnd] = createChannelPair();
      begin(relayEnd);
      return nodeEnd;
    },
    post(index, contents = [], work = { kernel: KERNEL, params: JSON.stringify({ index }) }) {
      const refs = contents.map((bytes, place) => {
        const digest = hashBlob(bytes);
        blobs.set(digest, bytes);
        return { name: `blob-${place}`, digest, size: bytes.length };
      });
      const { kernel, params } = work;
      const lease: Lease = {
        type: 'lease',
        workUnitId: hashWorkUnit(JOB, 0, index),
        jobId: JOB,
        index,
        units: 100,
        title: 'Echo',
        requesterLabel: 'Ada',
        kernel,
        params,
        blobs: refs,
        inputDigest: hashUnitInput(params, refs),
        leaseMs: 60_000,
        credits: 3,
        reward: 5n,
      };
      queue.push(lease);
      offer();
      return lease;
    },
    send,
    cut: () => channel?.cut(),
  };
  return relay;
}
