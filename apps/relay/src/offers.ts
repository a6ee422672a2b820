import type { NodeId } from '@reckon/protocol/base/ids';
import type { Millis } from '@reckon/protocol/base/units';
import type { ShardEvent, ShardEventOf } from '@reckon/protocol/journal/entry';
import { assign, leasedCount } from '@reckon/protocol/machine/assign';
import type { StepResult } from '@reckon/protocol/machine/commands';
import type { ShardState } from '@reckon/protocol/machine/state';
import { idleReason, isWorkThere } from './idle-reason.ts';

const MAY_FREE_SLOTS = new Set<ShardEvent['type']>([
  'job.controlled',
  'clock.ticked',
  'replica.revealed',
  'check.answered',
  'unit.opened',
  'unit.refereed',
]);
const RETURNS_A_UNIT = new Set<ShardEvent['type']>(['replica.committed', 'replica.failed', 'check.answered']);

/** How often nodes with free slots are looked at again: pauses end, units become late, greener nodes leave. */
const AGAIN_MS: Millis = 2_000;

interface OfferPorts {
  state: ShardState;
  /** A u32 for `assign`. */
  draw(): number;
  hasLink(nodeId: NodeId): boolean;
}

/**
 * Credit-based flow: remembers how many leases each connected node may hold, and asks for work for those whose turn it
 * is: a node that announced slots, returned a unit or failed one; every node when work has become available; and every
 * node with a free slot from time to time. Nothing is journalled when nothing comes of it.
 */
export function createOffers({ state, draw, hasLink }: OfferPorts) {
  const slots = new Map<NodeId, number>();
  const roundTrips = new Map<NodeId, Millis>();
  const due = new Set<NodeId>();
  /** What nodes were told of why there is nothing for them, since their last lease. */
  const idling = new Map<NodeId, string>();
  let newlyIdle: [NodeId, string][] = [];
  let askedAt: Millis | undefined;

  function note(event: ShardEvent, { commands, changes }: StepResult): void {
    if (commands.some((command) => command.type === 'offer')) for (const nodeId of slots.keys()) due.add(nodeId);
    if ('nodeId' in event && RETURNS_A_UNIT.has(event.type)) due.add(event.nodeId);
    if (!MAY_FREE_SLOTS.has(event.type)) return;
    // A job that ended, a unit decided without a node or run out of time, frees slots that nobody announces.
    for (const change of changes) if (change.type === 'node' && slots.has(change.nodeId)) due.add(change.nodeId);
  }

  const held = (nodeId: NodeId): number => {
    const node = state.nodes.get(nodeId);
    return node === undefined ? 0 : leasedCount(state, node);
  };

  function noteIdle(current: ShardState, nodeId: NodeId): void {
    // A node with something to do is not idle, whether or not there is more for it.
    if (held(nodeId) > 0) return;
    const reason = idleReason(current, nodeId);
    if (idling.get(nodeId) === reason) return;
    idling.set(nodeId, reason);
    newlyIdle.push([nodeId, reason]);
  }

  /** Shuffles (Fisher and Yates): whoever came first, and keeps slots free, would choose whose results it checks. */
  function drawOrder(nodes: NodeId[]): NodeId[] {
    for (let last = nodes.length - 1; last > 0; last--) {
      const pick = draw() % (last + 1);
      [nodes[last], nodes[pick]] = [nodes[pick] as NodeId, nodes[last] as NodeId];
    }
    return nodes;
  }

  function* take(stamp: () => number): Generator<ShardEventOf<'node.asked'>> {
    const asking = drawOrder([...due]);
    due.clear();
    const work = isWorkThere(state);
    for (const nodeId of asking) {
      const allowed = slots.get(nodeId) ?? 0;
      if (allowed === 0 || !hasLink(nodeId)) continue;
      const drawn = draw();
      const rttMs = roundTrips.get(nodeId);
      // The state's time is that of its last event; a pause may have ended since.
      const at = stamp();
      const current = { ...state, now: at };
      if (work && assign(current, nodeId, allowed, drawn, rttMs).length > 0) {
        idling.delete(nodeId);
        yield {
          type: 'node.asked',
          at,
          nodeId,
          slots: allowed,
          draw: drawn,
          ...(rttMs === undefined ? {} : { rttMs }),
        };
      } else noteIdle(current, nodeId);
    }
  }

  return {
    note,
    take,
    isDue: () => due.size > 0,
    /** Looks again at every node with a free slot, every two seconds while there is work; true when any is due. */
    askAgain(now: Millis): boolean {
      askedAt ??= now;
      if (now - askedAt < AGAIN_MS && now >= askedAt) return false;
      askedAt = now;
      if (!isWorkThere(state)) return false;
      for (const [nodeId, allowed] of slots) if (held(nodeId) < allowed) due.add(nodeId);
      return due.size > 0;
    },
    takeIdle(): [NodeId, string][] {
      const told = newlyIdle;
      newlyIdle = [];
      return told;
    },
    setSlots(nodeId: NodeId, count: number): void {
      slots.set(nodeId, count);
      due.add(nodeId);
    },
    slotsOf: (nodeId: NodeId): number => slots.get(nodeId) ?? 0,
    noteRoundTrip: (nodeId: NodeId, rttMs: Millis): void => void roundTrips.set(nodeId, rttMs),
    forget(nodeId: NodeId): void {
      slots.delete(nodeId);
      roundTrips.delete(nodeId);
      due.delete(nodeId);
      idling.delete(nodeId);
    },
  };
}
