import { expect, test } from 'vitest';
import { bulkOf } from './bulk.ts';
import { wgslTokens } from './wgsl-text.ts';

/** Words moved by all tokens of a text, less 1 for each. */
function moved(text: string): number {
  const tokens = wgslTokens(text);
  const wordsAt = bulkOf(tokens);
  return tokens.reduce((sum, _, at) => sum + wordsAt(at) - 1, 0);
}
/** What the last line moves. */
const inLast = (text: string): number => {
  const lines = text.trim().split('\n');
  return moved(text) - moved(`${lines.slice(0, -1).join('\n')}\n`);
};

test.each([
  ['a flat array by index', 'var<workgroup> tile: array<f32, 256>;\nx = tile[i] + tile[j + 1]; tile[k] = 1.0;'],
  ['an array of the runtime’s', '@group(0) @binding(0) var<storage> y: array<vec4f>;\nlet a = y[i];'],
  ['a small struct', 'struct Body { at: vec3f, mass: f32 }\nlet b = Body(vec3f(), 1.0); let c = b; x = c.mass;'],
  ['a member of a large struct', 'struct Scene { n: u32, items: array<f32, 4000> }\nx = scene.items[i]; y = scene.n;'],
  ['an address', 'var<private> stack: array<u32, 64>;\npush(&stack, 1u);'],
  ['an array by way of a pointer', 'fn push(stack: ptr<function, array<u32, 64>>) {}\n(*stack)[i] = 1u; x = stack[i];'],
])('no more than its tokens: %s', (_, text) => {
  expect(inLast(text)).toBeLessThanOrEqual(0);
});

test.each<[string, string, number]>([
  ['a whole array', 'var<private> a: array<u32, 1000>; var<private> b: array<u32, 1000>;\na = b;', 1998],
  ['one declared by a constant', 'const N: u32 = 0x400u;\nvar<private> a: array<u32, N>;\na = b;', 1023],
  ['one whose count is not written out', 'var<private> a: array<u32, 1 << 9>;\na = b;', 65_535],
  [
    'one whose count is declared twice',
    'const N = 2; fn f() { const N = 900; }\nvar<private> a: array<u32, N>;\na = b;',
    65_535,
  ],
  ['one in storage', '@group(0) @binding(0) var<storage> y: array<u32, 60000>;\nf(y);', 59_999],
  ['rows of an array of arrays', 'var<private> a: array<array<f32, 32>, 8>;\nx = a[i];', 31],
  ['a large struct', 'struct S { a: array<u32, 100>, b: array<vec2<u32>, 50>, }\nvar<private> s: S;\ns = f();', 149],
  [
    'an array of structs',
    'struct S { a: array<u32, 100> }\nalias Many = array<S, 10>;\nvar<private> s: Many;\ns = t;',
    999,
  ],
  ['what a function gives', 'fn f() -> array<u32, 300> { }\nf();', 299],
  ['what a pointer points to', 'fn f(p: ptr<function, array<u32, 300>, read_write>) {}\nx = *p;', 299],
])('as many as it copies: %s', (_, text, words) => {
  expect(inLast(text)).toBe(words);
});

test('values without a written type are as large as what they are made of', () => {
  const text = 'var<private> a: array<u32, 500>;\nfn f() { let b = a; let c = b;\n';
  expect(moved(`${text}x = c; }`) - moved(`${text}}`)).toBe(499);
  const listed = `const k = array(${'1, '.repeat(199)}1);\n`;
  expect(moved(`${listed}x = k;`) - moved(listed)).toBe(199);
});

test('values that double are as large as they get, or refused', () => {
  const doubled = (times: number) =>
    `var<private> a0: array<u32, 20>;\n${Array.from({ length: times }, (_, i) => `let a${i + 1} = array(a${i}, a${i});\n`).join('')}`;
  expect(inLast(`${doubled(5)}x = a5;`)).toBeGreaterThanOrEqual(20 * 2 ** 5 - 1);
  const backwards = Array.from({ length: 30 }, (_, i) => `alias A${i} = array<A${i + 1}, 2>;\n`).join('');
  expect(() => moved(`${backwards}alias A30 = array<u32, 20>;`)).toThrow(/by way of too many names/);
});
