import { toHex } from '@reckon/protocol/base/bytes';
import { toJson } from '@reckon/protocol/base/json';
import { hashBlob, hashUnitInput } from '@reckon/protocol/base/hash';
import type { WorkUnitId } from '@reckon/protocol/base/ids';
import type { NodeSigner, WorkChannel } from '@reckon/protocol/base/ports';
import type { TypedDomain } from '@reckon/protocol/base/typed-data';
import { NO_TRACE, type ResultLeaf, type Salt, signBatch } from '@reckon/protocol/model/attestation';
import { type SignedConsent, signConsent } from '@reckon/protocol/model/consent';
import type { KernelRef } from '@reckon/protocol/model/kernel-manifest';
import type { SeededRandom } from '@reckon/protocol/testing/seeded-random';
import type { VirtualTime } from '@reckon/protocol/testing/virtual-time';
import { sealResult } from '@reckon/protocol/trust/seal';
import { frameBlob } from '@reckon/protocol/wire/framing';
import { signHello } from '@reckon/protocol/wire/handshake';
import { type Lease, type NodeMessage, WIRE_VERSION } from '@reckon/protocol/wire/messages';
import { parseRelayMessage } from '@reckon/protocol/wire/parse-message';

export interface SimulatedNodeOptions {
  signer: NodeSigner;
  domain: TypedDomain;
  kernels: KernelRef[];
  time: VirtualTime;
  random: SeededRandom;
  /** Opens a new connection, which may be slow, repeat messages, or be cut at any time. */
  connect(): WorkChannel;
  /** What the node answers for a unit. An honest one computes; a liar makes something up. */
  compute(lease: Lease): Uint8Array;
  /** Mean time of one unit. */
  unitMs: number;
  /** Mean time between crashes; undefined for none. A crash forgets what was being computed, not what was signed. */
  crashMs?: number;
}

/** Results signed but not yet acknowledged are sent again this often, and after every reconnect. */
const RESEND_MS = 15_000;

interface Finished {
  leaf: ResultLeaf;
  bytes: Uint8Array;
  salt: Salt;
}

/** A node of a few lines, speaking the real wire. Counts what the relay told it. */
export function createSimulatedNode(options: SimulatedNodeOptions) {
  const { signer, domain, time, random } = options;
  const totals = { agreed: 0, disagreed: 0, reward: 0n, stored: new Set<WorkUnitId>(), refused: [] as string[] };
  const unsent = new Map<WorkUnitId, Finished>();
  const verdicts = new Set<WorkUnitId>();
  let computing = new Map<WorkUnitId, () => void>();
  let channel: WorkChannel | undefined;
  let seq = 0;
  let stream = 0;
  let stopped = false;
  const consent: SignedConsent = signConsent(domain, signer, 'self', Math.floor(time.now() / 1000));

  // A distributive Omit: each message without its sequence number.
  type Unnumbered<M> = M extends unknown ? Omit<M, 'seq'> : never;
  const send = (message: Unnumbered<NodeMessage>): void => {
    channel?.send(toJson({ ...message, seq: ++seq }));
  };

  function deliver(entry: Finished): void {
    const { leaf, salt } = entry;
    const { workUnitId, resultDigest: digest } = leaf;
    send({ type: 'commit', seals: [{ workUnitId, seal: sealResult({ nodeId: signer.nodeId, salt, ...leaf }) }] });
    send({ type: 'reveal', batch: signBatch(domain, signer, [leaf]), salts: [salt] });
    send({ type: 'blob', stream: ++stream, digest, size: entry.bytes.length });
    for (const frame of frameBlob(stream, entry.bytes)) channel?.send(frame);
  }

  function take(lease: Lease): void {
    if (computing.has(lease.workUnitId) || unsent.has(lease.workUnitId)) return;
    const ms = options.unitMs * (0.5 + random.fraction());
    const cancel = time.after(ms, () => {
      computing.delete(lease.workUnitId);
      const bytes = options.compute(lease);
      const leaf: ResultLeaf = {
        workUnitId: lease.workUnitId,
        kernelDigest: lease.kernel.digest,
        inputDigest: hashUnitInput(lease.params, lease.blobs),
        resultDigest: hashBlob(bytes),
        traceRoot: NO_TRACE,
      };
      const finished = { leaf, bytes, salt: toHex(random.bytes(16)) };
      unsent.set(lease.workUnitId, finished);
      if (channel !== undefined) deliver(finished);
    });
    computing.set(lease.workUnitId, cancel);
  }

  function receive(data: string | Uint8Array): void {
    if (typeof data !== 'string') return;
    const message = parseRelayMessage(data);
    switch (message.type) {
      case 'challenge':
        send({
          type: 'hello',
          v: WIRE_VERSION,
          nodeId: signer.nodeId,
          kind: 'tab',
          agent: 'simulated',
          capabilities: {
            backends: ['wasm'],
            device: 'simulated',
            deviceClass: 'cpu',
            workers: 1,
            memoryMb: 1024,
            kernels: options.kernels,
          },
          consent,
          signature: signHello(domain, signer, message.relayId, message.challenge),
        });
        return;
      case 'welcome':
        send({ type: 'ready', slots: 2 });
        for (const entry of unsent.values()) deliver(entry);
        return;
      case 'lease':
        return take(message);
      case 'stored':
        for (const id of message.workUnitIds) {
          totals.stored.add(id);
          unsent.delete(id);
        }
        return;
      case 'verdict':
        unsent.delete(message.workUnitId);
        if (verdicts.has(message.workUnitId) || message.verdict === 'expired') return;
        verdicts.add(message.workUnitId);
        if (message.verdict === 'agreed') totals.agreed += 1;
        if (message.verdict === 'disagreed') totals.disagreed += 1;
        totals.reward += message.reward;
        return;
      case 'revoked':
        computing.get(message.workUnitId)?.();
        computing.delete(message.workUnitId);
        return;
      case 'refused':
        totals.refused.push(message.error.code);
        if (message.workUnitId !== undefined) unsent.delete(message.workUnitId);
        return;
      default:
    }
  }

  function open(): void {
    if (stopped) return;
    [seq, stream] = [0, 0];
    const opened = options.connect();
    channel = opened;
    opened.onMessage((data) => {
      if (channel === opened) receive(data);
    });
    opened.onClose(() => {
      if (channel !== opened) return;
      channel = undefined;
      time.after(500 + random.below(4000), open);
    });
  }

  function crash(): void {
    if (stopped || options.crashMs === undefined) return;
    for (const cancel of computing.values()) cancel();
    computing = new Map();
    channel?.close('crash');
    time.after(options.crashMs * (0.5 + random.fraction()), crash);
  }

  function beat(): void {
    if (stopped) return;
    const units = [...computing.keys()].map((workUnitId) => ({ workUnitId, fraction: 0.5 }));
    if (channel !== undefined) send({ type: 'heartbeat', units, busyMs: 0, slotMs: 0 });
    time.after(4000 + random.below(1000), beat);
  }

  function resend(): void {
    if (stopped) return;
    if (channel !== undefined) for (const entry of unsent.values()) deliver(entry);
    time.after(RESEND_MS, resend);
  }

  return {
    nodeId: signer.nodeId,
    totals,
    start(): void {
      open();
      beat();
      time.after(RESEND_MS, resend);
      if (options.crashMs !== undefined) time.after(options.crashMs * random.fraction(), crash);
    },
    stop(): void {
      stopped = true;
      channel?.close('stop');
    },
  };
}
