import type { Thing } from '../../client/src/thing.ts';

export const node: Thing = 1;
