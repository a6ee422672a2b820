import { toHex, u32be } from '../src/base/bytes.ts';
import { sha256 } from '../src/base/hash.ts';
import type { Address, BlobDigest, Hash, WalletSignature, WorkUnitId } from '../src/base/ids.ts';
import type { NodeSigner } from '../src/base/ports.ts';
import { createKeySigner } from '../src/base/signature.ts';
import { hashTypedData, type TypedDomain } from '../src/base/typed-data.ts';
import type { ShardEvent, ShardEventOf } from '../src/journal/entry.ts';
import { encodeEntry } from '../src/journal/entry-codec.ts';
import { appendToLog, EMPTY_LOG, rootOfLog } from '../src/journal/log-tree.ts';
import { signBatch } from '../src/model/attestation.ts';
import { signCheck } from '../src/model/check-answer.ts';
import type { JobOrder } from '../src/model/job-order.ts';
import { jobIdOf } from '../src/model/job-order.ts';
import { type JobSpec, requiredBudget } from '../src/model/job-spec.ts';
import type { KernelFacts, KernelRef } from '../src/model/kernel-manifest.ts';
import { secretCommitment } from '../src/trust/beacon.ts';
import type { Lease } from '../src/wire/messages.ts';
import { createDriver, type Found } from './shard-driver.ts';
import { address, funded, joined, KERNEL, opened, secretAt } from './shard-world.ts';

/** Whole journals as a relay would keep them: every entry signed by who should sign it, epochs sealed, secrets opened. */

const signerAt = (seed: number): NodeSigner => createKeySigner(sha256(u32be(9_000_000 + seed)));
/** Node n's key, its person's wallet, and the requester's. */
export const nodeSigner = (n: number): NodeSigner => signerAt(n);
export const walletSigner = (n: number): NodeSigner => signerAt(1000 + n);
export const requesterSigner: NodeSigner = signerAt(5000);
export const JOURNAL_DOMAIN: TypedDomain = { chainId: 31337, verifyingContract: address(1) };

const txAt = (epoch: number): Hash => toHex(sha256(u32be(70_000 + epoch)));
export const blockAt = (block: number): Hash => toHex(sha256(u32be(80_000 + block)));

export interface PostedJob {
  spec: JobSpec;
  specDigest: BlobDigest;
  kernel: KernelFacts;
  /** What a node finds for unit `index`. */
  found(index: number, workUnitId: WorkUnitId): Found;
}

export interface JournalOptions {
  nodes?: number;
  opening?: Partial<ShardEventOf<'shard.opened'>>;
  /** What the nodes can run; the test kernel by default. */
  kernels?: readonly KernelRef[];
}

/** Plays a relay whose nodes are honest, and records what it enters. */
export function createJournal({ nodes = 4, opening = {}, kernels = [KERNEL] }: JournalOptions = {}) {
  const events: ShardEvent[] = [];
  const leases: { node: number; lease: Lease }[] = [];
  const jobs = new Map<string, PostedJob>();
  const signers = new Map(Array.from({ length: nodes }, (_, n) => [nodeSigner(n).nodeId as string, n]));
  let at = 1_700_000_000_000;
  const driver = createDriver({
    opening: opened({ at, ...opening }),
    truthOf: () => undefined,
    onEvent: (event, { ignored }) => void (ignored === undefined && events.push(event)),
    onSend(nodeId, message) {
      const node = signers.get(nodeId);
      if (message.type === 'lease' && node !== undefined) leases.push({ node, lease: message });
    },
  });
  const tick = () => (at += 7);

  for (let n = 0; n < nodes; n++) {
    const { nodeId } = nodeSigner(n);
    const plain = joined(nodeId, tick());
    const capabilities = { ...plain.capabilities, memoryMb: 8192, kernels: [...kernels] };
    driver.step({ ...plain, capabilities, consent: consentOf(n, at) });
    const [payoutAddress, expiry] = [walletSigner(n).nodeId as string as Address, 4_000_000_000];
    driver.step({
      type: 'node.delegated',
      at: tick(),
      nodeId,
      payoutAddress,
      expiry,
      signature: '0x00000000',
    });
  }

  function carryOut({ node, lease }: (typeof leases)[number]): void {
    const { nodeId } = nodeSigner(node);
    const { workUnitId, jobId, index, chunks } = lease;
    const found = jobs.get(jobId)?.found(index, workUnitId) as Found;
    if (chunks !== undefined)
      return void driver.answer(nodeId, workUnitId, chunks, found.tree as NonNullable<Found['tree']>, tick());
    driver.commit(nodeId, workUnitId, found, tick());
    driver.reveal(nodeId, workUnitId, tick());
  }

  return {
    state: driver.state,
    events,
    /** Steps an event of its own making. */
    step: (event: ShardEvent) => driver.step(event),
    tick,
    /** Posts and funds a job. */
    post(job: PostedJob, salt = 1): ShardEventOf<'job.posted'> {
      const order: JobOrder = {
        requester: requesterSigner.nodeId as string as Address,
        specDigest: job.specDigest,
        budget: requiredBudget(job.spec),
        expiresAt: 4_000_000_000,
        salt: toHex(sha256(u32be(salt))),
      };
      const jobId = jobIdOf(order);
      jobs.set(jobId, job);
      const { spec, kernel } = job;
      const event = {
        type: 'job.posted' as const,
        at: tick(),
        jobId,
        order,
        signature: '0x00000000' as const,
        spec,
        kernel,
      };
      driver.step(event);
      driver.step(funded(event, tick()));
      return event;
    },
    /** Lets the nodes work until none gets a lease any more, or `rounds` are over. */
    work(rounds = Number.POSITIVE_INFINITY): void {
      for (let round = 0; round < rounds; round++) {
        for (let n = 0; n < nodes; n++) {
          driver.step({
            type: 'node.asked',
            at: tick(),
            nodeId: nodeSigner(n).nodeId,
            slots: 4,
            draw: (at * 2654435761) >>> 0,
          });
        }
        if (leases.length === 0) return;
        for (const held of leases.splice(0)) carryOut(held);
      }
    },
    see(block: number): void {
      driver.step({ type: 'beacon.seen', at: tick(), block, hash: blockAt(block) });
    },
    /** Seals the open epoch, and posts it unless told not to. */
    seal(post = true): void {
      const epoch = driver.state.lastEpoch + 1;
      const [secret, nextCommitment] = [toHex(secretAt(epoch)), toHex(secretCommitment(secretAt(epoch + 1)))];
      const journalRoot = toHex(new Uint8Array(32));
      driver.step({ type: 'epoch.sealed', at: tick(), epoch, journalRoot, secret, nextCommitment });
      if (post)
        driver.step({
          type: 'epoch.posted',
          at: tick(),
          epoch,
          tx: txAt(epoch),
          block: 100 + epoch,
          finalAt: at + 1000,
        });
    },
  };
}
export type Journal = ReturnType<typeof createJournal>;

const consentOf = (n: number, at: number) => {
  const grantedAt = Math.floor(at / 1000);
  const consent = {
    nodeKey: nodeSigner(n).nodeId,
    site: 'self',
    textVersion: '2026-11',
    grantedAt,
    expiresAt: grantedAt + 86_400,
  };
  return { ...consent, signature: nodeSigner(n).sign(hashTypedData(JOURNAL_DOMAIN, 'Consent', consent)) };
};

/** Signs what people and nodes sign, and enters the log's root where an epoch is sealed: the bytes a relay publishes. */
export function publish(events: readonly ShardEvent[], domain = JOURNAL_DOMAIN): Uint8Array[] {
  const signers = new Map(Array.from({ length: 64 }, (_, n) => [nodeSigner(n).nodeId as string, n]));
  const entries: Uint8Array[] = [];
  let log = EMPTY_LOG;
  for (const event of events) {
    const signed = signEvent(event, domain, (nodeId) => signers.get(nodeId) as number);
    const whole = signed.type === 'epoch.sealed' ? { ...signed, journalRoot: toHex(rootOfLog(log)) } : signed;
    const entry = encodeEntry(whole);
    entries.push(entry);
    log = appendToLog(log, entry);
  }
  return entries;
}

function signEvent(event: ShardEvent, domain: TypedDomain, indexOf: (nodeId: string) => number): ShardEvent {
  const byNode = (nodeId: string) => nodeSigner(indexOf(nodeId));
  switch (event.type) {
    case 'job.posted': {
      const signature = requesterSigner.sign(
        hashTypedData(domain, 'JobOrder', event.order),
      ) as string as WalletSignature;
      return { ...event, signature };
    }
    case 'job.controlled': {
      const { jobId, action, nonce } = event;
      const digest = hashTypedData(domain, 'JobControl', { jobId, action, nonce });
      return { ...event, signature: requesterSigner.sign(digest) as string as WalletSignature };
    }
    case 'node.delegated': {
      const { nodeId: nodeKey, payoutAddress, expiry } = event;
      const message = { nodeKey, payoutAddress, scopes: 'rewards', expiry };
      const signature = walletSigner(indexOf(nodeKey)).sign(hashTypedData(domain, 'Delegation', message));
      return { ...event, signature: signature as string as WalletSignature };
    }
    case 'check.answered':
      return { ...event, answer: signCheck(domain, byNode(event.nodeId), event.workUnitId, event.answer.chunks) };
    case 'unit.opened':
      return {
        ...event,
        results: event.results.map(({ nodeId, salt, attestation: { leaf } }) => {
          const { signature } = signBatch(domain, byNode(nodeId), [leaf]);
          return { nodeId, salt, attestation: { leaf, path: [], count: 1, signature } };
        }),
      };
    default:
      return event;
  }
}
