import { toUtf8 } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readProgram } from './check-shader.ts';
import { MAX_SHADER_BYTES } from './wgsl-text.ts';

const manifest = toUtf8(
  JSON.stringify({
    entryPoint: 'main',
    workgroupSize: [64, 1, 1],
    bindings: [{ from: 'output', binding: 0, name: 'y', type: 'u32' }],
  }),
);
const HEAD = '@group(0) @binding(0) var<storage, read_write> y: array<u32>;\n';
const MAIN = '@compute @workgroup_size(64) fn main() { y[0] = 1u; }\n';

/** The length of what a shader is rewritten to, or the code it is refused with. */
function outcome(text: string, terms: Uint8Array = manifest): number | string {
  try {
    return readProgram(toUtf8(text), terms).code.length;
  } catch (error) {
    if (error instanceof ReckonError) return error.code;
    throw error;
  }
}

function expectBounded(text: string): void {
  const after = outcome(text);
  if (typeof after === 'string') expect(after).toBe('SHADER_INVALID');
  else expect(after).toBeLessThanOrEqual(2 * text.length + 64 * 1024);
}

const piece = fc.constantFrom(
  ...[
    'fn f',
    'fn g',
    '() ',
    '-> ',
    'u32 ',
    'array<',
    '>',
    ', 3',
    '(',
    ')',
    '{',
    '}',
    '{ ',
    ' }',
    ';',
    '[',
    ']',
    '@',
    '@a(',
  ],
  ...[
    'loop {',
    'for (;;) {',
    'while (x) {',
    'continuing {',
    'return 1;',
    'f();',
    'g()',
    'var x = ',
    'struct S {',
    'alias A = ',
  ],
  ...[
    'workgroupBarrier();',
    'mat4x4f',
    '* ',
    'reckon_',
    'span',
    '/*',
    '*/',
    '//',
    '\n',
    '\0',
    '\ud800',
    'é',
    '\u{378}',
    '0x',
    MAIN,
  ],
);
const text = fc.oneof(
  fc.array(piece, { maxLength: 80 }).map((all) => all.join('')),
  fc.string({ unit: 'binary', maxLength: 100 }),
);

test('any text around a shader is taken or refused with a code, and never grows much', () => {
  fc.assert(
    fc.property(text, text, text, (a, b, c) => {
      expectBounded(`${a}${HEAD}${MAIN}`);
      expectBounded(`${HEAD}${a}${MAIN}fn h() -> u32 { ${b} }${c}`);
    }),
    { numRuns: 2000 },
  );
});

test('the longest texts end likewise', () => {
  const whole = (unit: string, more = 0) => unit.repeat(Math.floor((MAX_SHADER_BYTES - 400 - more) / unit.length));
  for (const unit of [
    '/',
    '@',
    '@a(',
    'fn ',
    'fn f()',
    'fn f( {}',
    'var<a;',
    '{',
    'loop',
    'loop{',
    'loop{}',
    '[',
    '\r',
    '1',
    'é',
    'a(',
    '->',
  ]) {
    expectBounded(HEAD + MAIN + whole(unit));
    expectBounded(`${HEAD + MAIN}fn f() -> u32 { ${whole(unit)} }`);
  }
  // 187 kB of this was 303 million characters once.
  const type = `${'array<'.repeat(100)}u32${', 1>'.repeat(100)}`;
  expectBounded(`${HEAD + MAIN}fn f() -> ${type} { ${whole('loop{}', 1000)} }`);
  const synced = `{ ${'loop{'.repeat(500)} workgroupBarrier(); ${'}'.repeat(501)}`;
  expectBounded(`${HEAD}@compute @workgroup_size(64) fn main() ${synced}`);
  // And this a RangeError.
  expectBounded(`${HEAD + MAIN}fn f() -> ${'a '.repeat(60_000)} { ${'loop{}'.repeat(1000)} }`);
  expectBounded(HEAD + MAIN + whole('fn f()->array<array<u32,9>,9>{loop{}}'));
  expectBounded(`${HEAD + MAIN}fn f${'0'.repeat(100_000)}() {${'f0();'.repeat(1000)}}`);
});

test('a refusal is short, whatever the names in it', () => {
  const long = 'n'.repeat(100_000);
  for (const code of [
    `${HEAD}@compute @workgroup_size(1) fn ${long}() {}`,
    `@group(9) @binding(0) var<storage> ${long}: u32;${MAIN}`,
  ]) {
    expect(() => readProgram(toUtf8(code), manifest)).toThrow(
      expect.objectContaining({ code: 'SHADER_INVALID', message: expect.stringMatching(/^.{1,500}$/) }),
    );
  }
});

test('functions of vertices and pixels have results with attributes, which are no types', () => {
  const { code } = readProgram(
    toUtf8(`${HEAD + MAIN}@fragment fn f() -> @location(0) vec4f { loop { if (true) { return vec4f(); } } }`),
    manifest,
  );
  expect(code).toContain(' return vec4f(); }');
});
