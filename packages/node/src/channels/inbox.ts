type Data = string | Uint8Array;

/** The listening half every channel shares: messages wait for a late receiver, the end is told exactly once. */
export interface Inbox {
  readonly closed: string | undefined;
  deliver(data: Data): void;
  /** @returns whether this was the first end. */
  end(reason: string): boolean;
  onMessage(receive: (data: Data) => void): void;
  onClose(closed: (reason: string) => void): void;
}

export function createInbox(): Inbox {
  const early: Data[] = [];
  let receive: ((data: Data) => void) | undefined;
  let tell: ((reason: string) => void) | undefined;
  let closed: string | undefined;
  return {
    get closed() {
      return closed;
    },
    deliver(data) {
      if (receive === undefined) early.push(data);
      else receive(data);
    },
    end(reason) {
      if (closed !== undefined) return false;
      closed = reason;
      tell?.(reason);
      return true;
    },
    onMessage(next) {
      receive = next;
      for (const data of early.splice(0)) next(data);
    },
    onClose(next) {
      tell = next;
      if (closed !== undefined) next(closed);
    },
  };
}
