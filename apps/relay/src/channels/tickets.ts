import { createHmac, timingSafeEqual } from 'node:crypto';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { Clock, Random } from '@reckon/protocol/base/ports';
import type { SessionTicket } from '@reckon/protocol/wire/http';

const LIFE_MS = 60_000;

export interface Tickets {
  issue(): SessionTicket;
  /** @throws {ReckonError} SIGNALLING_TOKEN_INVALID unless `token` was issued for `peerId` and still runs. */
  check(peerId: string, token: string): void;
}

/** Leave for one signalling connection: an HMAC over the peer id and the time it ends. Nothing is stored. */
export function createTickets(clock: Clock, random: Random): Tickets {
  const secret = random.bytes(32);
  const macOf = (peerId: string, expiresAt: number): string =>
    createHmac('sha256', secret).update(`${peerId}|${expiresAt}`).digest('hex');
  const refuse = (reason: string) => new ReckonError('SIGNALLING_TOKEN_INVALID', { reason });
  return {
    issue() {
      const peerId = `node-${Buffer.from(random.bytes(12)).toString('hex')}`;
      const expiresAt = clock.now() + LIFE_MS;
      return { peerId, token: `${expiresAt}.${macOf(peerId, expiresAt)}`, expiresAt };
    },
    check(peerId, token) {
      const [time, mac = ''] = token.split('.', 2);
      const expiresAt = Number(time);
      const expected = Buffer.from(macOf(peerId, expiresAt));
      const received = Buffer.from(mac);
      if (received.length !== expected.length || !timingSafeEqual(received, expected)) {
        throw refuse('it was not issued for this peer');
      }
      if (expiresAt <= clock.now()) throw refuse('it has ended');
    },
  };
}
