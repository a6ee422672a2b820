import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testChecking } from '../../../testing/checking-acceptance.ts';
import { context, type KernelCase, testKernel } from '../../../testing/kernel-acceptance.ts';
import type { Preview } from '../../kernel.ts';
import { decodeNpy } from '../../tensor/npy.ts';
import { toNumbers } from '../../tensor/tensor.ts';
import { readTile, type Tile } from './params.ts';
import { renderReference } from './reference.ts';
import { renderRules } from './rules.ts';
import { renderKernel } from './run.ts';
import { sceneNames } from './scenes.ts';

const bytesOf = (pixels: Float32Array) => new Uint8Array(pixels.buffer);
const small = { scene: 'spheres', width: 37, height: 23, tile: 19, samples: 5, maxBounces: 6, seed: 4, turn: 30 };
const tile: Tile = {
  scene: 'spheres',
  x: 11,
  y: 300,
  width: 7,
  height: 3,
  totalWidth: 700,
  totalHeight: 900,
  samples: 3,
  maxBounces: 8,
  turn: 0,
  tilt: 0,
  zoom: 1,
  blur: 1,
  exposure: 0,
  seed: 9,
};
const unit = (change: Partial<Tile>) => ({ params: JSON.stringify({ ...tile, ...change }), blobs: new Map() });
const render = async (change: Partial<Tile>) => (await renderKernel.run(unit(change), context())).bytes;

const makeCase = (): KernelCase => ({
  rules: renderRules,
  kernel: renderKernel,
  params: small,
  inputs: new Map(),
  reference: ({ params }) => bytesOf(renderReference(readTile(params))),
  badParams: [
    { ...small, scene: 'teapot' },
    { ...small, width: 15 },
    { ...small, height: 4097 },
    { ...small, tile: 19.5 },
    { ...small, samples: 0 },
    { ...small, samples: '5' },
    { ...small, maxBounces: 33 },
    { ...small, zoom: 0 },
    { ...small, turn: Number.NaN },
    { ...small, exposure: Infinity },
    { ...small, seed: 2 ** 32 },
    { width: 4096, height: 4096, tile: 512, samples: 65 },
    { width: 4096, height: 4096, tile: 8 },
  ],
  badUnitParams: [
    JSON.stringify({ ...tile, height: 513 }),
    JSON.stringify({ ...tile, width: 512, height: 512, samples: 65 }),
    JSON.stringify({ ...tile, scene: 'teapot' }),
    '{"x":-1}',
  ],
  shapes: [
    unit({ width: 37, height: 1 }),
    unit({ width: 31, height: 23, samples: 2, scene: 'cornell' }),
    unit({ width: 1, height: 512, y: 0, samples: 2, scene: 'gallery' }),
  ],
});
testKernel('render', makeCase);
testChecking('render', makeCase);

test('every camera, scene, size and number of bounces gives the bytes of the reference', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        scene: fc.constantFrom(...sceneNames),
        x: fc.integer({ min: 0, max: 600 }),
        y: fc.integer({ min: 0, max: 600 }),
        width: fc.integer({ min: 1, max: 9 }),
        height: fc.integer({ min: 1, max: 5 }),
        samples: fc.integer({ min: 1, max: 6 }),
        maxBounces: fc.integer({ min: 1, max: 32 }),
        turn: fc.double({ min: -180, max: 180, noNaN: true }),
        tilt: fc.double({ min: -10, max: 80, noNaN: true }),
        zoom: fc.double({ min: 0.25, max: 16, noNaN: true }),
        blur: fc.double({ min: 0, max: 10, noNaN: true }),
        seed: fc.nat(2 ** 32 - 1),
      }),
      async (change) => {
        const { params } = unit(change);
        const bytes = await render(change);
        expect(bytes).toEqual(bytesOf(renderReference(readTile(params))));
        expect(renderRules.inspect(params, bytes)).toBeUndefined();
      },
    ),
    { numRuns: 150 },
  );
});

test('a pixel is the same in whatever tile, and any sample can be replayed', async () => {
  const whole = await render({ width: 8, height: 6 });
  const part = await render({ x: 14, y: 302, width: 3, height: 2 });
  for (let row = 0; row < 2; row++) {
    const from = ((row + 2) * 8 + 3) * 12;
    expect(part.slice(row * 36, row * 36 + 36)).toEqual(whole.slice(from, from + 36));
  }
});

test.each(sceneNames)('light that takes more bounces only adds to what is seen of %s', async (scene) => {
  const picture = { scene, x: 0, y: 0, width: 64, height: 48, totalWidth: 64, totalHeight: 48, samples: 4 };
  const sum = (bytes: Uint8Array) => new Float32Array(bytes.buffer).reduce((all, value) => all + value, 0);
  const [one, many] = [
    sum(await render({ ...picture, maxBounces: 1 })),
    sum(await render({ ...picture, maxBounces: 12 })),
  ];
  // More bounces only add light, and in a closed room a good deal of it.
  expect(many).toBeGreaterThan(one * 1.05);
  expect(one).toBeGreaterThan(0);
});

test('twice as many samples draw nearer to the picture of many', async () => {
  const picture = { scene: 'cornell', x: 0, y: 0, width: 24, height: 18, totalWidth: 24, totalHeight: 18 } as const;
  const far = new Float32Array((await render({ ...picture, samples: 512, seed: 77 })).buffer);
  const errorOf = async (samples: number) => {
    const pixels = new Float32Array((await render({ ...picture, samples })).buffer);
    return pixels.reduce((all, value, at) => all + (value - (far[at] as number)) ** 2, 0);
  };
  const [few, more, most] = [await errorOf(4), await errorOf(16), await errorOf(64)];
  expect(more).toBeLessThan(few / 2);
  expect(most).toBeLessThan(more / 2);
});

test('a run shows the tile after 1, 2, 4 … samples', async () => {
  const seen: Preview[] = [];
  const progress = (_fraction: number, preview?: Preview) => preview && seen.push(preview);
  await renderKernel.run(unit({ samples: 11 }), context({ progress }));
  const captions = seen.map((preview) => (preview.kind === 'pixels' ? preview.caption : preview.text));
  expect(captions).toEqual([...[1, 2, 4, 8].map((n) => `${n} of 11 samples`), undefined]);
  expect(seen.at(-1)).toMatchObject({ x: 11, y: 300, totalWidth: 700, totalHeight: 900, width: 7, height: 3 });
});

test('the merged picture is the tiles put together, brighter by exposure, and says what is missing', async () => {
  const plan = await renderRules.split(small, new Map());
  const results = plan.units.map(({ params }) => bytesOf(renderReference(readTile(params))));
  const [png, npy] = renderRules.merge(plan.stageParams, results);
  const whole = renderReference({ ...readTile(plan.units[0]?.params as string), width: 37, height: 23 });
  const radiance = decodeNpy('radiance', npy?.bytes as Uint8Array);
  expect(radiance).toEqual({ dtype: 'float32', shape: [23, 37, 3], data: bytesOf(whole) });
  const middle = (bytes: Uint8Array) => rgbOf(bytes)[(12 * 37 + 18) * 3 + 1] as number;
  const brighter = renderRules.merge(JSON.stringify({ ...JSON.parse(plan.stageParams), exposure: 1.5 }), results);
  expect(middle(brighter[0]?.bytes as Uint8Array)).toBeGreaterThan(middle(png?.bytes as Uint8Array));
  const partial = renderRules.merge(plan.stageParams, [undefined, ...results.slice(1)]);
  expect([...rgbOf(partial[0]?.bytes as Uint8Array).subarray(0, 3)]).toEqual([0xe4, 0xe0, 0xd8]);
  expect(toNumbers(decodeNpy('radiance', partial[1]?.bytes as Uint8Array))[0]).toBeNaN();
});

/** Undoes the filter of our own files: each byte less that of the pixel before. */
function rgbOf(png: Uint8Array): Uint8Array {
  const bytes = Buffer.from(png);
  const data = bytes.indexOf('IDAT');
  const rows = inflateSync(bytes.subarray(data + 4, data + 4 + bytes.readUInt32BE(data - 4)));
  const stride = 37 * 3;
  const rgb = new Uint8Array(stride * 23);
  for (let y = 0; y < 23; y++) {
    expect(rows[y * (stride + 1)]).toBe(1);
    for (let i = 0; i < stride; i++) {
      rgb[y * stride + i] =
        (rows[y * (stride + 1) + 1 + i] as number) + (i < 3 ? 0 : (rgb[y * stride + i - 3] as number));
    }
  }
  return rgb;
}

test('a result with a radiance that is none is refused', async () => {
  const bytes = await render({});
  const { params } = unit({});
  for (const bad of [Number.NaN, -0.5, 33, Infinity]) {
    const changed = bytes.slice();
    new DataView(changed.buffer).setFloat32(24, bad, true);
    expect(renderRules.inspect(params, changed)).toMatch(/pixel 2 has/);
  }
});

test('all parameters have defaults, so that an empty object renders a picture', async () => {
  const plan = await renderRules.split({}, new Map());
  expect(plan.units).toHaveLength(48);
  expect(plan).toMatchObject({ creditsPerUnit: 9 });
});
