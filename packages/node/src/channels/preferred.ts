import { ReckonError, toReckonError } from '@reckon/protocol/base/errors';
import type { Log, WorkChannel } from '@reckon/protocol/base/ports';

/** One way to reach the relay. */
export interface Way {
  name: string;
  connect: (signal: AbortSignal) => Promise<WorkChannel>;
  /** Given up after this, so that the next way gets its turn. */
  timeoutMs: number;
}

/** Tries each way in turn. @throws {ReckonError} CHANNEL_UNAVAILABLE naming all that was tried. */
export async function connectByFirst(ways: readonly Way[], log: Log, signal: AbortSignal): Promise<WorkChannel> {
  const causes: string[] = [];
  for (const way of ways) {
    try {
      return await way.connect(AbortSignal.any([signal, AbortSignal.timeout(way.timeoutMs)]));
    } catch (error) {
      signal.throwIfAborted();
      const cause = toReckonError(error).message;
      log.info({ way: way.name, cause }, 'channel.unavailable');
      causes.push(cause);
    }
  }
  const tried = ways.map(({ name }) => name).join(', ');
  throw new ReckonError('CHANNEL_UNAVAILABLE', { tried, cause: causes.join(' ') });
}
