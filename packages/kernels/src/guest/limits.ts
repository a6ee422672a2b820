/** Bounds of a stranger's module. They keep checking, rewriting and compiling it short on the slowest device and in the relay. */
export const GUEST_LIMITS = {
  moduleBytes: 2 * 1024 * 1024,
  /** After the rewriting, which adds to every float instruction. */
  rewrittenBytes: 8 * 1024 * 1024,
  types: 1_000,
  params: 64,
  results: 16,
  imports: 64,
  functions: 10_000,
  globals: 2_000,
  exports: 2_000,
  /** Entries of the one table, and function numbers in all element segments. */
  tableEntries: 100_000,
  elementSegments: 10_000,
  dataSegments: 10_000,
  /** Pages of 64 KiB: 256 MiB. */
  memoryPages: 4_096,
  bodyBytes: 256 * 1024,
  locals: 4_000,
  nesting: 1_000,
  branchTargets: 10_000,
} as const;

export const PAGE_BYTES = 65_536;
