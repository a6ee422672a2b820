import type { GemmPlan } from './plan.ts';

/**
 * The candidates. After what others found: 4×4 tiles without shared memory (jax-js), 64×64 and 128×128 blocks through
 * workgroup memory with 8×8 tiles (SGEMM_CUDA's kernels, wgpu-mm), small blocks for integrated GPUs and small products, k
 * shared by a workgroup for products of few rows (wgpu-mm's GEMV).
 */
export const GEMM_PLANS: readonly GemmPlan[] = [
  { algorithm: 'direct', threads: [8, 8], tile: [4, 4], unroll: 1 },
  { algorithm: 'direct', threads: [16, 16], tile: [4, 4], unroll: 1 },
  { algorithm: 'direct', threads: [16, 8], tile: [8, 4], unroll: 1 },
  { algorithm: 'direct', threads: [8, 8], tile: [4, 8], unroll: 2 },
  { algorithm: 'direct', threads: [8, 8], tile: [8, 8], unroll: 1 },
  { algorithm: 'shared', threads: [8, 8], tile: [4, 4], depth: 32 },
  { algorithm: 'shared', threads: [16, 16], tile: [4, 4], depth: 16 },
  { algorithm: 'shared', threads: [16, 8], tile: [8, 4], depth: 16 },
  { algorithm: 'shared', threads: [8, 8], tile: [8, 8], depth: 16 },
  { algorithm: 'shared', threads: [16, 8], tile: [8, 8], depth: 16 },
  { algorithm: 'shared', threads: [16, 16], tile: [8, 8], depth: 16 },
  { algorithm: 'split-k', threads: [16, 16], rows: 1 },
  { algorithm: 'split-k', threads: [16, 16], rows: 4 },
  { algorithm: 'split-k', threads: [1, 64], rows: 1 },
  { algorithm: 'split-k', threads: [2, 64], rows: 4 },
];
