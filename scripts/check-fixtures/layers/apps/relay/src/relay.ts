import { pool } from '../../../packages/kernels/src/engine/pool.ts';
import { shown } from '../../web/src/dashboard/page.ts';
import { fake } from '../testing/fake.ts';

export const relay = pool + shown + fake;
