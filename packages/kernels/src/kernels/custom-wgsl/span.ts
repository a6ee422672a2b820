/** Turns that all loops of one thread may take together: a few dispatches of a slow GPU. */
export const MAX_TURNS = 2 ** 20;

/**
 * What a shader's host declares for it. It is put behind the requester's text, where WGSL allows it, so that the compiler's
 * line numbers stay the requester's.
 */
export const SPAN_WGSL = `
/** The items of this dispatch, and the unit's place in its job. */
struct ReckonSpan {
  /** The dispatch's first item. */
  first: u32,
  /** The dispatch's items. */
  count: u32,
  /** The unit's rows. */
  rows: u32,
  /** The unit's first row among all of the job's. */
  firstRow: u32,
}
@group(1) @binding(0) var<uniform> span: ReckonSpan;

/** Set when a thread's loops were ended by the host. */
@group(1) @binding(1) var<storage, read_write> reckon_cut: atomic<u32>;
var<private> reckon_turns: u32;
/** Counts a turn of a loop; true when it was one too many. */
fn reckon_turn() -> bool {
  reckon_turns++;
  if (reckon_turns <= ${MAX_TURNS}u) { return false; }
  atomicStore(&reckon_cut, 1u);
  return true;
}
`;

/** What is written behind the braces of loops (`bound-loops.ts`). */
export const COUNTS = {
  turn: ' if (reckon_turn()) { break; }',
  /** For loops with barriers: a counter of the function's own, which a compiler can tell to be the same in all threads. */
  rounds: ' var reckon_rounds = 0u;',
  round: ` reckon_rounds++; if (reckon_rounds > ${MAX_TURNS}u) { atomicStore(&reckon_cut, 1u); break; }`,
} as const;

/** Bytes of a `ReckonSpan`. */
export const SPAN_BYTES = 16;
