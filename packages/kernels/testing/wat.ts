import wabt from 'wabt';

const tools = await wabt();

/** Everything wabt can write, so that tests can make modules that must be refused. */
const FEATURES = {
  exceptions: true,
  mutable_globals: true,
  sat_float_to_int: true,
  sign_extension: true,
  simd: true,
  threads: true,
  multi_value: true,
  tail_call: true,
  bulk_memory: true,
  reference_types: true,
  memory64: true,
  gc: true,
  extended_const: true,
  relaxed_simd: true,
  multi_memory: true,
  code_metadata: false,
  function_references: false,
  annotations: false,
};

/** A module from its text, not validated. */
export function wat(text: string): Uint8Array {
  const parsed = tools.parseWat('test.wat', text, { ...FEATURES });
  try {
    return parsed.toBinary({}).buffer.slice();
  } finally {
    parsed.destroy();
  }
}

/** A module of the ABI around the body of `run`. `more` goes before it: imports first. */
export const guest = (run: string, more = '', memory = '(memory (export "memory") 1 4)'): Uint8Array =>
  wat(`(module ${more} ${memory} (func (export "run") (result i32) ${run}))`);
