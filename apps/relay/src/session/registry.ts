import type { NodeId } from '@reckon/protocol/base/ids';
import type { WorkChannel } from '@reckon/protocol/base/ports';
import type { NodeKind } from '@reckon/protocol/wire/messages';
import type { SessionPorts } from './ports.ts';
import { openSession, type Session } from './session.ts';

export interface SessionRegistry {
  /** `address` is where the connection comes from, as far as it is known. */
  accept(channel: WorkChannel, address?: string): void;
  /** Ends sessions whose node has gone silent. Call every heartbeat or so. */
  checkAlive(): void;
  countByKind(): Map<NodeKind, number>;
  /** Nodes by how they are connected. */
  countByChannel(): Map<WorkChannel['kind'], number>;
  closeAll(reason: string): void;
}

const MAX_SESSIONS = 10_000;

/** All open sessions; a node has one at most, its newest. */
export function createSessions(ports: SessionPorts): SessionRegistry {
  const all = new Set<Session>();
  const byNode = new Map<NodeId, Session>();
  const channelOf = new WeakMap<Session, WorkChannel['kind']>();
  const countBy = <K>(keyOf: (session: Session) => K | undefined): Map<K, number> => {
    const counts = new Map<K, number>();
    for (const key of [...byNode.values()].map(keyOf))
      if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts;
  };
  return {
    accept(channel, address) {
      if (all.size >= MAX_SESSIONS) return channel.close('the relay is full');
      all.add(
        openSession(ports, channel, address, {
          joined(session, nodeId) {
            byNode.get(nodeId)?.replace();
            byNode.set(nodeId, session);
            channelOf.set(session, channel.kind);
            ports.log.info({ nodeId, kind: session.kind, channel: channel.kind }, 'node.joined');
          },
          ended(session) {
            all.delete(session);
            if (session.nodeId === undefined || byNode.get(session.nodeId) !== session) return;
            byNode.delete(session.nodeId);
            ports.log.info({ nodeId: session.nodeId }, 'node.left');
          },
        }),
      );
    },
    checkAlive() {
      for (const session of [...all]) session.checkAlive();
    },
    countByKind: () => countBy((session) => session.kind),
    countByChannel: () => countBy((session) => channelOf.get(session)),
    closeAll(reason) {
      for (const session of [...all]) session.close(reason);
    },
  };
}
