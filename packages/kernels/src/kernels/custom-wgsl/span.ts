/**
 * Work of one thread's loops at most, and of all threads of a workgroup together, counted in words and signs (`work.ts`). A
 * workgroup that takes all of it keeps a software GPU busy for about a second. That is what bounds the first dispatch, which
 * is one workgroup. Later ones are sized by what those before took, so a shader whose items suddenly cost more may keep a
 * GPU for longer: at worst by as many times as the dispatch has workgroups, until the driver or the unit's time ends it.
 */
const MAX_THREAD_WORK = 2 ** 24;
const MAX_WORKGROUP_WORK = 2 ** 30;

/** How much the loops of one thread may do. */
export const workBudget = (threads: number): number =>
  Math.min(MAX_THREAD_WORK, Math.floor(MAX_WORKGROUP_WORK / threads));

/**
 * What a shader's host declares for it. It is put behind the requester's text, where WGSL allows it, so that the compiler's
 * line numbers stay the requester's.
 */
export const spanWgsl = (budget: number): string => `
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
fn reckon_end() { atomicStore(&reckon_cut, 1u); }
/** Work of this thread's loops. */
var<private> reckon_work: u32;
/** Adds a turn's work; whether that is too much. */
fn reckon_over(work: u32) -> bool {
  reckon_work += work;
  if (reckon_work <= ${budget}u) { return false; }
  reckon_end();
  return true;
}
`;
/** Names that a requester's text may not declare for itself: the host's text above means WGSL's own by them. */
export const HOST_NAMES: ReadonlySet<string> = new Set(['ReckonSpan', 'span', 'atomic', 'atomicStore', 'bool', 'u32']);

/** What is written behind a loop's first brace. */
export const countTurn = (work: number): string => ` if (reckon_over(${work}u)) { break; }`;

/** Of loops with barriers: a counter of the function's own, which a compiler can tell to be the same in all threads. */
export const ROUNDS = ' var reckon_rounds = 0u;';
export const countRound = (work: number, budget: number): string =>
  ` reckon_rounds += ${work}u; if (reckon_rounds > ${budget}u) { reckon_end(); break; }`;

/** Bytes of a `ReckonSpan`. */
export const SPAN_BYTES = 16;
