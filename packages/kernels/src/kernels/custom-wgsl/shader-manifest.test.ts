import { readFileSync } from 'node:fs';
import { toUtf8 } from '@reckon/protocol/base/bytes';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readProgram } from './check-shader.ts';
import { readShaderManifest } from './shader-manifest.ts';

const example = (file: string) => readFileSync(new URL(`../../../../../examples/custom-wgsl/${file}`, import.meta.url));
const shader = example('shader.wgsl').toString();
const right = JSON.parse(example('manifest.json').toString()) as Record<string, unknown> & { bindings: object[] };
const read = (manifest: unknown) => readShaderManifest(toUtf8(JSON.stringify(manifest)));
const [uniform, data, table, nearest, light] = right.bindings as [object, object, object, object, object];
const withBindings = (...bindings: object[]) => ({ ...right, bindings });
const whole = { from: 'output', binding: 9, name: 'n', type: 'u32' };

test('what is left out has its defaults', () => {
  const manifest = read({ entryPoint: 'main', workgroupSize: [8, 8, 4], bindings: [whole] });
  expect(manifest).toMatchObject({ items: { per: 'row', count: 1 }, bindings: [{ per: 'row', shape: [] }] });
  expect(manifest.within).toBeUndefined();
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, '(whole)'],
  ['null', null, '(whole)'],
  ['a list', [], 'entryPoint'],
  ['a field that nobody knows', { ...right, workgroups: 3 }, 'workgroups'],
  ['no entry point', { ...right, entryPoint: undefined }, 'entryPoint'],
  ['an entry point that is no name', { ...right, entryPoint: 'main()' }, 'entryPoint'],
  ['a workgroup of no threads', { ...right, workgroupSize: [0, 1, 1] }, 'workgroupSize.0'],
  ['a workgroup of too many threads', { ...right, workgroupSize: [64, 64, 1] }, 'workgroupSize'],
  ['a workgroup that is too deep', { ...right, workgroupSize: [1, 1, 65] }, 'workgroupSize.2'],
  ['a workgroup of two numbers', { ...right, workgroupSize: [8, 8] }, 'workgroupSize.2'],
  ['half a thread', { ...right, workgroupSize: [1.5, 1, 1] }, 'workgroupSize.0'],
  ['no items', { ...right, items: { per: 'row', count: 0 } }, 'items.count'],
  ['more items than a u32 counts', { ...right, items: { per: 'unit', count: 2 ** 32 } }, 'items.count'],
  ['no bindings', withBindings(), 'bindings'],
  ['no output', withBindings(uniform, data, table), 'bindings'],
  [
    'too many bindings',
    withBindings(...Array.from({ length: 8 }, (_, i) => ({ ...whole, binding: i, name: `n${i}` }))),
    'bindings',
  ],
  ['a binding from elsewhere', withBindings(nearest, { ...data, from: 'network' }), 'bindings.1.from'],
  ['a negative binding', withBindings({ ...nearest, binding: -1 }), 'bindings.0.binding'],
  ['a huge binding', withBindings({ ...nearest, binding: 1e9 }), 'bindings.0.binding'],
  ['two of one number', withBindings(nearest, { ...light, binding: 3 }), 'bindings.1.binding'],
  ['two from data', withBindings(nearest, data, { ...data, binding: 7 }), 'bindings.2.from'],
  ['two uniforms', withBindings(nearest, uniform, { ...uniform, binding: 7 }), 'bindings.2.from'],
  ['two outputs of one name', withBindings(nearest, { ...light, name: 'nearest' }), 'bindings.1.name'],
  ['an output named like a path', withBindings({ ...nearest, name: '../../etc/passwd' }), 'bindings.0.name'],
  ['a type of two bytes', withBindings({ ...nearest, type: 'f16' }), 'bindings.0.type'],
  ['an empty dimension', withBindings({ ...nearest, shape: [0] }), 'bindings.0.shape.0'],
  [
    'dimensions that multiply beyond all bounds',
    withBindings({ ...nearest, shape: [2 ** 25, 2 ** 25] }),
    'bindings.0.shape',
  ],
  ['five dimensions', withBindings({ ...nearest, shape: [1, 1, 1, 1, 1] }), 'bindings.0.shape'],
  ['a table of no size', withBindings(nearest, { ...table, shape: [] }), 'bindings.1.shape'],
  ['a uniform of nothing', withBindings(nearest, { ...uniform, fields: [] }), 'bindings.1.fields'],
  [
    'fields of one name',
    withBindings(nearest, { ...uniform, fields: [1, 2].map(() => ({ name: 'a', type: 'f32' })) }),
    'bindings.1.fields',
  ],
  ['floats without a tolerance', { ...right, within: undefined }, 'within'],
  ['a tolerance of zero', { ...right, within: { absolute: 0, relative: 0 } }, 'within.absolute'],
  ['a tolerance that devices cannot keep', { ...right, within: { absolute: 1e-9, relative: 1e-9 } }, 'within.relative'],
  ['a tolerance that all would keep', { ...right, within: { absolute: 1, relative: 1 } }, 'within.relative'],
  ['a tolerance for whole numbers', { ...withBindings(whole) }, 'within'],
])('%s is refused by its field', (_, manifest, path) => {
  const bytes = manifest === undefined ? new Uint8Array() : toUtf8(JSON.stringify(manifest));
  expect(() => readShaderManifest(bytes)).toThrow(
    expect.objectContaining({ code: 'SHADER_MANIFEST_INVALID', details: expect.objectContaining({ path }) }),
  );
});

test('whatever a stranger writes is read or refused with a code', () => {
  const json = fc.oneof(
    fc.json(),
    fc
      .constantFrom(...Object.keys(right))
      .chain((key) => fc.jsonValue().map((value) => JSON.stringify({ ...right, [key]: value }))),
  );
  fc.assert(
    fc.property(json, (text) => {
      try {
        readShaderManifest(toUtf8(text));
      } catch (error) {
        expect(error).toMatchObject({ code: 'SHADER_MANIFEST_INVALID' });
      }
    }),
  );
  const long = toUtf8(JSON.stringify({ ...right, $schema: 'x'.repeat(20_000) }));
  expect(() => readShaderManifest(long)).toThrow(/at most 16384 bytes/);
});

const program = (change: (text: string) => string, manifest: object = right) =>
  readProgram(toUtf8(change(shader)), toUtf8(JSON.stringify(manifest)));

test('a shader and a manifest that fit are read', () => {
  const { code } = program((text) => text);
  const count = / if \(reckon_over\(\d+u\)\) \{ break; \}/g;
  expect(code.match(count)).toHaveLength(1);
  expect(code.replace(count, '')).toBe(shader);
  // Storage is read-only unless told otherwise; a struct's elements are the requester's affair.
  const loose = (text: string) => text.replace('storage, read>', 'storage>').replace('array<vec2f>', 'array<Pair>');
  expect(() => program((text) => `${loose(text)}\nstruct Pair { x: f32, y: f32 }`)).not.toThrow();
});

test.each<[string, (text: string) => string, RegExp, object?]>([
  ['another entry point', (text) => text.replace('fn main', 'fn start'), /no function "main".*found "start"/],
  ['no entry point', (text) => text.replace('@compute ', ''), /found none/],
  [
    'another workgroup',
    (text) => text.replace('(64)', '(64, 2)'),
    /line 13, .*@workgroup_size\(64, 2, 1\) should be 64, 1, 1/,
  ],
  ['a binding that the manifest lacks', (text) => text.replace('binding(4)', 'binding(5)'), /line 10, .*no binding 5/],
  [
    'a binding that the shader lacks',
    (text) => text.replace(/^.*binding\(4\).*$/m, ''),
    /no @group\(0\) @binding\(4\)/,
  ],
  [
    'a binding twice',
    (text) => `${text}@group(0) @binding(4) var<storage, read_write> z: array<f32>;`,
    /declared twice/,
  ],
  ['the host’s group', (text) => `${text}@group(1) @binding(0) var<uniform> s: u32;`, /"s": @group\(1\) is the host’s/],
  [
    'a third group',
    (text) => text.replace('@group(0) @binding(4)', '@group(2) @binding(4)'),
    /should be in @group\(0\), not 2/,
  ],
  [
    'an output that cannot be written',
    (text) => text.replace('read_write> light', 'read> light'),
    /"light" is var<storage, read>; .* var<storage, read_write>/,
  ],
  [
    'data that can be written',
    (text) => text.replace('read> points', 'read_write> points'),
    /"points" is var<storage, read_write>/,
  ],
  [
    'a uniform elsewhere',
    (text) => text.replace('var<uniform>', 'var<storage>'),
    /"params" is var<storage, read>; .* var<uniform>/,
  ],
  [
    'a texture',
    (text) => text.replace('var<storage, read> points: array<vec2f>', 'var points: texture_2d<f32>'),
    /"points" is var;/,
  ],
  [
    'another element type',
    (text) => text.replace('light: array<f32>', 'light: array<u32>'),
    /"light" is of u32; the manifest says f32/,
  ],
  ['another vector', (text) => text.replace('lamps: array<vec2f>', 'lamps: array<vec2<i32>>'), /"lamps" is of i32/],
  ['vectors with a gap', (text) => text.replace('light: array<f32>', 'light: array<vec3f>'), /takes 16 bytes/],
  ['names of the host’s', (text) => `${text}fn reckon_turn() {}`, /line 28, column 4: .*"reckon_"/],
  [
    'a barrier in a function',
    (text) => `${text}fn wait() { workgroupBarrier(); }`,
    /barriers may stand in "main" alone/,
  ],
  [
    'functions that double',
    (text) =>
      `${text.replace('var sum = 0.0;', 'var sum = f0();')}fn f30() -> f32 { return 0; }\n${Array.from({ length: 30 }, (_, i) => `fn f${i}() -> f32 { return f${i + 1}() + f${i + 1}(); }\n`).join('')}`,
    /line \d+, column 1: "f\d+" is more than 16384 words and signs/,
  ],
  [
    'large functions called often',
    (text) =>
      `${text.replace('var sum = 0.0;', `var sum = 0.0; ${'sum += large();'.repeat(10)}`)}fn large() -> f32 { var a = 0.0; ${'a = a * 3.0 + 7.0;'.repeat(400)} return a; }`,
    /line 13, column 1: "main" is more than 16384 words and signs/,
  ],
  [
    'a long function',
    (text) => text.replace('var sum = 0.0;', `var sum = 0.0; ${'sum = sum * 3.0;'.repeat(3000)}`),
    /"main" is more than 16384/,
  ],
  [
    'functions that call each other in a circle',
    (text) => `${text}fn a() { b(); }\nfn b() { c(); }\nfn c() { a(); }`,
    /"a" calls itself/,
  ],
  ['too many signs', (text) => text + ';'.repeat(32_768), /more than 32768 words and signs/],
  [
    'whole arrays copied often',
    (text) =>
      text.replace(
        'var sum = 0.0;',
        `var sum = 0.0; var a: array<u32, 2000>; var b: array<u32, 2000>; ${'a = b; b = a;'.repeat(3)}`,
      ),
    /line 13, .*"main" is more than 16384 words/,
  ],
  ['too many loops', (text) => `${text}fn f() { ${'loop{}'.repeat(501)} }`, /more than 500 loops/],
  [
    'a result type written long',
    (text) => `${text}fn f() -> ${'array<'.repeat(50)}u32${',1>'.repeat(50)} { loop {} }`,
    /result type is longer than 256 characters/,
  ],
  ['letters that are none yet', (text) => `${text}fn f\u{378}() {}`, /a sign that WGSL does not have/],
  ['WGSL’s own names', (text) => `${text}fn atomicStore(a: u32, b: u32) {}`, /"atomicStore" is declared or used/],
  [
    'a chain of functions',
    (text) => text + Array.from({ length: 1001 }, (_, i) => `fn f${i}() { f${i + 1}(); }\n`).join(''),
    /more than 1000 functions/,
  ],
  ['halves', (text) => `enable f16;\n${text}`, /line 1, column 1: "enable"/],
  ['an override', (text) => `override n: u32 = 1u;\n${text}`, /overrides have no values/],
  ['a comment without an end', (text) => `${text}/*`, /does not end/],
  ['a zero character', (text) => `${text}\0`, /U\+0000/],
  ['nothing', () => '', /no function "main"/],
  ['more than is read', (text) => text + ' '.repeat(128 * 1024), /at most 131072 are read/],
])('%s is refused', (_, change, cause) => {
  expect(() => program(change)).toThrow(
    expect.objectContaining({ code: 'SHADER_INVALID', message: expect.stringMatching(cause) }),
  );
});

test('text that is no UTF-8 is refused', () => {
  const bytes = Uint8Array.of(...toUtf8(shader), 0xff);
  expect(() => readProgram(bytes, toUtf8(JSON.stringify(right)))).toThrow(/not UTF-8/);
});
