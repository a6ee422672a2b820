/**
 * A guest for the kernel custom-wasm, as a requester would write it. Each turn of its loop writes 32 bytes: a logistic map in
 * f64, a quotient with a root and a rounding, a xorshift word times a constant, a logistic map in f32, and 0 / 0 or 0 / 1.
 */
export const guestText = `(module
  (import "reckon" "output_write" (func $write (param i32 i32)))
  (memory (export "memory") 1 1)
  (func (export "run") (result i32)
    (local $at i32) (local $i i32) (local $d f64) (local $f f32) (local $w i64)
    (local.set $d (f64.const 0.1))
    (local.set $f (f32.const 0.1))
    (local.set $w (i64.const 0x9e3779b97f4a7c15))
    (loop $more
      ;; Logistic maps: a bit that is rounded otherwise is another number a hundred turns later.
      (local.set $d (f64.mul (f64.mul (f64.const 3.9) (local.get $d)) (f64.sub (f64.const 1) (local.get $d))))
      (local.set $f (f32.mul (f32.mul (f32.const 3.875) (local.get $f)) (f32.sub (f32.const 1) (local.get $f))))
      ;; xorshift64 and a product of 64 bits.
      (local.set $w (i64.xor (local.get $w) (i64.shl (local.get $w) (i64.const 13))))
      (local.set $w (i64.xor (local.get $w) (i64.shr_u (local.get $w) (i64.const 7))))
      (local.set $w (i64.xor (local.get $w) (i64.shl (local.get $w) (i64.const 17))))
      (f64.store (local.get $at) (local.get $d))
      (f64.store offset=8 (local.get $at) (f64.div (f64.sqrt (local.get $d)) (f64.nearest (f64.mul (local.get $d) (f64.const 9)))))
      (i64.store offset=16 (local.get $at) (i64.mul (local.get $w) (i64.const 0x2545f4914f6cdd1d)))
      (f32.store offset=24 (local.get $at) (local.get $f))
      ;; A NaN whose bits engines choose freely, but for the rewriting of guests: 0 / 0 where i is even.
      (f32.store offset=28 (local.get $at) (f32.div (f32.const 0) (f32.convert_i32_u (i32.and (local.get $i) (i32.const 1)))))
      (local.set $at (i32.add (local.get $at) (i32.const 32)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $i) (i32.const 1024))))
    (call $write (i32.const 0) (local.get $at))
    (i32.const 0)))`;

/** What wabt makes of it; a test compares. */
export const guestBase64 =
  'AGFzbQEAAAABCgJgAn9/AGAAAX8CFwEGcmVja29uDG91dHB1dF93cml0ZQAAAwIBAQUEAQEBAQcQAgZtZW1vcnkCAANydW4AAQrgAQHdAQQCfwF8AX0BfkSamZmZmZm5PyECQ83MzD0hA0KV+Kn6l7fem55/IQQDQEQzMzMzMzMPQCACokQAAAAAAADwPyACoaIhAkMAAHhAIAOUQwAAgD8gA5OUIQMgBCAEQg2GhSEEIAQgBEIHiIUhBCAEIARCEYaFIQQgACACOQMAIAAgAp8gAkQAAAAAAAAiQKKeozkDCCAAIARCnbqz+5SS/aIlfjcDECAAIAM4AhggAEMAAAAAIAFBAXGzlTgCHCAAQSBqIQAgAUEBaiEBIAFBgAhJDQALQQAgABAAQQAL';
