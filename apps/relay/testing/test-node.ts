import type { KernelRules } from '@reckon/kernels/kernel';
import { fromHex, toHex, toUtf8 } from '@reckon/protocol/base/bytes';
import { hashBlob, sha256 } from '@reckon/protocol/base/hash';
import type { Hash, WorkUnitId } from '@reckon/protocol/base/ids';
import { toJson } from '@reckon/protocol/base/json';
import type { NodeSigner, WorkChannel } from '@reckon/protocol/base/ports';
import { createKeySigner } from '@reckon/protocol/base/signature';
import type { TypedDomain } from '@reckon/protocol/base/typed-data';
import { NO_TRACE, type ResultLeaf, type Salt, signBatch } from '@reckon/protocol/model/attestation';
import { type ChunkAnswer, signCheck } from '@reckon/protocol/model/check-answer';
import { signConsent } from '@reckon/protocol/model/consent';
import type { KernelRef } from '@reckon/protocol/model/kernel-manifest';
import { chunkDigest } from '@reckon/protocol/trust/chunk-tree';
import { sealResult } from '@reckon/protocol/trust/seal';
import { frameBlob } from '@reckon/protocol/wire/framing';
import { signHello } from '@reckon/protocol/wire/handshake';
import { type Lease, type NodeMessage, type RelayMessage, WIRE_VERSION } from '@reckon/protocol/wire/messages';
import { parseRelayMessage } from '@reckon/protocol/wire/parse-message';
import type * as v from 'valibot';
import { chunksOf } from '../src/evidence/chunks.ts';

export type LeaseMessage = v.InferOutput<typeof Lease>;
type Message<T extends RelayMessage['type']> = Extract<RelayMessage, { type: T }>;

type WithoutSeq = NodeMessage extends infer M ? (M extends NodeMessage ? Omit<M, 'seq'> : never) : never;

export interface TestNode {
  readonly signer: NodeSigner;
  readonly channel: WorkChannel;
  /** Everything the relay said, in order. */
  readonly messages: RelayMessage[];
  readonly frames: Uint8Array[];
  readonly closed: Promise<string>;
  /** The next message of this type that was not taken yet. */
  next<T extends RelayMessage['type']>(type: T): Promise<Message<T>>;
  send(message: WithoutSeq): void;
  /** Answers the challenge; `over` changes the hello before it is sent. */
  hello(over?: Partial<Extract<NodeMessage, { type: 'hello' }>>): Promise<void>;
  leafOf(lease: LeaseMessage, bytes: Uint8Array): ResultLeaf;
  /** Sends the seals of these results. */
  commit(leaves: readonly ResultLeaf[]): void;
  /** Signs and opens them; `salts` instead of those they were sealed with. */
  reveal(leaves: readonly ResultLeaf[], signer?: NodeSigner, salts?: readonly Salt[]): void;
  /** Both, one after the other. */
  attest(leaves: readonly ResultLeaf[], signer?: NodeSigner): void;
  sendBlob(bytes: Uint8Array, digest?: `0x${string}`): void;
  /** Seals, reveals and sends a lease's result. */
  finish(lease: LeaseMessage, result: string | Uint8Array): void;
  /** Answers a check lease; `over` changes what was computed before it is signed. */
  check(lease: LeaseMessage, over?: (answers: ChunkAnswer[]) => ChunkAnswer[], signer?: NodeSigner): void;
}

/** The same for each try: a node keeps its salt, so that it can reveal after a reload. */
export const saltOf = ({ nodeId }: NodeSigner, workUnitId: WorkUnitId): Salt =>
  toHex(sha256(fromHex(`${nodeId}${workUnitId.slice(2)}`)).slice(0, 16));

/** A node by hand: it speaks the wire, computes nothing, and can be made to misbehave. */
export function createTestNode(settings: {
  channel: WorkChannel;
  key: Uint8Array;
  domain: TypedDomain;
  kernels: readonly KernelRef[];
  /** Needed for kernels with chunks. */
  rules?: (name: string) => KernelRules;
  now: () => number;
}): TestNode {
  const { channel, domain, kernels, rules, now } = settings;
  const signer = createKeySigner(settings.key);
  const messages: RelayMessage[] = [];
  const frames: Uint8Array[] = [];
  const taken = new Set<RelayMessage>();
  let waiting: (() => void)[] = [];
  let seq = 0;
  let stream = 0;
  channel.onMessage((data) => {
    if (typeof data === 'string') messages.push(parseRelayMessage(data));
    else frames.push(data);
    const wake = waiting;
    waiting = [];
    for (const check of wake) check();
  });
  const closed = new Promise<string>((resolve) => channel.onClose(resolve));

  async function next<T extends RelayMessage['type']>(type: T): Promise<Message<T>> {
    for (;;) {
      const found = messages.find((message) => message.type === type && !taken.has(message));
      if (found !== undefined) {
        taken.add(found);
        return found as Message<T>;
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }

  function traceRootOf({ kernel, params }: LeaseMessage, bytes: Uint8Array): Hash {
    return (rules && chunksOf(rules(kernel.name), params, bytes)?.root) ?? NO_TRACE;
  }

  const node: TestNode = {
    signer,
    channel,
    messages,
    frames,
    closed,
    next,
    send: (message) => channel.send(toJson({ ...message, seq: ++seq })),
    async hello(over = {}) {
      const { relayId, challenge } = await next('challenge');
      node.send({
        type: 'hello',
        v: WIRE_VERSION,
        nodeId: signer.nodeId,
        kind: 'headless',
        agent: 'test',
        capabilities: {
          backends: ['wasm'],
          device: 'test',
          deviceClass: 'cpu',
          workers: 1,
          memoryMb: 100,
          kernels: [...kernels],
        },
        consent: signConsent(domain, signer, 'headless', Math.floor(now() / 1000)),
        signature: signHello(domain, signer, relayId, challenge),
        ...over,
      });
    },
    leafOf: (lease, bytes) => ({
      workUnitId: lease.workUnitId,
      kernelDigest: lease.kernel.digest,
      inputDigest: lease.inputDigest,
      resultDigest: hashBlob(bytes),
      traceRoot: traceRootOf(lease, bytes),
    }),
    commit(leaves) {
      const sealOf = (leaf: ResultLeaf) =>
        sealResult({ nodeId: signer.nodeId, salt: saltOf(signer, leaf.workUnitId), ...leaf });
      node.send({ type: 'commit', seals: leaves.map((leaf) => ({ workUnitId: leaf.workUnitId, seal: sealOf(leaf) })) });
    },
    reveal(leaves, by = signer, salts = leaves.map((leaf) => saltOf(signer, leaf.workUnitId))) {
      node.send({ type: 'reveal', batch: signBatch(domain, by, leaves), salts: [...salts] });
    },
    attest(leaves, by = signer) {
      node.commit(leaves);
      node.reveal(leaves, by);
    },
    sendBlob(bytes, digest = hashBlob(bytes)) {
      const number = stream++;
      node.send({ type: 'blob', stream: number, digest: digest as ReturnType<typeof hashBlob>, size: bytes.length });
      for (const frame of frameBlob(number, bytes)) channel.send(frame);
    },
    finish(lease, result) {
      const bytes = typeof result === 'string' ? toUtf8(result) : result;
      node.attest([node.leafOf(lease, bytes)]);
      node.sendBlob(bytes);
    },
    check(lease, over = (answers) => answers, by = signer) {
      const { workUnitId, params } = lease;
      const answers = (lease.chunks ?? []).map((index) => {
        const bytes = rules?.(lease.kernel.name).chunks?.compute({ params, blobs: new Map() }, index);
        return { index, digest: toHex(chunkDigest(bytes ?? new Uint8Array(0))) };
      });
      node.send({ type: 'checked', workUnitId, answer: signCheck(domain, by, workUnitId, over(answers)) });
    },
  };
  return node;
}
