/**
 * What a stranger's module and the host say to each other; docs/kernels.md explains it. There is nothing else: no clock, no
 * randomness, no network, no threads.
 */

/** The only module that may be imported from. */
export const ABI_MODULE = 'reckon';

/** Types of what may be imported, written as `typeName` writes them. */
export const ABI_IMPORTS: Readonly<Record<string, string>> = {
  unit_index: '() -> i32',
  unit_count: '() -> i32',
  params_size: '() -> i32',
  params_read: '(i32) -> ()',
  input_size: '(i32) -> i32',
  input_read: '(i32, i32, i32, i32) -> ()',
  output_write: '(i32, i32) -> ()',
  progress: '(f64) -> ()',
};

/** What `run` is. */
export const RUN_TYPE = '() -> i32';

/** May be exported: called once before `run` in each instance, as WASI calls a reactor's. It stands for a start function. */
export const INITIALIZE = '_initialize';
export const INITIALIZE_TYPE = '() -> ()';

/** Exported by the rewritten module: 1 once the machine could not give memory that the module may have. */
export const GROW_FAILED = 'reckon:grow-failed';

const VALUE_TYPES: Readonly<Record<number, string>> = {
  0x7f: 'i32',
  0x7e: 'i64',
  0x7d: 'f32',
  0x7c: 'f64',
  0x7b: 'v128',
};

/** The name of a value type that modules may use, or undefined for any other byte. */
export const valueTypeName = (byte: number): string | undefined => VALUE_TYPES[byte];

/** `(i32, f64) -> i32`, as a person would write it. */
export function typeName(params: readonly number[], results: readonly number[]): string {
  const list = (types: readonly number[]) => types.map((type) => valueTypeName(type) ?? '?').join(', ');
  return `(${list(params)}) -> ${results.length === 1 ? list(results) : `(${list(results)})`}`;
}
