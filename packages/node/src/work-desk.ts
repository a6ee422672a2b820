import type { KernelPool, PoolOutput } from '@reckon/kernels/engine/pool';
import type { ChunkRules } from '@reckon/kernels/kernel';
import { toHex } from '@reckon/protocol/base/bytes';
import { type ReckonError, toReckonError, toWire, type WireError } from '@reckon/protocol/base/errors';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { WorkUnitId } from '@reckon/protocol/base/ids';
import type { Clock, Log, NodeSigner, Random } from '@reckon/protocol/base/ports';
import type { TypedDomain } from '@reckon/protocol/base/typed-data';
import { type ChunkAnswer, signCheck } from '@reckon/protocol/model/check-answer';
import type { Frame } from '@reckon/protocol/wire/framing';
import type { Lease } from '@reckon/protocol/wire/messages';
import { createBlobFetcher } from './blob-fetcher.ts';
import { createCheckAnswers } from './check-answers.ts';
import { createLedger, type Ledger, type Verdict } from './ledger.ts';
import type { Link, Outgoing } from './link.ts';
import { createMeter, type Meter } from './meter.ts';
import type { Offer } from './offer.ts';
import { createOutbox } from './outbox.ts';
import { createRecordKeeper } from './record-keeper.ts';
import type { WorkMessage } from './session.ts';
import type { CurrentUnit, LoggedUnit, UnitPicture } from './snapshot.ts';
import type { NodeStore } from './store.ts';
import { traceRootOf } from './trace-root.ts';
import { createUnitRunner, type FinishedUnit } from './unit-runner.ts';

/** Messages about units and their bytes. */
export type DeskMessage = Exclude<WorkMessage, { type: 'idle' | 'delegated' }>;

/** Of the salt in a seal. */
const SALT_BYTES = 16;
/** Most units a heartbeat can tell of. */
const MAX_TOLD = 128;

/** Where leases come in and results go out: it fetches, runs, delivers and keeps the account. Connections come and go. */
export interface WorkDesk {
  attach(link: Link, domain: TypedDomain): void;
  detach(): void;
  receive(message: DeskMessage): void;
  onFrame(frame: Frame): void;
  decide(verdict: Verdict): void;
  /** Lets more units start, after the number of workers grew. */
  wake(): void;
  /** Stops every unit; finished results stay. */
  abort(): void;
  readonly computing: number;
  /** Units under lease here and not finished. */
  readonly held: number;
  /** Results the relay has not confirmed. */
  readonly unsent: number;
  units(): CurrentUnit[];
  readonly lastPicture: UnitPicture | undefined;
  progress(): { workUnitId: WorkUnitId; fraction: number }[];
  readonly ledger: Pick<Ledger, 'totals' | 'log' | 'waiting'>;
  readonly meter: Meter;
}

export interface DeskOptions {
  store: NodeStore;
  signer: NodeSigner;
  clock: Clock;
  /** Unpredictable: seals are hidden by it. */
  random: Random;
  log: Log;
  chunksOf: (kernel: string) => ChunkRules | undefined;
  pool: () => KernelPool;
  offer: () => Offer;
  /** Sends now if there is a connection. */
  send: (message: Outgoing) => void;
  /** Whether leases are wanted. */
  wanted: () => boolean;
  onChange: () => void;
  onAccepted: () => void;
  onRefused: (error: WireError) => void;
}

/** @returns a desk holding what the last visit left. */
export async function openWorkDesk(options: DeskOptions): Promise<WorkDesk> {
  const { store, signer, clock, log, onChange } = options;
  const outbox = createOutbox({ store, signer, log });
  await outbox.load();
  const ledger = createLedger(await store.readRecord('history'));
  const history = createRecordKeeper(() => store.writeRecord('history', ledger.record()), log);
  const fetcher = createBlobFetcher(store, log);
  const meter = createMeter(clock);
  const answers = createCheckAnswers();
  let domain: TypedDomain | undefined;
  const { pool, offer } = options;
  const runner = createUnitRunner({ pool, fetcher, clock, limits: offer, onFinished, onFailed, onChange });

  function lineOf(lease: Lease, facts: Pick<LoggedUnit, 'outcome' | 'reason'> & Partial<LoggedUnit>): LoggedUnit {
    const { workUnitId, jobId, title, requesterLabel, index, units, kernel } = lease;
    const about = { workUnitId, jobId, title, requesterLabel, index, units, kernel: kernel.name };
    const empty = { device: null, computeMs: 0, resultDigest: null, credits: 0, reward: '0' };
    return { ...about, ...empty, finishedAt: clock.now(), ...facts };
  }

  /** A check that was not finished leaves no line: somebody else makes it. */
  function ended(lease: Lease, facts: Pick<LoggedUnit, 'outcome' | 'reason'> & Partial<LoggedUnit>): void {
    if (lease.chunks !== undefined) return;
    ledger.ended(lineOf(lease, facts));
    history.changed();
  }

  function onFinished({ lease, output }: FinishedUnit): void {
    const { workUnitId, jobId, inputDigest, kernel, params } = lease;
    meter.addBusy(output.computeMs);
    try {
      if (lease.chunks !== undefined) return onChecked(lease, output);
      const { bytes, device, fellBack = null } = output;
      const resultDigest = hashBlob(bytes);
      const traceRoot = traceRootOf(options.chunksOf(kernel.name), params, bytes);
      const computeMs = Math.round(output.computeMs);
      ended(lease, { outcome: 'sending', reason: fellBack, device, computeMs, resultDigest });
      const leaf = { workUnitId, kernelDigest: kernel.digest, inputDigest, resultDigest, traceRoot };
      const salt = toHex(options.random.bytes(SALT_BYTES));
      void outbox.add({ leaf, salt, jobId, bytes, finishedAt: clock.now() });
      onChange();
    } catch (error) {
      onFailed(lease, toReckonError(error)); // a result that is not cut as its kernel says
    }
  }

  function onChecked(lease: Lease, { bytes, device, computeMs }: PoolOutput): void {
    answer(lease.workUnitId, answers.add(lease, bytes));
    const facts = { outcome: 'checked', reason: null, device, chunks: lease.chunks?.length } as const;
    ledger.checked(lineOf(lease, { ...facts, computeMs: Math.round(computeMs) }));
    history.changed();
    onChange();
  }

  /** Without a connection it is not sent: the relay repeats the lease at the next one, and gets the answer then. */
  function answer(workUnitId: WorkUnitId, chunks: ChunkAnswer[]): void {
    if (domain === undefined) return;
    options.send({ type: 'checked', workUnitId, answer: signCheck(domain, signer, workUnitId, chunks) });
  }

  function onFailed(lease: Lease, error: ReckonError): void {
    log.warn({ workUnitId: lease.workUnitId, code: error.code }, 'work-unit.failed');
    ended(lease, { outcome: 'failed', reason: error.code });
    options.send({ type: 'failed', workUnitId: lease.workUnitId, error: toWire(error) });
    onChange();
  }

  function lease(message: Lease): void {
    const { workUnitId, chunks } = message;
    const held = runner.leaseOf(workUnitId);
    // Whatever became of it here before, the relay wants it now: a failure it did not hear of, a result that a reload lost.
    const same = held !== undefined && held.chunks?.join() === chunks?.join();
    const known = same || (chunks === undefined && outbox.has(workUnitId));
    if (known || !options.wanted()) return log.debug({ workUnitId, known }, 'lease.ignored');
    const before = chunks === undefined ? undefined : answers.get(message);
    if (before !== undefined) return answer(workUnitId, before);
    withdraw(workUnitId, 'revoked', 'leased anew');
    runner.accept(message);
    onChange();
  }

  function stored(workUnitId: WorkUnitId): void {
    if (!outbox.remove(workUnitId)) return;
    ledger.stored(workUnitId);
    history.changed();
    onChange();
  }

  /** A unit that the relay no longer wants from us. */
  function withdraw(workUnitId: WorkUnitId, outcome: 'revoked' | 'expired', reason: string): void {
    const held = runner.revoke(workUnitId);
    if (held === undefined) return;
    ended(held, { outcome, reason });
    onChange();
  }

  function decide(verdict: Verdict): void {
    const { workUnitId } = verdict;
    withdraw(workUnitId, verdict.verdict === 'expired' ? 'expired' : 'revoked', verdict.verdict);
    stored(workUnitId); // a verdict says more than `stored`, which it may have overtaken
    const waited = ledger.waiting.has(workUnitId);
    if (!ledger.decided(verdict)) return;
    if (verdict.verdict === 'agreed' && waited) options.onAccepted();
    history.changed();
    onChange();
  }

  function refused(error: WireError, workUnitId: WorkUnitId | undefined): void {
    // It crossed the relay's word that the unit was decided or given away: part of every day's work.
    const late = error.code === 'LEASE_EXPIRED' || error.code === 'LEASE_MISSING';
    log[late ? 'debug' : 'warn']({ code: error.code, workUnitId }, 'node.refused');
    if (workUnitId === undefined || error.code === 'NODE_BARRED') return options.onRefused(error);
    withdraw(workUnitId, 'expired', error.code);
    if (!outbox.remove(workUnitId)) return;
    ledger.dropped(workUnitId, late ? 'expired' : 'failed', error.code);
    // It is signed for but will not come: said aloud, so that another node may be asked at once.
    if (!late) options.send({ type: 'failed', workUnitId, error });
    history.changed();
    onChange();
  }

  return {
    attach(link, on) {
      domain = on;
      outbox.attach(link, on);
      fetcher.attach(link);
    },
    detach() {
      outbox.detach();
      fetcher.detach();
    },
    receive(message) {
      switch (message.type) {
        case 'lease':
          return lease(message);
        case 'stored':
          return message.workUnitIds.forEach(stored);
        case 'verdict':
          return decide(message.reason === undefined ? message : { ...message, why: message.reason.code });
        case 'revoked':
          return withdraw(message.workUnitId, 'revoked', message.reason);
        case 'blob':
          return fetcher.onBlob(message);
        case 'missing':
          return fetcher.onMissing(message.digest);
        case 'refused':
          return refused(message.error, message.workUnitId);
      }
    },
    onFrame: fetcher.onFrame,
    decide,
    wake: runner.wake,
    abort() {
      answers.clear();
      runner.abort();
    },
    get computing() {
      return runner.computing;
    },
    get held() {
      return runner.held;
    },
    get unsent() {
      return outbox.size;
    },
    units: runner.units,
    get lastPicture() {
      return runner.lastPicture;
    },
    progress: () => runner.progress().slice(0, MAX_TOLD),
    ledger,
    meter,
  };
}
