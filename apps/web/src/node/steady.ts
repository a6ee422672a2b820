import type { CurrentUnit, NodeSnapshot } from '@reckon/node/snapshot';

/** Units of a fast kernel come several times a second, with waits between; nobody can read what changes that fast. */
export const HOLD_MS = 1200;

/** What the page shows of its node: the machine's own word, but calmed. */
export interface Steady {
  snapshot: NodeSnapshot;
  /** The unit computed last, for as long as the node goes on; it stays on the bench while the next is on its way. */
  recent: CurrentUnit | undefined;
  /** Until then a wait between two units still reads as computing, and a wait keeps its reason. */
  holdUntil: number;
}

const goesOn = ({ state }: NodeSnapshot): boolean => state === 'computing' || state === 'waiting';

/**
 * Presentation only: the node's machine is not slowed. A wait shorter than `HOLD_MS` is not shown, and nothing else is
 * ever held back: a pause, a refusal or a lost connection shows at once. Pure.
 */
export function steady(before: Steady | undefined, next: NodeSnapshot, now: number): Steady {
  const kept = before !== undefined && goesOn(before.snapshot) && goesOn(next) ? before : undefined;
  if (next.state === 'computing') {
    const first = next.units.find(({ phase }) => phase === 'computing') ?? next.units[0];
    return { snapshot: next, recent: first ?? kept?.recent, holdUntil: now + HOLD_MS };
  }
  if (next.state === 'waiting' && kept !== undefined) {
    const { holdUntil, recent, snapshot: shown } = kept;
    if (now < holdUntil && next.channel.connected) {
      const { state, status, units } = shown;
      return { snapshot: { ...next, state, status, units }, recent, holdUntil };
    }
    return { snapshot: next, recent, holdUntil: now + HOLD_MS };
  }
  return { snapshot: next, recent: undefined, holdUntil: 0 };
}
