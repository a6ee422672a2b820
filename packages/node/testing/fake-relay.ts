import { toHex, toUtf8 } from '@reckon/protocol/base/bytes';
import { ReckonError, toWire, type WireError } from '@reckon/protocol/base/errors';
import { hashBlob, hashUnitInput, hashWorkUnit, sha256 } from '@reckon/protocol/base/hash';
import type { Address, BlobDigest, JobId, KernelDigest, NodeId, WorkUnitId } from '@reckon/protocol/base/ids';
import { toJson } from '@reckon/protocol/base/json';
import type { WorkChannel } from '@reckon/protocol/base/ports';
import { recoverAddress } from '@reckon/protocol/base/signature';
import { recoverBatchSigner, type ResultLeaf } from '@reckon/protocol/model/attestation';
import { type ChunkAnswer, recoverCheckSigner } from '@reckon/protocol/model/check-answer';
import { consentProblem } from '@reckon/protocol/model/consent';
import { sealResult } from '@reckon/protocol/trust/seal';
import { decodeFrame, frameBlob } from '@reckon/protocol/wire/framing';
import { recoverHelloSigner } from '@reckon/protocol/wire/handshake';
import { type Lease, type NodeMessage, type RelayMessage, WIRE_VERSION } from '@reckon/protocol/wire/messages';
import { parseNodeMessage } from '@reckon/protocol/wire/parse-message';
import { traceRootOf } from '../src/trace-root.ts';
import { echoChunks } from './fake-pool.ts';
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
  /** Leases chunks of a posted unit's kind as a check. */
  check(index: number, chunks: readonly number[]): Lease;
  /** What was answered to checks. */
  readonly answers: ReadonlyMap<WorkUnitId, readonly ChunkAnswer[]>;
  /** Sends a message on the connection there is; a lease given so is a new one, whose seal may be another. */
  send(message: RelayMessage): void;
  /** Loses the connection. */
  cut(): void;
  /** Stops answering heartbeats, as a network that went away does. */
  mute: boolean;
  /** Refuses each hello with this. */
  refusal: WireError | undefined;
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
  /** The seal of each unit; a second one that differs is a fault. */
  readonly seals: ReadonlyMap<WorkUnitId, string>;
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
  const seals = new Map<WorkUnitId, string>();
  const answers = new Map<WorkUnitId, readonly ChunkAnswer[]>();
  const revealed = new Map<WorkUnitId, ResultLeaf>();
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
    if (relay.refusal !== undefined) return send({ type: 'refused', fatal: true, error: relay.refusal });
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

  const nodeId = () => (received.find(({ type }) => type === 'hello') as { nodeId: NodeId }).nodeId;

  function commit({ workUnitId, seal }: { workUnitId: WorkUnitId; seal: string }): void {
    if (!leased.has(workUnitId) && !stored.has(workUnitId)) {
      const error = toWire(new ReckonError('LEASE_MISSING', { workUnitId, nodeId: 'it' }));
      return send({ type: 'refused', error, fatal: false, workUnitId });
    }
    const key = `${connections}:${workUnitId}`;
    commits.set(key, (commits.get(key) ?? 0) + 1);
    if ((seals.get(workUnitId) ?? seal) !== seal) fault(`two seals of ${workUnitId}`);
    if (stored.has(workUnitId) && relay.confirms) fault(`a stored result was sent again: ${workUnitId}`);
    seals.set(workUnitId, seal);
  }

  function reveal({ batch, salts }: Extract<NodeMessage, { type: 'reveal' }>): void {
    if (recoverBatchSigner(DOMAIN, nodeId(), batch, recoverAddress) !== nodeId()) fault('batch signature');
    if (salts.length !== batch.leaves.length) fault('a salt for each leaf');
    for (const [i, leaf] of batch.leaves.entries()) {
      const { workUnitId, resultDigest, traceRoot } = leaf;
      if (!seals.has(workUnitId)) {
        if (leased.has(workUnitId)) fault(`revealed before its seal: ${workUnitId}`);
        continue;
      }
      const salt = salts[i] as `0x${string}`;
      const seal = sealResult({ nodeId: nodeId(), workUnitId, resultDigest, traceRoot, salt });
      if (seal !== seals.get(workUnitId)) fault(`the seal of ${workUnitId} does not open`);
      revealed.set(workUnitId, leaf);
    }
  }

  function keep(digest: BlobDigest, bytes: Uint8Array): void {
    if (hashBlob(bytes) !== digest) return fault(`bytes do not fit ${digest}`);
    const fitting = [...revealed.values()].filter(
      (leaf) => leaf.resultDigest === digest && leased.has(leaf.workUnitId),
    );
    for (const { workUnitId, kernelDigest, traceRoot } of fitting) {
      const { params } = leased.get(workUnitId) as Lease;
      if (kernelDigest === KERNEL.digest && traceRoot !== traceRootOf(echoChunks, params, bytes)) fault('trace root');
    }
    if (!relay.confirms) return;
    for (const { workUnitId } of fitting) {
      leased.delete(workUnitId);
      stored.set(workUnitId, digest);
    }
    if (fitting.length > 0) send({ type: 'stored', workUnitIds: fitting.map(({ workUnitId }) => workUnitId) });
    offer();
  }

  function hearCheck({ workUnitId, answer }: Extract<NodeMessage, { type: 'checked' }>): void {
    if (recoverCheckSigner(DOMAIN, nodeId(), workUnitId, answer, recoverAddress) !== nodeId()) fault('check signature');
    if (leased.get(workUnitId)?.chunks === undefined) return fault(`nobody asked for a check of ${workUnitId}`);
    answers.set(workUnitId, answer.chunks);
    leased.delete(workUnitId);
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
      if (message.type === 'commit') message.seals.forEach(commit);
      if (message.type === 'reveal') reveal(message);
      if (message.type === 'checked' && !relay.mute) hearCheck(message);
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
    refusal: undefined,
    confirms: true,
    damaged,
    received,
    stored,
    answers,
    seals,
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
    check(index, chunks) {
      const lease = relay.post(index);
      const check = { ...lease, chunks: [...chunks] };
      const at = queue.indexOf(lease);
      if (at < 0) throw new Error('it is leased whole already: ask for the check before there are slots');
      queue[at] = check;
      return check;
    },
    send(message) {
      if (message.type === 'lease') seals.delete(message.workUnitId);
      send(message);
    },
    cut: () => channel?.cut(),
  };
  return relay;
}
