import type { NodeId } from '@reckon/protocol/base/ids';
import type { ShardEvent, ShardEventOf } from '@reckon/protocol/journal/entry';
import { assign } from '@reckon/protocol/machine/assign';
import type { StepResult } from '@reckon/protocol/machine/commands';
import type { ShardState } from '@reckon/protocol/machine/state';
import { isLeasable } from '@reckon/protocol/machine/unit-update';

const MAY_FREE_SLOTS = new Set<ShardEvent['type']>(['job.controlled', 'clock.ticked', 'replica.revealed']);

interface OfferPorts {
  state: ShardState;
  /** A u32 for `assign`. */
  draw(): number;
  hasLink(nodeId: NodeId): boolean;
}

/**
 * Credit-based flow: remembers how many leases each connected node may hold, and asks for work for those whose turn it
 * is: a node that announced slots, returned a unit or failed one; every node when work has become available.
 */
export function createOffers({ state, draw, hasLink }: OfferPorts) {
  const slots = new Map<NodeId, number>();
  const due = new Set<NodeId>();
  /** Nodes told that there is nothing for them, since their last lease. */
  const idling = new Set<NodeId>();
  let newlyIdle: [NodeId, string][] = [];

  const isWorkThere = (): boolean => {
    for (const job of state.jobs.values()) {
      if (isLeasable(job) && job.started.size + job.fresh.size > 0) return true;
    }
    return false;
  };

  function note(event: ShardEvent, { commands, changes }: StepResult): void {
    if (commands.some((command) => command.type === 'offer')) for (const nodeId of slots.keys()) due.add(nodeId);
    if (event.type === 'replica.committed' || event.type === 'replica.failed') due.add(event.nodeId);
    if (!MAY_FREE_SLOTS.has(event.type)) return;
    // A job that ended, a unit decided without a node or run out of time, frees slots that nobody announces.
    for (const change of changes) if (change.type === 'node' && slots.has(change.nodeId)) due.add(change.nodeId);
  }

  function* take(stamp: () => number): Generator<ShardEventOf<'node.asked'>> {
    const asking = [...due];
    due.clear();
    const work = isWorkThere();
    for (const nodeId of asking) {
      const allowed = slots.get(nodeId) ?? 0;
      if (allowed === 0 || !hasLink(nodeId)) continue;
      const drawn = draw();
      if (work && assign(state, nodeId, allowed, drawn).length > 0) {
        idling.delete(nodeId);
        yield { type: 'node.asked', at: stamp(), nodeId, slots: allowed, draw: drawn };
      } else if (!idling.has(nodeId)) {
        idling.add(nodeId);
        newlyIdle.push([nodeId, work ? 'the open units have enough nodes' : 'no job has open units']);
      }
    }
  }

  return {
    note,
    take,
    isDue: () => due.size > 0,
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
    forget(nodeId: NodeId): void {
      slots.delete(nodeId);
      due.delete(nodeId);
      idling.delete(nodeId);
    },
  };
}
