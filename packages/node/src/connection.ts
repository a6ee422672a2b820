import { ReckonError, toReckonError } from '@reckon/protocol/base/errors';
import type { Clock, Log, Random, WorkChannel } from '@reckon/protocol/base/ports';
import type { Millis } from '@reckon/protocol/base/units';
import { backoffMs } from './backoff.ts';
import type { Session } from './session.ts';
import type { BlockReason } from './snapshot.ts';

/** A relay that accepts a connection and stays silent is given up after this. */
const HANDSHAKE_MS = 10_000;
/** A connection that lasted this long was a good one: the next failure is the first again. */
const SETTLED_MS = 10_000;

export interface ConnectionOptions {
  connect: (signal: AbortSignal) => Promise<WorkChannel>;
  /** Begins a session; `welcomed` is called when the relay has accepted the node. */
  open: (channel: WorkChannel, welcomed: () => void) => Session;
  onRetry: (at: Millis | null) => void;
  onError: (error: ReckonError) => void;
  onBlocked: (reason: BlockReason) => void;
  clock: Clock;
  random: Random;
  log: Log;
}

/** Errors that another attempt cannot cure. */
function blockOf(error: ReckonError): BlockReason | undefined {
  switch (error.code) {
    case 'PROTOCOL_VERSION':
      return 'outdated';
    case 'CONSENT_MISSING':
      return 'no-consent';
    case 'CONSENT_EXPIRED':
      return 'consent-expired';
    case 'NODE_BARRED':
      return 'barred';
    case 'SITE_UNKNOWN':
    case 'SIGNATURE_INVALID':
      return 'refused';
    default:
      return undefined;
  }
}

/** Stays connected until `signal` aborts or the relay refuses for good, waiting longer after each failure. */
export async function keepConnected(options: ConnectionOptions, signal: AbortSignal): Promise<void> {
  const { clock, random, log } = options;
  let failures = 0;
  while (!signal.aborted) {
    const { error, lastedMs } = await connectOnce(options, signal);
    if (signal.aborted) return;
    if (lastedMs > SETTLED_MS) failures = 0;
    log.info({ code: error.code, failures }, 'node.disconnected');
    const block = blockOf(error);
    if (block !== undefined) {
      options.onError(error);
      return options.onBlocked(block);
    }
    if (error.code !== 'CHANNEL_CLOSED') options.onError(error);
    const asked = error.code === 'RATE_LIMITED' ? (error as ReckonError<'RATE_LIMITED'>).details.retryAfterMs : 0;
    const waitMs = Math.max(asked, backoffMs(failures++, random));
    options.onRetry(clock.now() + waitMs);
    await clock.sleep(waitMs, signal).catch(() => undefined); // aborted: the loop ends
    options.onRetry(null);
  }
}

/** One attempt, until it ends: why, and how long the relay had accepted the node. */
async function connectOnce(
  { connect, open, clock }: ConnectionOptions,
  signal: AbortSignal,
): Promise<{ error: ReckonError; lastedMs: Millis }> {
  let welcomedAt: Millis | undefined;
  const over = new AbortController();
  try {
    const channel = await connect(signal);
    if (signal.aborted) {
      channel.close('stopped');
      return { error: new ReckonError('CHANNEL_CLOSED', { reason: 'stopped' }), lastedMs: 0 };
    }
    const session = open(channel, () => {
      welcomedAt = clock.now();
    });
    clock.sleep(HANDSHAKE_MS, over.signal).then(
      () => welcomedAt === undefined && session.leave('no welcome'),
      () => undefined, // the session ended first
    );
    const error = await session.ended;
    const lastedMs = welcomedAt === undefined ? 0 : clock.now() - welcomedAt;
    return { error: error ?? new ReckonError('CHANNEL_CLOSED', { reason: 'the node left' }), lastedMs };
  } catch (error) {
    return { error: toReckonError(error), lastedMs: 0 };
  } finally {
    over.abort(new ReckonError('CHANNEL_CLOSED', { reason: 'ended' }));
  }
}
