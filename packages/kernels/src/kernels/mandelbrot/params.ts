import * as v from 'valibot';
import { declaredNumber, parseParams, parseParamsJson, real, whole } from '../../params.ts';
import { mandelbrotManifest } from './manifest.ts';

const number = (name: string) => declaredNumber(mandelbrotManifest, name);

const Picture = v.strictObject({
  width: number('width'),
  height: number('height'),
  tile: number('tile'),
  centerX: number('centerX'),
  centerY: number('centerY'),
  scale: number('scale'),
  maxIterations: number('maxIterations'),
});
/** What the requester asks for. */
export type Picture = v.InferOutput<typeof Picture>;

const Tile = v.strictObject({
  /** First pixel and size of the tile. */
  x: whole(0, 4095),
  y: whole(0, 4095),
  width: whole(1, 512),
  height: whole(1, 512),
  /** Size of the whole picture. */
  totalWidth: whole(1, 4096),
  totalHeight: whole(1, 4096),
  /** The picture's first pixel in the complex plane, and the distance of two pixels. */
  left: real(-20, 20),
  top: real(-20, 20),
  step: real(1e-18, 1),
  maxIterations: whole(16, 20_000),
});
/** One work unit: pixel (x, y) of the picture is the point (left + x · step) + (top − y · step) i. */
export type Tile = v.InferOutput<typeof Tile>;

/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readPicture = (params: unknown): Picture => parseParams(mandelbrotManifest, Picture, params);
/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readPictureJson = (json: string): Picture => parseParamsJson(mandelbrotManifest, Picture, json);
/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readTile = (json: string): Tile => parseParamsJson(mandelbrotManifest, Tile, json);

/** The picture's tiles, row by row. */
export function tilesOf(picture: Picture): Tile[] {
  const { width, height, tile, centerX, centerY, scale, maxIterations } = picture;
  const step = scale / width;
  const left = centerX - ((width - 1) / 2) * step;
  const top = centerY + ((height - 1) / 2) * step;
  const tiles: Tile[] = [];
  for (let y = 0; y < height; y += tile) {
    for (let x = 0; x < width; x += tile) {
      const size = { width: Math.min(tile, width - x), height: Math.min(tile, height - y) };
      tiles.push({ x, y, ...size, totalWidth: width, totalHeight: height, left, top, step, maxIterations });
    }
  }
  return tiles;
}
