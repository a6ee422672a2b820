import type { WorkUnitId } from '@reckon/protocol/base/ids';

/** What accomplices tell each other. */
export interface Gang {
  /** Chooses the bytes they forge: the same for all of them. */
  readonly variant: number;
  /** Units of which one of them has sealed a forged result, with its forged share. */
  readonly forged: Map<WorkUnitId, number>;
  /** Units of which one of them has sealed a right result. */
  readonly right: Set<WorkUnitId>;
}

export const createGang = (variant: number): Gang => ({ variant, forged: new Map(), right: new Set() });
