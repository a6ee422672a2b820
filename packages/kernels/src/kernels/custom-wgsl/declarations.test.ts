import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDeclarations } from './declarations.ts';
import { lineCount, wgslTokens } from './wgsl-text.ts';

const words = (text: string) => wgslTokens(text).map((token) => token.text);

test('comments are left out, nested ones too, and end where WGSL says', () => {
  expect(words('a /* b /* c */ d */ e // f\ng')).toEqual(['a', 'e', 'g']);
  for (const end of ['\n', '\r', '\r\n', '\v', '\f', '\u0085', '\u2028', '\u2029']) {
    expect(words(`// hidden${end}shown`)).toEqual(['shown']);
    expect(wgslTokens(`a${end}${end}b`)[1]).toMatchObject({ text: 'b', line: 3, column: 1 });
  }
  expect(words('/**/a//*\nb')).toEqual(['a', 'b']);
  expect(() => words('a\n /* b /* c */')).toThrow(/line 2, column 2.*comment begins/);
});

test('places are counted from 1, behind comments of several lines too', () => {
  expect(wgslTokens('a /* \n\n */ b\n  größe = 0x1Fu;')).toEqual([
    { text: 'a', line: 1, column: 1, offset: 0 },
    { text: 'b', line: 3, column: 5, offset: 11 },
    { text: 'größe', line: 4, column: 3, offset: 15 },
    { text: '=', line: 4, column: 9, offset: 21 },
    { text: '0x1Fu', line: 4, column: 11, offset: 23 },
    { text: ';', line: 4, column: 16, offset: 28 },
  ]);
  expect(lineCount('a\r\nb\n')).toBe(3);
});

const SHADER = `
/* @group(3) @binding(3) var<uniform> hidden: u32; */
struct P { a: f32, @align(16) b: u32 };
diagnostic(off, derivative_uniformity);
@binding(1u) @group(0x0) var<storage, read_write,> y: array<vec4<f32>>;
@group(0) @binding(0,)
var<uniform> p: P;
@group(0) @binding(2) var t: texture_2d<f32>;
var<private> q: u32 = 1 + 2;
const N = array(1, 2)[0];
fn helper(@builtin(position) at: vec4f) -> u32 { if (true) { return 1u; } else { return 2u; } }
@workgroup_size(8, 4,) @compute fn main() { let span = 1; { var y = 2; } }
@compute @workgroup_size(1) fn other() {}
@vertex fn drawn() -> @builtin(position) vec4f { return vec4f(); }
`;

test('what is bound and what can be run is found, and nothing in comments or bodies', () => {
  const { resources, entryPoints } = readDeclarations(wgslTokens(SHADER));
  expect(resources).toEqual([
    {
      name: 'y',
      line: 5,
      column: 26,
      group: 0,
      binding: 1,
      space: 'storage,read_write',
      type: ['array', 'vec4', 'f32'],
    },
    { name: 'p', line: 7, column: 1, group: 0, binding: 0, space: 'uniform', type: ['P'] },
    { name: 't', line: 8, column: 23, group: 0, binding: 2, space: '', type: ['texture_2d', 'f32'] },
  ]);
  expect(entryPoints.map(({ name, workgroupSize }) => ({ name, workgroupSize }))).toEqual([
    { name: 'main', workgroupSize: [8, 4, 1] },
    { name: 'other', workgroupSize: [1, 1, 1] },
  ]);
});

test.each([
  ['enable f16;', /line 1, column 1.*"enable"/],
  ['\nrequires packed_4x8_integer_dot_product;', /line 2.*"requires"/],
  ['@id(1) override x: f32 = 1;', /"override"/],
  ['override x = 1;', /"override"/],
  ['@group(A) @binding(0) var<uniform> x: u32;', /@group should be a written-out number here, not "A"/],
  ['@group(0) @binding(1+1) var<uniform> x: u32;', /@binding should be a written-out number/],
  ['@group() @binding(1) var<uniform> x: u32;', /@group should be/],
  ['@group(0) var<uniform> x: u32;', /"x" needs both/],
  ['@binding(0) var<uniform> x: u32;', /"x" needs both/],
  ['const W = 64; @compute @workgroup_size(W) fn main() {}', /@workgroup_size should be a written-out number/],
  ['struct ReckonSpan { a: u32 }', /"ReckonSpan" is declared or used by the host/],
  ['var<private> span: u32;', /"span" is declared or used by the host/],
  ['fn span() {}', /"span" is declared or used by the host/],
  ['alias span = u32;', /"span" is declared or used by the host/],
])('%s is refused', (text, cause) => {
  expect(() => readDeclarations(wgslTokens(text))).toThrow(cause);
});

test('any text ends in declarations or in a code, in time that grows with it', () => {
  const piece = fc.constantFrom(
    '@',
    'group',
    '(',
    ')',
    '0',
    ',',
    'var',
    '<',
    '>',
    '{',
    '}',
    ';',
    'fn',
    '/*',
    '*/',
    '//',
    '\n',
    ' ',
    'é',
    '𝕏',
    '@compute ',
    '@workgroup_size(1)',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint16Array({ maxLength: 60 }).map((codes) => String.fromCharCode(...codes)),
        fc.array(piece, { maxLength: 60 }).map((all) => all.join('')),
      ),
      (text) => {
        try {
          readDeclarations(wgslTokens(text));
        } catch (error) {
          expect(error).toMatchObject({ code: 'SHADER_INVALID' });
        }
      },
    ),
    { numRuns: 1000 },
  );
  for (const unit of ['/*', '@group(', '@', '(', '{', 'var', '<', '// ', '/**/', 'a ', '0', '\r']) {
    const text = unit.repeat(Math.floor((128 * 1024) / unit.length));
    expect(() => {
      try {
        readDeclarations(wgslTokens(text));
      } catch (error) {
        expect(error).toMatchObject({ code: 'SHADER_INVALID' });
      }
    }).not.toThrow();
  }
});
