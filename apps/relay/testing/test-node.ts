import { toUtf8 } from '@reckon/protocol/base/bytes';
import { hashBlob } from '@reckon/protocol/base/hash';
import { toJson } from '@reckon/protocol/base/json';
import type { NodeSigner, WorkChannel } from '@reckon/protocol/base/ports';
import { createKeySigner } from '@reckon/protocol/base/signature';
import type { TypedDomain } from '@reckon/protocol/base/typed-data';
import { NO_TRACE, type ResultLeaf, signBatch } from '@reckon/protocol/model/attestation';
import { signConsent } from '@reckon/protocol/model/consent';
import type { KernelRef } from '@reckon/protocol/model/kernel-manifest';
import { frameBlob } from '@reckon/protocol/wire/framing';
import { signHello } from '@reckon/protocol/wire/handshake';
import type { Lease, NodeMessage, RelayMessage } from '@reckon/protocol/wire/messages';
import { parseRelayMessage } from '@reckon/protocol/wire/parse-message';
import type * as v from 'valibot';

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
  commit(leaves: readonly ResultLeaf[], signer?: NodeSigner): void;
  sendBlob(bytes: Uint8Array, digest?: `0x${string}`): void;
  /** Commits and sends a lease's result. */
  finish(lease: LeaseMessage, text: string): void;
}

/** A node by hand: it speaks the wire, computes nothing, and can be made to misbehave. */
export function createTestNode(settings: {
  channel: WorkChannel;
  key: Uint8Array;
  domain: TypedDomain;
  kernels: readonly KernelRef[];
  now: () => number;
}): TestNode {
  const { channel, domain, kernels, now } = settings;
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
        v: 1,
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
      traceRoot: NO_TRACE,
    }),
    commit: (leaves, by = signer) => node.send({ type: 'commit', batch: signBatch(domain, by, leaves) }),
    sendBlob(bytes, digest = hashBlob(bytes)) {
      const number = stream++;
      node.send({ type: 'blob', stream: number, digest: digest as ReturnType<typeof hashBlob>, size: bytes.length });
      for (const frame of frameBlob(number, bytes)) channel.send(frame);
    },
    finish(lease, text) {
      const bytes = toUtf8(text);
      node.commit([node.leafOf(lease, bytes)]);
      node.sendBlob(bytes);
    },
  };
  return node;
}
