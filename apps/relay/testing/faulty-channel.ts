import type { WorkChannel } from '@reckon/protocol/base/ports';
import type { SeededRandom } from '@reckon/protocol/testing/seeded-random';
import type { VirtualTime } from '@reckon/protocol/testing/virtual-time';

export interface Faults {
  /** Mean delay of a message. */
  delayMs: number;
  /** Share of text messages that arrive twice. */
  duplicate: number;
  /** Share of messages that arrive late, after ones sent later. */
  late: number;
}

/** Two ends of a connection over virtual time that delays, repeats and reorders. Closing one end tells the other. */
export function createFaultyPair(time: VirtualTime, random: SeededRandom, faults: Faults): [WorkChannel, WorkChannel] {
  let open = true;
  const ends = [createEnd(), createEnd()] as const;

  function createEnd() {
    const waiting: (string | Uint8Array)[] = [];
    let receive: ((data: string | Uint8Array) => void) | undefined;
    let closed: ((reason: string) => void) | undefined;
    let ended: string | undefined;
    return {
      arrive(data: string | Uint8Array): void {
        if (ended !== undefined) return;
        if (receive === undefined) waiting.push(data);
        else receive(data);
      },
      end(reason: string): void {
        if (ended !== undefined) return;
        ended = reason;
        closed?.(reason);
      },
      onMessage(handler: (data: string | Uint8Array) => void): void {
        receive = handler;
        for (const data of waiting.splice(0)) handler(data);
      },
      onClose(handler: (reason: string) => void): void {
        closed = handler;
        if (ended !== undefined) handler(ended);
      },
    };
  }

  const channel = (here: (typeof ends)[number], there: (typeof ends)[number]): WorkChannel => {
    let nextAt = 0;
    return {
      kind: 'memory',
      bufferedAmount: 0,
      drained: () => Promise.resolve(),
      send(data) {
        if (!open) return;
        const delay = faults.delayMs * (0.5 + random.fraction());
        // In order, unless this one is late.
        const arriveAt = Math.max(nextAt, time.now() + delay);
        if (random.fraction() < faults.late) {
          time.after(arriveAt - time.now() + faults.delayMs * 10, () => there.arrive(data));
          return;
        }
        nextAt = arriveAt;
        time.after(arriveAt - time.now(), () => there.arrive(data));
        if (typeof data === 'string' && random.fraction() < faults.duplicate) {
          time.after(arriveAt - time.now() + faults.delayMs, () => there.arrive(data));
        }
      },
      onMessage: here.onMessage,
      onClose: here.onClose,
      close(reason = 'closed') {
        if (!open) return;
        open = false;
        here.end(reason);
        time.after(faults.delayMs, () => there.end(reason));
      },
    };
  };
  return [channel(ends[0], ends[1]), channel(ends[1], ends[0])];
}
