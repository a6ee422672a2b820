import type { Churn } from './world-options.ts';

export const STAYING: Churn = { name: 'none', unitsEach: Number.POSITIVE_INFINITY, killed: 0 };
export const KILLED: Churn = { name: 'killed', unitsEach: Number.POSITIVE_INFINITY, killed: 0.3 };
export const sessionsOf = (unitsEach: number): Churn => ({ name: `sessions-${unitsEach}`, unitsEach, killed: 0 });
export const SESSIONS: Churn = sessionsOf(20);

export const CHURNS: readonly Churn[] = [STAYING, KILLED, SESSIONS];
