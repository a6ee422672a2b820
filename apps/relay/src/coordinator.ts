import { ReckonError } from '@reckon/protocol/base/errors';
import { toHex } from '@reckon/protocol/base/bytes';
import type { NodeId, WorkUnitId } from '@reckon/protocol/base/ids';
import { tryParse } from '@reckon/protocol/base/parse';
import type { Millis } from '@reckon/protocol/base/units';
import { ShardEvent } from '@reckon/protocol/journal/entry';
import { encodeEntry } from '@reckon/protocol/journal/entry-codec';
import { appendToLog, EMPTY_LOG, type LogTree, rootOfLog } from '@reckon/protocol/journal/log-tree';
import { MAX_ENTRY_BYTES } from '@reckon/protocol/journal/tile-bytes';
import type { ShardCommand, StepResult } from '@reckon/protocol/machine/commands';
import { isEpochDue, isTickDue } from '@reckon/protocol/machine/due';
import { findUnit } from '@reckon/protocol/machine/replica';
import { createShard, stepShard } from '@reckon/protocol/machine/shard';
import type { ShardState } from '@reckon/protocol/machine/state';
import type { CoordinatorPorts, NodeLink, ShardConstantsEvent } from './coordinator-ports.ts';
import { openingOf } from './evidence/opening.ts';
import { mayForget, replayJournal } from './journal/replay.ts';
import { createOffers } from './offers.ts';
import { forgetSettled } from './reveals/forget-reveals.ts';
import type { Secrets } from './secrets/secrets.ts';

const MAX_UNPOSTED = 8;

export interface Coordinator {
  /** Hot state: read it, never write it. It may be ahead of the disk by the batch in flight. */
  readonly state: ShardState;
  readonly log: LogTree;
  readonly secrets: Secrets;
  /** Now, never before the newest event. */
  stamp(): number;
  /**
   * Steps at once; resolves when the event, and all it caused, is on disk and was sent.
   * Rejects with MESSAGE_INVALID for an event that a replay could not read, MESSAGE_TOO_LARGE for one that the public
   * log could not hold, and CHANNEL_CLOSED when stopping.
   */
  submit(event: ShardEvent): Promise<StepResult>;
  /** Resolves when everything submitted so far is on disk. */
  flushed(): Promise<void>;
  connect(nodeId: NodeId, link: NodeLink): void;
  disconnect(nodeId: NodeId, link: NodeLink): boolean;
  /** How many leases the node may hold at once from now on. */
  setSlots(nodeId: NodeId, slots: number): void;
  slotsOf(nodeId: NodeId): number;
  /** Round trip to the node, as it measured it. */
  noteRoundTrip(nodeId: NodeId, rttMs: Millis): void;
  /** Lets time pass: expires what is due. Call several times a second. */
  tick(): void;
  /** Seals the open epoch if there is anything in it. */
  sealIfDue(): void;
  /** Flushes what was submitted and takes nothing more. */
  close(): Promise<void>;
}

interface Pending {
  event: ShardEvent;
  entry: Uint8Array | undefined;
  result: StepResult;
  resolve(result: StepResult): void;
}

/**
 * The single writer: events step in the order they come, share one journal append, and only then are answered.
 * @throws {ReckonError} JOURNAL_CORRUPT; USAGE when the journal belongs to other contracts.
 */
export async function createCoordinator(ports: CoordinatorPorts, constants: ShardConstantsEvent): Promise<Coordinator> {
  const { clock, journal, listeners = [] } = ports;
  const state = createShard();
  let log = EMPTY_LOG;
  let pending: Pending[] = [];
  /** How many of `pending` the listeners have seen, and what they want to run once those are on disk. */
  let captured = 0;
  let after: (() => void | Promise<void>)[] = [];
  /** Who waits for all that was submitted before. */
  let waiting: (() => void)[] = [];
  let flushing: Promise<void> | undefined;
  let dead = false;
  /** Set when the machine's clock fell behind the journal: time goes on from there, or no lease would ever end. */
  let ahead = 0;
  const stamp = () => {
    ahead = Math.max(ahead, state.now - clock.now());
    return clock.now() + ahead;
  };
  const links = new Map<NodeId, NodeLink>();
  const offers = createOffers({ state, draw: () => ports.random.u32(), hasLink: (nodeId) => links.has(nodeId) });

  log = await replayJournal(journal, state, ports.specOf, listeners);
  const secrets = ports.secretsOf(state.constants?.relayId ?? constants.relayId);
  forgetSettled(ports.reveals, state);

  function die(error: unknown): void {
    if (dead) return;
    dead = true;
    ports.log.error({ error: String(error) }, 'coordinator.failed');
    ports.onFatal(error);
  }

  /** Shows listeners the state as it is now. */
  function capture(): void {
    const kept = pending.slice(captured).filter((item) => item.entry !== undefined);
    captured = pending.length;
    if (kept.length === 0) return;
    const batch = {
      firstIndex: log.size - kept.length,
      events: kept.map((item) => item.event),
      changes: kept.flatMap((item) => item.result.changes),
    };
    for (const listen of listeners) {
      const run = listen(batch, state);
      if (run !== undefined) after.push(run);
    }
  }

  /** Steps one event; says which units it decided. */
  function step(event: ShardEvent, encoded: Uint8Array, resolve: (result: StepResult) => void): WorkUnitId[] {
    if (mayForget(event, state)) capture();
    const result = stepShard(state, event);
    const entry = result.ignored === undefined ? encoded : undefined;
    if (entry !== undefined) {
      log = appendToLog(log, entry);
      offers.note(event, result);
    }
    if (result.ignored !== undefined) ports.onIgnored?.(event, result.ignored.reason);
    pending.push({ event, entry, result, resolve });
    return result.commands.flatMap((command) => (command.type === 'open' ? [command.workUnitId] : []));
  }

  /** What is decided is opened at once, in the same flush; accepting it may decide units that waited for it. */
  function openAll(decided: WorkUnitId[]): void {
    for (const workUnitId of decided) {
      const opening = openingOf(state, { reveals: ports.reveals, secrets }, workUnitId, stamp());
      if (opening === undefined) ports.log.error({ workUnitId }, 'unit.reveals-missing');
      else decided.push(...step(opening, encodeEntry(opening), () => {}));
    }
  }

  const enqueue = (event: ShardEvent, encoded: Uint8Array, resolve: (result: StepResult) => void): void =>
    openAll(step(event, encoded, resolve));

  function refuse(error: ReckonError): Promise<never> {
    const refused = Promise.reject(error);
    refused.catch(() => {}); // many submit without waiting
    return refused;
  }

  function submit(event: ShardEvent): Promise<StepResult> {
    if (dead) {
      return refuse(new ReckonError('CHANNEL_CLOSED', { reason: 'the relay is stopping' }));
    }
    // What a replay could not read must not get in, whoever let it come this far.
    const readable = tryParse(ShardEvent, event);
    if (!readable.ok) return refuse(new ReckonError('MESSAGE_INVALID', { ...readable.failure }));
    const encoded = encodeEntry(event);
    const sizeBytes = encoded.length;
    if (sizeBytes > MAX_ENTRY_BYTES) {
      return refuse(new ReckonError('MESSAGE_TOO_LARGE', { limitBytes: MAX_ENTRY_BYTES, sizeBytes }));
    }
    return new Promise((resolve) => {
      try {
        enqueue(event, encoded, resolve);
      } catch (error) {
        return die(error);
      }
      schedule();
    });
  }

  function schedule(): void {
    if (flushing !== undefined || dead) return;
    flushing = new Promise<void>((done) => {
      ports.defer(() => {
        void flushAll().then(done, die);
      });
    });
  }

  async function flushAll(): Promise<void> {
    while (pending.length > 0 || waiting.length > 0 || offers.isDue()) {
      for (const asked of offers.take(stamp)) enqueue(asked, encodeEntry(asked), () => {});
      const idle = offers.takeIdle();
      await flushBatch();
      for (const [nodeId, reason] of idle) links.get(nodeId)?.send({ type: 'idle', reason });
    }
    flushing = undefined;
  }

  async function flushBatch(): Promise<void> {
    capture();
    const [batch, toRun, told] = [pending, after, waiting];
    [pending, after, waiting, captured] = [[], [], [], 0];
    const entries = batch.flatMap((item) => item.entry ?? []);
    if (entries.length > 0) {
      const began = clock.now();
      await journal.append(entries);
      ports.onFlushed?.({ events: entries.length, ms: clock.now() - began });
    }
    for (const run of toRun) void run();
    for (const item of batch) {
      for (const command of item.result.commands) execute(command);
      answerRefusal(item);
    }
    for (const item of batch) item.resolve(item.result);
    for (const tell of told) tell();
  }

  /** In turn with the commands: a node must hear that a late result was refused before it is leased the unit again. */
  function answerRefusal({ event, result }: Pending): void {
    const { refusal, workUnitId } = result.ignored ?? {};
    if (refusal === undefined || !('nodeId' in event)) return;
    const about = workUnitId === undefined ? {} : { workUnitId };
    links.get(event.nodeId)?.send({ type: 'refused', error: refusal, fatal: false, ...about });
  }

  function execute(command: ShardCommand): void {
    if (command.type === 'send') links.get(command.nodeId)?.send(command.message);
    else if (command.type === 'post-epoch') ports.onPostEpoch?.(command);
    else if (command.type === 'referee') ports.onReferee?.();
  }

  const coordinator: Coordinator = {
    state,
    secrets,
    get log() {
      return log;
    },
    stamp,
    submit,
    flushed() {
      if (dead) return Promise.resolve();
      return new Promise((resolve) => {
        waiting.push(resolve);
        schedule();
      });
    },
    connect(nodeId, link) {
      offers.forget(nodeId);
      links.set(nodeId, link);
    },
    disconnect(nodeId, link) {
      if (links.get(nodeId) !== link) return false;
      links.delete(nodeId);
      offers.forget(nodeId);
      return true;
    },
    setSlots(nodeId, slots) {
      offers.setSlots(nodeId, slots);
      schedule();
    },
    slotsOf: (nodeId) => offers.slotsOf(nodeId),
    noteRoundTrip: (nodeId, rttMs) => offers.noteRoundTrip(nodeId, rttMs),
    tick() {
      const at = stamp();
      if (isTickDue(state, at)) void submit({ type: 'clock.ticked', at, draw: ports.random.u32() });
      if (offers.askAgain(clock.now())) schedule();
    },
    sealIfDue() {
      // While the chain does not answer, what is due goes into one later epoch instead of many that all wait in memory.
      const waitingEpochs = state.epochs.filter((epoch) => epoch.status === 'sealed').length;
      if (waitingEpochs >= MAX_UNPOSTED || !isEpochDue(state)) return;
      const journalRoot = toHex(rootOfLog(log));
      const epoch = state.lastEpoch + 1;
      const secret = secrets.drawSecret(epoch);
      const nextCommitment = secrets.commitment(epoch + 1);
      void submit({ type: 'epoch.sealed', at: stamp(), epoch, journalRoot, secret, nextCommitment });
    },
    async close() {
      await coordinator.flushed();
      dead = true;
    },
  };

  if (state.constants === undefined) {
    const secretCommitment = secrets.commitment(1);
    await submit({ type: 'shard.opened', at: stamp(), ...constants, secretCommitment });
  } else checkOwner(state, constants, secrets);
  // Whoever was here when the last process ended is not connected now; the grace period starts again.
  for (const node of state.nodes.values()) {
    if (node.left === undefined) void submit({ type: 'node.left', at: stamp(), nodeId: node.id, how: 'lost' });
  }
  openAll([...state.asking].filter((id) => findUnit(state, id)?.unit.decided !== undefined));
  await coordinator.flushed();
  return coordinator;
}

/** @throws {ReckonError} USAGE when the journal belongs to other contracts or to another operator. */
function checkOwner(state: ShardState, constants: ShardConstantsEvent, secrets: Secrets): void {
  const opened = state.constants;
  if (opened?.chainId !== constants.chainId || opened.settlement !== constants.settlement) {
    const [ours, theirs] = [opened, constants].map((c) => `${c?.settlement} on chain ${c?.chainId}`);
    throw new ReckonError('USAGE', {
      message: `The journal belongs to settlement ${ours}; the settings name ${theirs}. Use another data folder.`,
    });
  }
  if (secrets.commitment(state.lastEpoch + 1) === state.secretCommitment) return;
  throw new ReckonError('USAGE', {
    message: 'The journal was written with another RECKON_OPERATOR_KEY, whose secrets open it. Start with that one.',
  });
}
