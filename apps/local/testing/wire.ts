import { ReckonError } from '@reckon/protocol/base/errors';
import type { WorkChannel } from '@reckon/protocol/base/ports';
import type { VirtualTime } from '@reckon/protocol/testing/virtual-time';

type Data = string | Uint8Array;

/** A connection over virtual time, in order, that can be lost at any moment with all that is under way on it. */
export interface Wire {
  nodeEnd: WorkChannel;
  relayEnd: WorkChannel;
  ended: Promise<void>;
  cut(): void;
  /** Hears every text the node receives. */
  listen(hear: (text: string) => void): void;
}

export function createWire(time: VirtualTime, delayMs: () => number): Wire {
  const over = Promise.withResolvers<void>();
  let hear: ((text: string) => void) | undefined;
  const sides = [createSide(), createSide()] as const;

  function createSide() {
    let receive: ((data: Data) => void) | undefined;
    let closed: ((reason: string) => void) | undefined;
    const early: Data[] = [];
    const side = {
      ended: undefined as string | undefined,
      nextAt: 0,
      underWay: [] as (() => void)[],
      deliver(data: Data) {
        if (side.ended !== undefined) return;
        if (receive === undefined) early.push(data);
        else receive(data);
      },
      end(reason: string) {
        if (side.ended !== undefined) return;
        side.ended = reason;
        over.resolve();
        closed?.(reason);
      },
      onMessage(handler: (data: Data) => void) {
        receive = handler;
        for (const data of early.splice(0)) handler(data);
      },
      onClose(handler: (reason: string) => void) {
        closed = handler;
        if (side.ended !== undefined) handler(side.ended);
      },
    };
    return side;
  }

  /** Runs an arrival at the other side, after all that was sent before it. */
  function later(from: (typeof sides)[number], run: () => void): void {
    from.nextAt = Math.max(from.nextAt, time.now() + delayMs());
    from.underWay.push(run);
    // Whichever timer fires, the oldest arrives.
    time.after(from.nextAt - time.now(), () => from.underWay.shift()?.());
  }

  function channel(mine: 0 | 1): WorkChannel {
    const [near, far] = [sides[mine], sides[mine === 0 ? 1 : 0]];
    return {
      kind: 'memory',
      bufferedAmount: 0,
      send(data) {
        if (near.ended !== undefined) throw new ReckonError('CHANNEL_CLOSED', { reason: near.ended });
        const copy = typeof data === 'string' ? data : data.slice();
        later(near, () => {
          if (mine === 1 && far.ended === undefined && typeof copy === 'string') hear?.(copy);
          far.deliver(copy);
        });
      },
      async drained() {
        await time.sleep(1);
        if (near.ended !== undefined) throw new ReckonError('CHANNEL_CLOSED', { reason: near.ended });
      },
      onMessage: near.onMessage,
      onClose: near.onClose,
      close(reason = 'closed') {
        if (near.ended !== undefined) return;
        near.end(reason);
        later(near, () => far.end(reason));
      },
    };
  }

  return {
    nodeEnd: channel(0),
    relayEnd: channel(1),
    ended: over.promise,
    cut() {
      for (const side of sides) side.end('cut');
    },
    listen(next) {
      hear = next;
    },
  };
}
