import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { testChecking } from '../../../testing/checking-acceptance.ts';
import { type KernelCase, testKernel } from '../../../testing/kernel-acceptance.ts';
import { decodeNpy } from '../../tensor/npy.ts';
import { palette } from './colours.ts';
import { readTile } from './params.ts';
import { mandelbrotReference } from './reference.ts';
import { mandelbrotRules } from './rules.ts';
import { mandelbrotKernel } from './run.ts';

const valley = { width: 71, height: 45, tile: 40, centerX: -0.7436, centerY: 0.1318, scale: 0.012, maxIterations: 300 };
const bytesOf = (counts: Uint16Array) => new Uint8Array(counts.buffer, counts.byteOffset, counts.byteLength);

const tile = { x: 3, y: 5, totalWidth: 700, totalHeight: 700, left: -0.75, top: 0.13, step: 0.0003, maxIterations: 60 };
const makeCase = (): KernelCase => ({
  rules: mandelbrotRules,
  kernel: mandelbrotKernel,
  params: valley,
  inputs: new Map(),
  reference: ({ params }) => bytesOf(mandelbrotReference(readTile(params))),
  badParams: [
    { ...valley, width: 15 },
    { ...valley, width: 70.5 },
    { ...valley, height: 1e9 },
    { ...valley, tile: '40' },
    { ...valley, centerX: Number.NaN },
    { ...valley, scale: 0 },
    { ...valley, maxIterations: 65_536 },
    { ...valley, width: 4096, height: 4096, tile: 16 },
  ],
  badUnitParams: [
    JSON.stringify({
      x: 0,
      y: 0,
      width: 513,
      height: 1,
      totalWidth: 9,
      totalHeight: 9,
      left: 0,
      top: 0,
      step: 1,
      maxIterations: 99,
    }),
    '{"x":-1}',
  ],
  shapes: [
    { width: 37, height: 1 },
    { width: 31, height: 23 },
    { width: 3, height: 512 },
  ].map((size) => ({ params: JSON.stringify({ ...tile, ...size }), blobs: new Map() })),
});
testKernel('mandelbrot', makeCase);
testChecking('mandelbrot', makeCase);

test('all parameters have defaults, so that an empty object draws the whole set', async () => {
  expect((await mandelbrotRules.split({}, new Map())).units).toHaveLength(24);
});

test('tiles cover the picture once, and a result is refused when it exceeds the iterations', async () => {
  const plan = await mandelbrotRules.split(valley, new Map());
  const tiles = plan.units.map((unit) => readTile(unit.params));
  expect(tiles.reduce((sum, tile) => sum + tile.width * tile.height, 0)).toBe(71 * 45);
  const first = tiles[0] as (typeof tiles)[number];
  const counts = new Uint16Array(first.width * first.height).fill(301);
  expect(mandelbrotRules.inspect(JSON.stringify(first), bytesOf(counts))).toMatch(/at most 300/);
});

test('the merged picture is the reference of the whole picture', async () => {
  const plan = await mandelbrotRules.split(valley, new Map());
  const results = plan.units.map((unit) => bytesOf(mandelbrotReference(readTile(unit.params))));
  const [png, npy] = mandelbrotRules.merge(plan.stageParams, results);
  const whole = mandelbrotReference({ ...readTile(plan.units[0]?.params as string), width: 71, height: 45 });
  expect(decodeNpy('iterations', npy?.bytes as Uint8Array)).toEqual({
    dtype: 'uint16',
    shape: [45, 71],
    data: bytesOf(whole),
  });
  const bytes = Buffer.from(png?.bytes as Uint8Array);
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const data = bytes.indexOf('IDAT');
  const rows = inflateSync(bytes.subarray(data + 4, data + 4 + bytes.readUInt32BE(data - 4)));
  expect(rows).toHaveLength(45 * 72);
  const inside = whole.findIndex((count) => count === 300);
  expect(rows[Math.floor(inside / 71) * 72 + (inside % 71) + 1]).toBe(254);
});

test('points inside the set are ink and points far outside are paper', () => {
  expect([...palette.subarray(0, 3)]).toEqual([0xfa, 0xf8, 0xf4]);
  expect([...palette.subarray(254 * 3, 254 * 3 + 3)]).toEqual([0x14, 0x16, 0x1a]);
});
