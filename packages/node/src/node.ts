import type { KernelPool } from '@reckon/kernels/engine/pool';
import { kernelRules } from '@reckon/kernels/rules';
import { ReckonError, toWire, type WireError } from '@reckon/protocol/base/errors';
import type { Address } from '@reckon/protocol/base/ids';
import type { WorkChannel } from '@reckon/protocol/base/ports';
import type { Millis } from '@reckon/protocol/base/units';
import type { SignedDelegation } from '@reckon/protocol/model/delegation';
import { keepConnected } from './connection.ts';
import { idleMachine, isActive, type NodeEvent, stepNode } from './node-machine.ts';
import type { NodeOptions, ReckonNode } from './node-options.ts';
import { createNotifier } from './notifier.ts';
import { offerOf } from './offer.ts';
import { type DeviceSignals, mayCompute } from './policy.ts';
import { openSession, type Session, type WorkMessage } from './session.ts';
import type { BlockReason, NodeSnapshot } from './snapshot.ts';
import { statusLine } from './status-line.ts';
import { openWorkDesk } from './work-desk.ts';

/** How long a stopped node stays connected for the relay to confirm results it has already computed. */
const LINGER_MS = 5_000;

interface Run {
  readonly stopped: AbortController;
  readonly pool: KernelPool;
  session?: Session;
}

/** Reads what the last visit left and gives a node that is off. */
export async function createNode(options: NodeOptions): Promise<ReckonNode> {
  const { clock, log, signer, store } = options;
  let settings = options.settings;
  let signals: DeviceSignals = {};
  let machine = idleMachine;
  let run: Run | undefined;
  let lingering: Session | undefined;
  let delegation: SignedDelegation | undefined;
  let idle: string | undefined;
  const shown = {
    error: null as WireError | null,
    startedAt: null as Millis | null,
    firstAcceptedAt: null as Millis | null,
    consentExpiresAt: null as Millis | null,
    payoutAddress: null as Address | null,
  };
  const channel = { kind: null as WorkChannel['kind'] | null, retryAt: null as Millis | null };
  const traffic = { bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 };
  const notifier = createNotifier(clock);
  const offer = () => offerOf(options.capabilities, settings, signals);

  const desk = await openWorkDesk({
    store,
    signer,
    clock,
    random: options.random,
    log,
    offer,
    chunksOf: options.chunksOf ?? ((kernel) => kernelRules(kernel).chunks),
    pool() {
      if (run === undefined) throw new ReckonError('CHANNEL_CLOSED', { reason: 'stopped' });
      return run.pool;
    },
    send: (message) => run?.session?.send(message),
    // While finishing too: a lease that was on its way, or is repeated after a lost connection, is ours to finish.
    wanted: () => isActive(machine.state),
    onChange() {
      const open = desk.held + desk.unsent;
      if (desk.computing !== machine.computing || open !== machine.open) count();
      else notifier.soon();
    },
    onAccepted() {
      shown.firstAcceptedAt ??= clock.now();
    },
    onRefused(error) {
      shown.error = error;
      if (error.code === 'NODE_BARRED') dispatch({ type: 'blocked', reason: 'barred' });
    },
  });

  function dispatch(event: NodeEvent): void {
    const before = machine;
    const step = stepNode(machine, event);
    machine = step.machine;
    for (const command of step.commands) ({ open, drain: announce, stop })[command]();
    if (before.state !== machine.state || before.reason !== machine.reason) notifier.now();
    else notifier.soon();
  }

  const count = () => dispatch({ type: 'counted', computing: desk.computing, open: desk.held + desk.unsent });

  function announce(): void {
    // Each worker's unit and the one after it, so that no worker waits for the network.
    run?.session?.send({ type: 'ready', slots: machine.wish === 'run' ? offer().workers * 2 : 0 });
  }

  function open(): void {
    if (run !== undefined) return announce();
    lingering?.leave('starting anew');
    const mine: Run = { stopped: new AbortController(), pool: options.openPool(offer().workers) };
    run = mine;
    shown.error = null;
    desk.meter.setSlots(offer().workers);
    const connection = {
      connect: options.connect,
      open: (opened: WorkChannel, welcomed: () => void) => beginSession(mine, opened, welcomed),
      onRetry(at: Millis | null) {
        channel.retryAt = at;
        notifier.now();
      },
      onError(error: ReckonError) {
        shown.error = toWire(error);
      },
      onBlocked: (reason: BlockReason) => {
        if (run === mine) dispatch({ type: 'blocked', reason });
      },
      clock,
      random: options.random,
      log,
    };
    void keepConnected(connection, mine.stopped.signal);
  }

  function stop(): void {
    const ended = run;
    run = undefined;
    desk.abort();
    ended?.pool.close();
    desk.meter.setSlots(0);
    ended?.stopped.abort(new ReckonError('CHANNEL_CLOSED', { reason: 'stopped' }));
    channel.retryAt = null;
    count();
    const session = ended?.session;
    if (session === undefined) return;
    if (desk.unsent === 0 || machine.state === 'off') return session.leave(machine.reason ?? 'closed');
    lingering = session;
    const leave = () => session.leave('paused');
    clock.sleep(LINGER_MS).then(leave, leave);
  }

  function beginSession(mine: Run, opened: WorkChannel, welcomed: () => void): Session {
    channel.kind = opened.kind;
    const session = openSession({
      channel: opened,
      signer,
      kind: options.kind,
      agent: options.agent,
      capabilities: offer().capabilities,
      consent(domain, skew) {
        const consent = options.consent(domain, skew);
        shown.consentExpiresAt = consent === undefined ? null : (consent.expiresAt - skew) * 1000;
        return consent;
      },
      heartbeat: () => ({ units: desk.progress(), ...desk.meter.take() }),
      traffic,
      clock,
      log,
      onWelcome(link, domain, welcome) {
        welcomed();
        shown.payoutAddress = welcome.payoutAddress;
        shown.error = null;
        dispatch({ type: 'connected' });
        // Credit first: a unit whose lease was returned may be leased here again before its finished result arrives.
        announce();
        desk.attach(link, domain);
        if (delegation !== undefined) link.send({ type: 'delegate', delegation });
        void reconcile();
      },
      onMessage: receive,
      onFrame: desk.onFrame,
    });
    mine.session = session;
    void session.ended.then(() => {
      delete mine.session;
      if (lingering === session) lingering = undefined;
      if (run !== undefined && run !== mine) return; // a newer run has its own connection
      channel.kind = null;
      desk.detach();
      dispatch({ type: 'disconnected' });
    });
    return session;
  }

  function receive(message: WorkMessage): void {
    if (message.type === 'idle') {
      idle = message.reason;
      return notifier.soon();
    }
    if (message.type === 'delegated') {
      shown.payoutAddress = message.payoutAddress;
      delegation = undefined;
      return notifier.now();
    }
    if (message.type === 'lease') idle = undefined;
    desk.receive(message);
    if (lingering !== undefined && desk.unsent === 0) lingering.leave('paused');
  }

  async function reconcile(): Promise<void> {
    if (desk.ledger.waiting.size === 0 || options.fetchVerdicts === undefined) return;
    try {
      for (const verdict of await options.fetchVerdicts(signer.nodeId)) desk.decide(verdict);
    } catch (error) {
      log.info({ cause: String(error) }, 'node.verdicts-unavailable');
    }
  }

  function persist(write: Promise<void>): void {
    write.catch((error: unknown) => log.warn({ cause: String(error) }, 'record.not-written'));
  }

  function judge(): void {
    const permission = mayCompute(settings, signals);
    const reason = permission.may ? null : permission.reason;
    if (reason !== machine.hold) dispatch({ type: 'held', reason });
  }

  function doing(): string | undefined {
    const unit = desk.units()[0];
    return unit === undefined ? undefined : `${unit.title}${unit.requesterLabel && ` for ${unit.requesterLabel}`}`;
  }

  const barredUntil = () => (shown.error?.code === 'NODE_BARRED' ? String(shown.error.details['until']) : undefined);

  function snapshot(): NodeSnapshot {
    const { state, reason, connected } = machine;
    const now = clock.now();
    const retryInSeconds =
      channel.retryAt === null ? undefined : Math.max(0, Math.ceil((channel.retryAt - now) / 1000));
    return {
      nodeId: signer.nodeId,
      state,
      reason,
      status: statusLine({
        state,
        reason,
        connected,
        retryInSeconds,
        doing: doing(),
        idle,
        barredUntil: barredUntil(),
      }),
      units: desk.units(),
      ...(desk.lastPicture === undefined ? {} : { lastPicture: desk.lastPicture }),
      totals: desk.ledger.totals(),
      log: desk.ledger.log(),
      channel: { ...channel, connected, ...traffic },
      capabilities: offer().capabilities,
      settings,
      busyShare: desk.meter.share(),
      ...shown,
      at: now,
    };
  }

  return {
    nodeId: signer.nodeId,
    start() {
      if (!isActive(machine.state)) {
        shown.startedAt = clock.now();
        shown.firstAcceptedAt = null;
      }
      dispatch({ type: 'start' });
    },
    finish: () => dispatch({ type: 'finish' }),
    pause: () => dispatch({ type: 'pause' }),
    close() {
      dispatch({ type: 'closed' });
      lingering?.leave('closed');
    },
    setSettings(changes) {
      settings = { ...settings, ...changes };
      if (run !== undefined) run.pool.size = offer().workers;
      if (run !== undefined) desk.meter.setSlots(offer().workers);
      desk.wake();
      if (changes.workers !== undefined) announce();
      persist(store.writeRecord('settings', settings));
      if (changes.cacheBytes !== undefined) persist(store.setBlobCap(changes.cacheBytes));
      judge();
      notifier.now();
    },
    setSignals(next) {
      signals = next;
      judge();
    },
    linkWallet(signed) {
      delegation = signed;
      run?.session?.send({ type: 'delegate', delegation: signed });
    },
    reconcile,
    subscribe: notifier.subscribe,
    snapshot,
  };
}
