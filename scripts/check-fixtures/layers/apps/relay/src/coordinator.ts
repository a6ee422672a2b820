import { pool } from '../../../packages/kernels/src/rules.ts';

export const coordinator = pool;
