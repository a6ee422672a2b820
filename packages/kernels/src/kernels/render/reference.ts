import { cameraRows, type Shot } from './camera.ts';
import { FAR, intersect } from './intersect.ts';
import type { Tile } from './params.ts';
import { disc, draw, newPath, type Path, random, toDisc, turn } from './path.ts';
import { scatter } from './scatter.ts';
import { type SceneName, sceneOf } from './scenes.ts';
import { HEADER, KINDS, MATERIAL, QUAD_PAIR, SPHERE_PAIR, tablesOf } from './tables.ts';

/** No channel of a sample counts for more: what only a rare path finds would stand out as a white point. */
export const MOST_RADIANCE = 32;

/** Every scene's tables, without a camera: a tree takes longer to grow than a row to render. */
const made = new Map<SceneName, Float64Array>();

/** A scene and its camera as the tracers read them. */
export function tileTables(shot: Shot & Pick<Tile, 'scene'>): Float64Array {
  const scene = sceneOf(shot.scene);
  const known = made.get(shot.scene) ?? tablesOf(scene);
  made.set(shot.scene, known);
  const tables = known.slice();
  tables.set(cameraRows(scene.view, shot).flat(), HEADER.camera);
  return tables;
}

/**
 * The tile's pixels in plain TypeScript: mean linear radiance as red, green, blue f32. It is the definition that the WASM twin
 * equals bit for bit: f64 with + − × ÷, square roots and floors, in this order.
 */
export const renderReference = (tile: Tile): Float32Array => renderTables(tileTables(tile), tile);

/** The same of any tables. */
export function renderTables(tables: Float64Array, tile: Tile): Float32Array {
  const path = newPath(tables);
  const pixels = new Float32Array(tile.width * tile.height * 3);
  for (let y = 0; y < tile.height; y++) {
    for (let x = 0; x < tile.width; x++) {
      let [r, g, b] = [0, 0, 0];
      for (let sample = 0; sample < tile.samples; sample++) {
        tracePath(path, tile, tile.x + x, tile.y + y, sample);
        r += path.r < MOST_RADIANCE ? path.r : MOST_RADIANCE;
        g += path.g < MOST_RADIANCE ? path.g : MOST_RADIANCE;
        b += path.b < MOST_RADIANCE ? path.b : MOST_RADIANCE;
      }
      pixels.set([r / tile.samples, g / tile.samples, b / tile.samples], (y * tile.width + x) * 3);
    }
  }
  return pixels;
}

/** Follows one path from the eye until it leaves the scene or ends; its light is then in the path. */
function tracePath(path: Path, tile: Tile, x: number, y: number, sample: number): void {
  const { tables, ray } = path;
  const pixel = y * tile.totalWidth + x;
  path.r = path.g = path.b = 0;
  path.shareR = path.shareG = path.shareB = 1;
  path.straight = true;
  draw(path, pixel, sample, 0, tile.seed, true);
  aim(path, x, y);
  for (let bounce = 0; ; bounce++) {
    ray.t = FAR;
    intersect(tables, ray, false);
    if (ray.hit < 0) {
      addSky(path);
      return;
    }
    const material = (tables[HEADER.materialsAt] as number) + ray.hit * MATERIAL;
    setNormal(path);
    const facing = path.nx * ray.dx + path.ny * ray.dy + path.nz * ray.dz;
    if (tables[material] === KINDS.light) {
      // A light that surfaces aim at was counted when they did.
      if (facing < 0 && (path.straight || tables[material + 7] === 0)) {
        path.r += path.shareR * (tables[material + 4] as number);
        path.g += path.shareG * (tables[material + 5] as number);
        path.b += path.shareB * (tables[material + 6] as number);
      }
      return;
    }
    if (bounce === tile.maxBounces) return;
    draw(path, pixel, sample, bounce + 1, tile.seed, bounce === 0);
    if (!scatter(path, material, facing, bounce)) return;
  }
}

/** −1 to 1 pixel widths, more often near 0: the tent filter. */
function tent(u: number): number {
  const r = 2 * u;
  return r < 1 ? Math.sqrt(r) - 1 : 1 - Math.sqrt(2 - r);
}

/** From a point of the lens through one of the pixel. */
function aim(path: Path, x: number, y: number): void {
  const { tables, ray } = path;
  const value = (i: number) => tables[HEADER.camera + i] as number;
  const column = x + 0.5 + tent(random(path, 0));
  const row = y + 0.5 + tent(random(path, 1));
  toDisc(random(path, 2), random(path, 3));
  const lensX = disc.x * value(12) + disc.y * value(15);
  const lensY = disc.x * value(13) + disc.y * value(16);
  const lensZ = disc.x * value(14) + disc.y * value(17);
  ray.ox = value(0) + lensX;
  ray.oy = value(1) + lensY;
  ray.oz = value(2) + lensZ;
  turn(
    ray,
    value(3) + column * value(6) + row * value(9) - lensX,
    value(4) + column * value(7) + row * value(10) - lensY,
    value(5) + column * value(8) + row * value(11) - lensZ,
  );
}

/** The sky is brightest at the horizon. */
function addSky(path: Path): void {
  const { tables, ray } = path;
  const high = ray.dy > 0 ? Math.sqrt(ray.dy) : 0;
  const value = (i: number) => {
    const horizon = tables[HEADER.horizon + i] as number;
    return horizon + high * ((tables[HEADER.zenith + i] as number) - horizon);
  };
  path.r += path.shareR * value(0);
  path.g += path.shareG * value(1);
  path.b += path.shareB * value(2);
}

function setNormal(path: Path): void {
  const { tables, ray } = path;
  const value = (i: number) => tables[i] as number;
  const quads = value(HEADER.quadPairs) * 2;
  if (ray.hit < quads) {
    const at = value(HEADER.quadsAt) + (ray.hit >> 1) * QUAD_PAIR + (ray.hit & 1);
    path.nx = value(at);
    path.ny = value(at + 2);
    path.nz = value(at + 4);
    return;
  }
  const index = ray.hit - quads;
  const at = value(HEADER.spheresAt) + (index >> 1) * SPHERE_PAIR + (index & 1);
  const k = value(at + 8);
  path.nx = (ray.ox + ray.t * ray.dx - value(at)) * k;
  path.ny = (ray.oy + ray.t * ray.dy - value(at + 2)) * k;
  path.nz = (ray.oz + ray.t * ray.dz - value(at + 4)) * k;
}
