import type { NodeId, WorkUnitId } from '@reckon/protocol/base/ids';
import type { LeafAttestation, Salt } from '@reckon/protocol/model/attestation';

/** What opens a seal: the signed result and its salt. Private until the unit is opened. */
export interface Reveal {
  workUnitId: WorkUnitId;
  nodeId: NodeId;
  salt: Salt;
  attestation: LeafAttestation;
}

/**
 * Revealed results of units that are not opened yet. The journal names them only by blinded tags; without this store they
 * could never be opened, so a reveal is written here before it is journalled.
 */
export interface RevealStore {
  /** Keeps a reveal, in place of an earlier one of that node; resolves once it would survive a power cut. */
  put(reveal: Reveal): Promise<void>;
  /** All kept reveals of a unit, those being written included. */
  of(workUnitId: WorkUnitId): ReadonlyMap<NodeId, Reveal>;
  /** Units of which anything is kept. */
  units(): Iterable<WorkUnitId>;
  /** Forgets a unit's reveals: it was opened, or will never be. Need not survive a crash. */
  drop(workUnitId: WorkUnitId): void;
  close(): void;
}

/** The part of every store that answers at once. */
export function createRevealIndex() {
  const units = new Map<WorkUnitId, Map<NodeId, Reveal>>();
  const nothing: ReadonlyMap<NodeId, Reveal> = new Map();
  return {
    add(reveal: Reveal): void {
      const known = units.get(reveal.workUnitId) ?? new Map<NodeId, Reveal>();
      units.set(reveal.workUnitId, known.set(reveal.nodeId, reveal));
    },
    of: (workUnitId: WorkUnitId): ReadonlyMap<NodeId, Reveal> => units.get(workUnitId) ?? nothing,
    units: (): Iterable<WorkUnitId> => [...units.keys()],
    drop: (workUnitId: WorkUnitId): boolean => units.delete(workUnitId),
  };
}
