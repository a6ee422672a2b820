export { pool } from './engine/pool.ts';
