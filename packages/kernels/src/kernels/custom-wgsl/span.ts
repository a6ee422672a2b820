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
/** Turns of this thread's loops. */
var<private> reckon_turns: u32;
`;

const over = (counter: string) => `if (${counter} > ${MAX_TURNS}u)`;
const CUT = 'atomicStore(&reckon_cut, 1u);';
/** What is written into loops: behind their first brace, and behind their last (`bound-loops.ts`). */
export const COUNTS = {
  turns: { open: ` reckon_turns++; ${over('reckon_turns')} { break; }`, close: ` ${over('reckon_turns')} { ${CUT} }` },
  /** In functions with a result: a loop that only a `return` leaves would end without one. */
  result: (type: string) => ` reckon_turns++; ${over('reckon_turns')} { ${CUT} return ${type}(); }`,
  /** Of loops with barriers: a counter of the function's own, which a compiler can tell to be the same in all threads. */
  rounds: ' var reckon_rounds = 0u;',
  round: {
    open: ` reckon_rounds++; ${over('reckon_rounds')} { break; }`,
    close: ` ${over('reckon_rounds')} { ${CUT} }`,
  },
} as const;

/** Bytes of a `ReckonSpan`. */
export const SPAN_BYTES = 16;
