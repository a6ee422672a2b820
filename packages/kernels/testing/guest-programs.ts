import { wat } from './wat.ts';

/**
 * A program that uses all of the ABI: it writes its number, how many units there are, its parameters, then for each f64 of
 * its data that number times the first of the table plus one; it tells its progress as it goes.
 */
export const everyFunction = (): Uint8Array =>
  wat(`(module
    (import "reckon" "unit_index" (func $unit_index (result i32)))
    (import "reckon" "unit_count" (func $unit_count (result i32)))
    (import "reckon" "params_size" (func $params_size (result i32)))
    (import "reckon" "params_read" (func $params_read (param i32)))
    (import "reckon" "input_size" (func $input_size (param i32) (result i32)))
    (import "reckon" "input_read" (func $input_read (param i32 i32 i32 i32)))
    (import "reckon" "output_write" (func $output_write (param i32 i32)))
    (import "reckon" "progress" (func $progress (param f64)))
    (memory (export "memory") 1 2)
    (func (export "run") (result i32) (local $at i32) (local $size i32)
      (i32.store (i32.const 0) (call $unit_index))
      (i32.store (i32.const 4) (call $unit_count))
      (call $output_write (i32.const 0) (i32.const 8))
      (call $params_read (i32.const 16))
      (call $output_write (i32.const 16) (call $params_size))
      (call $input_read (i32.const 1) (i32.const 8) (i32.const 0) (i32.const 8))
      (local.set $size (call $input_size (i32.const 0)))
      (block $done (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $size)))
        (call $input_read (i32.const 0) (i32.const 0) (local.get $at) (i32.const 8))
        (f64.store (i32.const 0) (f64.add (f64.mul (f64.load (i32.const 0)) (f64.load (i32.const 8))) (f64.const 1)))
        (call $output_write (i32.const 0) (i32.const 8))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (call $progress (f64.div (f64.convert_i32_u (local.get $at)) (f64.convert_i32_u (local.get $size))))
        (br $next)))
      i32.const 0))`);

/** What `everyFunction` writes, with the 4 bytes that the kernel puts in front. */
export function everyFunctionModel(unit: number, units: number, params: string, data: Uint8Array, table: Uint8Array) {
  const text = new TextEncoder().encode(params);
  const result = new Uint8Array(4 + 8 + text.length + data.length);
  const view = new DataView(result.buffer);
  view.setUint32(0, result.length - 4, true);
  view.setUint32(4, unit, true);
  view.setUint32(8, units, true);
  result.set(text, 12);
  const input = new DataView(data.buffer, data.byteOffset);
  const factor = new DataView(table.buffer, table.byteOffset).getFloat64(0, true);
  for (let at = 0; at < data.length; at += 8) {
    const value = input.getFloat64(at, true) * factor + 1;
    const to = 12 + text.length + at;
    if (Number.isNaN(value)) view.setBigUint64(to, 0x7ff8000000000000n, true);
    else view.setFloat64(to, value, true);
  }
  return result;
}
