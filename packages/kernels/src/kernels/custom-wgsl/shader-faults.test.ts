import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  type Binding,
  freshKernel,
  main,
  output,
  runShaderCase as run,
  type ShaderCase,
  Y,
} from '../../../testing/shader-cases.ts';
import { noSoftwareGpu } from '../../../testing/shader-on-software.ts';

describe.skipIf(noSoftwareGpu)(`on a device (${noSoftwareGpu ?? 'SwiftShader'})`, () => {
  afterEach(() => vi.restoreAllMocks());

  test.each<[string, string, number, RegExp]>([
    ['an unresolved name', main('\n  y[item] = nope;'), 6, /nope/],
    ['a wrong type', main('y[item] = 1.5;'), 5, /f32|abstract-float/],
    ['an index into a number', main('y[item] = item[0];'), 5, /index/],
    ['a word behind a loop’s brace', main('while (item > 0u) { y[item] = 1u; nope(); }'), 5, /nope/],
    ['a missing brace', main('y[item] = 1u;').slice(0, -1), 6, /unexpected|missing|expected/i],
    ['a type of the host’s, used wrong', main('y[item] = span;'), 5, /ReckonSpan/],
  ])('%s is refused with the line of the requester’s own text', async (_, code, line, cause) => {
    const failed = run({ code: Y + code, bindings: [output('y', 0)] });
    await expect(failed).rejects.toMatchObject({
      code: 'SHADER_INVALID',
      details: { shader: 'shader', line, cause: expect.stringMatching(cause) },
    });
  });

  test.each<[string, string, Binding[]]>([
    [
      'a buffer shorter than its type',
      `@group(0) @binding(0) var<storage, read_write> y: array<u32, 4000>;\n${main('y[item] = 1u;')}`,
      [output('y', 0)],
    ],
    [
      'a uniform longer than its numbers',
      `struct C { a: vec4f, b: mat4x4f }
@group(0) @binding(1) var<uniform> c: C;\n${Y}${main('y[item] = u32(c.b[3][3]);')}`,
      [output('y', 0), { from: 'params', binding: 1, fields: [{ name: 'a', type: 'f32' }] }],
    ],
  ])('%s is refused before anything is computed', async (_, code, bindings) => {
    const failed = run({ code, bindings, params: bindings.length === 2 ? { params: '[1]' } : {} });
    await expect(failed).rejects.toMatchObject({ code: 'SHADER_INVALID', details: { line: 0 } });
    const { y } = await run({ code: Y + main('y[item] = 1u;'), bindings: [output('y', 0)] });
    expect(y?.every((value) => value === 1)).toBe(true);
  });

  test('the column is that of the requester’s own text, behind a count too', async () => {
    const line = 'loop { y[item] = 1u; for (var i = 0u; i < 3u; i++) { break; } nope(); }';
    await expect(run({ code: Y + main(line), bindings: [output('y', 0)] })).rejects.toMatchObject({
      details: { line: 5, column: 3 + line.indexOf('nope') },
    });
  });

  test.each([
    ['loop', 'loop { y[item]++; }'],
    ['for', 'for (;;) { y[item]++; }'],
    ['while, in hiding', 'var i = 1u; while (i != 0u) { i = (i | 1u) + 2u; } y[item] = i;'],
    ['loops in loops', 'for (var i = 0u; i < 65536u; i++) { for (var j = 0u; j < 65536u; j++) { y[item]++; } }'],
    // 2^20 turns of this took a minute when turns were counted, whatever was in them.
    [
      'long turns',
      `var a = item; for (var i = 0u; i < 1048570u; i++) { ${'a = a * 3u + y[a & 63u]; '.repeat(100)} } y[item] = a;`,
    ],
    ['turns that call', 'for (var i = 0u; i < 1048570u; i++) { y[item] += long(i); }'],
    ['one in a loop’s continuing', 'loop { continuing { y[item] += endless(); loop { y[item]++; } } }'],
    ['a function’s', 'y[item] = endless();'],
    ['a function’s that only a return leaves', 'y[item] = found(vec2u(1u, 2u)).x;'],
    ['one with a barrier', 'loop { workgroupBarrier(); y[item]++; }'],
    [
      'one with and one without',
      'for (var k = 0u; k < 65536u; k++) { workgroupBarrier(); for (var j = 0u; j < 65536u; j++) { y[item]++; } }',
    ],
  ])('a loop without an end is left, and the unit refused: %s', async (_, body) => {
    const code = `${Y}fn endless() -> u32 { var i = 1u; loop { i += 2u; if (i == 0u) { break; } } return i; }
fn long(x: u32) -> u32 { var a = x; ${'a = a * 3u + y[a & 63u]; '.repeat(100)} return a; }
fn found(pair: vec2u) -> vec2<u32> { var i = 1u; loop { i += 2u; if (i == 0u) { return pair; } } }
@compute @workgroup_size(1) fn main() { let item = span.first; ${body} }`;
    const manifest = { workgroupSize: [1, 1, 1] };
    await expect(run({ code, bindings: [output('y', 0)], manifest, params: { rows: 1 } })).rejects.toMatchObject({
      code: 'SHADER_INVALID',
      details: { line: 0, cause: expect.stringMatching(/loops of one thread did more than 16777216 words of work/) },
    });
  });

  test.each(['2', '256'])('honest work is within the budget, in workgroups of %s', async (size) => {
    const code = `@group(0) @binding(0) var<storage, read_write> y: array<f32>;
// The pull of 16,384 bodies on one, and 10,000 rounds of Mandelbrot's.
fn pull(at: vec3f) -> vec3f {
  var sum = vec3f();
  for (var i = 0u; i < 16384u; i++) {
    let away = vec3f(f32(i & 127u), f32(i >> 7u), 1.0) - at;
    let square = dot(away, away) + 0.01;
    let inverse = inverseSqrt(square);
    sum += away * (inverse * inverse * inverse);
  }
  return sum;
}
fn rounds(c: vec2f) -> f32 {
  var z = vec2f();
  for (var i = 0u; i < 10000u; i++) {
    z = vec2f(z.x * z.x - z.y * z.y, 2.0 * z.x * z.y) + c;
    if (dot(z, z) > 4.0) { return f32(i); }
  }
  return 10000.0;
}
${main('y[item] = pull(vec3f(f32(item), 0.0, 0.0)).z * 0.0 + rounds(vec2f(-0.1, 0.1));', size)}`;
    const { y } = await run({
      code,
      bindings: [output('y', 0, { type: 'f32' })],
      manifest: { workgroupSize: [Number(size), 1, 1], within: { absolute: 1e-6, relative: 1e-6 } },
      params: { rows: 2 },
    });
    expect(y).toEqual([10_000, 10_000]);
  });

  test('a loop in a loop’s continuing runs, in a function with a result too', async () => {
    const code = `${Y}fn count(n: u32) -> u32 {
  var i = 0u;
  loop {
    if (i > n) { return i; }
    continuing { for (var k = 0u; k < 3u; k++) { i++; } }
  }
}
${main('y[item] = count(item);')}`;
    const { y } = await run({ code, bindings: [output('y', 0)], params: { rows: 5 } });
    expect(y).toEqual([3, 3, 3, 6, 6]);
  });

  test('loops with barriers are counted in step, so that tiles in workgroup memory compile', async () => {
    const code = `${Y}var<workgroup> tile: array<u32, 64>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) at: u32) {
  var sum = 0u;
  for (var t = 0u; t < 5u; t++) {
    tile[at] = t * 64u + at;
    workgroupBarrier();
    for (var i = 0u; i <= at; i++) { sum += tile[i]; }
    workgroupBarrier();
  }
  if (id.x < span.count) { y[span.first + id.x] = sum; }
}`;
    const { y } = await run({ code, bindings: [output('y', 0)] });
    const expected = (at: number) =>
      [0, 1, 2, 3, 4].reduce((sum, t) => sum + t * 64 * (at + 1) + (at * (at + 1)) / 2, 0);
    expect(y).toEqual(Array.from({ length: 100 }, (_, i) => expected(i % 64)));
  });

  test('more workgroup memory than the device has is refused by the device', async () => {
    const code = `${Y}var<workgroup> big: array<u32, 1000000>;\n${main('big[id.x] = 1u; y[item] = big[id.x];')}`;
    await expect(run({ code, bindings: [output('y', 0)] })).rejects.toMatchObject({ code: 'SHADER_INVALID' });
  });

  test('a run that is aborted between two bands stops there', async () => {
    const stop = new AbortController();
    const reason = new Error('stop');
    const progress = vi.fn(() => stop.abort(reason));
    const code = Y + main('y[item] = 1u;');
    const aborted = run({
      code,
      bindings: [output('y', 0)],
      params: { rows: 1_000_000 },
      on: { signal: stop.signal, progress },
    });
    await expect(aborted).rejects.toBe(reason);
    expect(progress.mock.calls.length).toBeLessThan(4);
  });

  test('a device that is lost in mid-run is told, and the next unit runs on a new one', async () => {
    const lost = await freshKernel();
    const code = Y + main('y[item] = item;');
    const job: ShaderCase = { code, bindings: [output('y', 0)], params: { rows: 100_000 }, kernel: lost.kernel };
    const gone = run({ ...job, on: { progress: () => lost.lease().device.destroy() } });
    await expect(gone).rejects.toMatchObject({ code: 'DEVICE_LOST' });
    expect((await run(job))['y']?.[99_999]).toBe(99_999);
    lost.lease().device.destroy();
  });

  test('a shader that the driver fails on is refused for itself, and the node keeps its kernel', async () => {
    const { kernel, lease } = await freshKernel();
    vi.spyOn(lease().device, 'createComputePipelineAsync').mockRejectedValue({
      reason: 'internal',
      message: 'crashed',
    });
    await expect(run({ code: Y + main('y[item] = 1u;'), bindings: [output('y', 0)], kernel })).rejects.toMatchObject({
      code: 'SHADER_INVALID',
      details: { line: 0, cause: expect.stringContaining('a GPU driver that compiles') },
    });
    lease().device.destroy();
  });
});
