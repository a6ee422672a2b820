import { ReckonError } from '@reckon/protocol/base/errors';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import * as v from 'valibot';
import { declaredNumber, parseParams, parseParamsJson, real, whole } from '../../params.ts';
import { checkUnitCount } from '../../plan.ts';
import { renderManifest } from './manifest.ts';
import { sceneNames } from './scenes.ts';

const number = (name: string) => declaredNumber(renderManifest, name);
const SceneChoice = v.picklist(sceneNames);
/** Paths in a unit at most: a minute of a slow machine. */
const MAX_PATHS = 2 ** 24;
const MAX_SIDE = 4096;

const Picture = v.strictObject({
  scene: v.optional(SceneChoice, 'cornell'),
  width: number('width'),
  height: number('height'),
  tile: number('tile'),
  samples: number('samples'),
  maxBounces: number('maxBounces'),
  turn: number('turn'),
  tilt: number('tilt'),
  zoom: number('zoom'),
  blur: number('blur'),
  exposure: number('exposure'),
  seed: number('seed'),
});
/** What the requester asks for. */
export type Picture = v.InferOutput<typeof Picture>;

const Tile = v.strictObject({
  scene: SceneChoice,
  /** First pixel and size of the tile, and size of the whole picture. */
  x: whole(0, MAX_SIDE - 1),
  y: whole(0, MAX_SIDE - 1),
  width: whole(1, 512),
  height: whole(1, 512),
  totalWidth: whole(1, MAX_SIDE),
  totalHeight: whole(1, MAX_SIDE),
  samples: whole(1, 16_384),
  maxBounces: whole(1, 32),
  turn: real(-180, 180),
  tilt: real(-10, 80),
  zoom: real(0.25, 16),
  blur: real(0, 10),
  /** Of the tile's preview only. */
  exposure: real(-8, 8),
  seed: whole(0, 2 ** 32 - 1),
});
/** One work unit. */
export type Tile = v.InferOutput<typeof Tile>;

/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readPicture = (params: unknown): Picture => checked(parseParams(renderManifest, Picture, params));
/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readPictureJson = (json: string): Picture => checked(parseParamsJson(renderManifest, Picture, json));

/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export function readTile(json: string): Tile {
  const tile = parseParamsJson(renderManifest, Tile, json);
  refuseAbove('samples', tile.width * tile.height * tile.samples, MAX_PATHS, 'paths in a tile');
  return tile;
}

function checked(picture: Picture): Picture {
  const { width, height, tile, samples } = picture;
  checkUnitCount(renderManifest, 'tile', tile, Math.ceil(width / tile) * Math.ceil(height / tile));
  refuseAbove('samples', Math.min(tile, width) * Math.min(tile, height) * samples, MAX_PATHS, 'paths in a tile');
  return picture;
}

/** The picture's tiles, row by row. */
export function tilesOf({ width, height, tile, ...picture }: Picture): Tile[] {
  const tiles: Tile[] = [];
  for (let y = 0; y < height; y += tile) {
    for (let x = 0; x < width; x += tile) {
      const size = { width: Math.min(tile, width - x), height: Math.min(tile, height - y) };
      tiles.push({ ...picture, x, y, ...size, totalWidth: width, totalHeight: height });
    }
  }
  return tiles;
}

function refuseAbove(path: string, value: number, limit: number, what: string): void {
  if (value <= limit) return;
  throw new ReckonError('KERNEL_PARAMS_INVALID', {
    kernel: kernelName(renderManifest),
    path,
    expected: `a value that gives at most ${limit} ${what}`,
    received: `one that gives ${value}`,
  });
}
