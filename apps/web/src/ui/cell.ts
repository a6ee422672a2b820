import type { UnitStatus } from '@reckon/protocol/wire/http';

/** The six looks of a cell (shape and pattern carry the meaning; colour only repeats it). */
export type CellLook = 'pending' | 'computing' | 'accepted' | 'checked' | 'waiting' | 'refused';

export interface Cell {
  look: CellLook;
  /** 0..1 while computing. */
  progress: number;
}

/** What each look means, in the words of the legend and the table twin. */
export const lookWords: { readonly [L in CellLook]: string } = {
  pending: 'Pending',
  computing: 'Computing',
  waiting: 'Waiting for others',
  accepted: 'Accepted',
  checked: 'Accepted by a check stronger than a vote',
  refused: 'Failed',
};

/** A unit's look: a unit with a revealed result that is not decided yet waits for another node's. */
export function lookOfUnit(unit: { status: UnitStatus; leased: number; revealed: number }): CellLook {
  if (unit.status === 'accepted') return 'accepted';
  if (unit.status === 'failed') return 'refused';
  if (unit.status === 'pending') return unit.revealed > 0 ? 'waiting' : 'pending';
  return unit.leased === 0 && unit.revealed > 0 ? 'waiting' : 'computing';
}
