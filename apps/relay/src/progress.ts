import type { NodeId, WorkUnitId } from '@reckon/protocol/base/ids';
import type { ProgressBoard } from './session/ports.ts';

export interface UnitProgress extends ProgressBoard {
  /** The furthest replica's fraction; 0 when nobody reported. */
  of(workUnitId: WorkUnitId): number;
  forgetUnit(workUnitId: WorkUnitId): void;
}

/** Keeps what heartbeats say of units being computed. `onChange` is told of each report. */
export function createProgress(onChange: (workUnitId: WorkUnitId) => void): UnitProgress {
  const units = new Map<WorkUnitId, Map<NodeId, number>>();
  return {
    note(workUnitId, nodeId, fraction) {
      const reports = units.get(workUnitId) ?? new Map<NodeId, number>();
      units.set(workUnitId, reports.set(nodeId, fraction));
      onChange(workUnitId);
    },
    forgetNode(nodeId) {
      for (const [workUnitId, reports] of units) {
        if (reports.delete(nodeId) && reports.size === 0) units.delete(workUnitId);
      }
    },
    of: (workUnitId) => Math.max(0, ...(units.get(workUnitId)?.values() ?? [])),
    forgetUnit: (workUnitId) => void units.delete(workUnitId),
  };
}
