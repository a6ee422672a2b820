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
`;
/** Bytes of a `ReckonSpan`. */
export const SPAN_BYTES = 16;
