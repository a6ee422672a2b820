import { add, cross, length, minus, times, type Vec3, type View, unit } from './scene.ts';

/** How the requester moved the scene's own camera. */
export interface Shot {
  totalWidth: number;
  totalHeight: number;
  /** Degrees around the target, to the right; degrees upwards. */
  turn: number;
  tilt: number;
  /** How many times nearer. */
  zoom: number;
  /** How much wider the lens is, or narrower. */
  blur: number;
}

/** The eye; from it the picture's first corner, and the steps to the next pixel and row; the lens' two radii. */
export type CameraRows = readonly [eye: Vec3, corner: Vec3, right: Vec3, down: Vec3, lensRight: Vec3, lensUp: Vec3];

/** Steepest view: straight down has no up. */
const STEEPEST = 0.995;

export function cameraRows({ eye, target, slope, lens }: View, shot: Shot): CameraRows {
  const [x, y, z] = minus(eye, target);
  const [sinTurn, cosTurn] = sinCos(shot.turn);
  const [sinTilt, cosTilt] = sinCos(shot.tilt);
  const distance = length([x, y, z]);
  const level = Math.sqrt(x * x + z * z);
  // The eye's height over the target, as a sine: more tilt than there is to the zenith stops before it.
  const flat = (level * cosTilt - y * sinTilt) / distance;
  const wanted = (y * cosTilt + level * sinTilt) / distance;
  const rise = flat > 0 && wanted < STEEPEST ? wanted : STEEPEST;
  const reach = (Math.sqrt(1 - rise * rise) * distance) / level;
  const at: Vec3 = [(x * cosTurn + z * sinTurn) * reach, rise * distance, (z * cosTurn - x * sinTurn) * reach];
  const forward = unit(times(at, -1));
  const right = unit(cross(forward, [0, 1, 0]));
  const up = cross(right, forward);
  const pixel = (2 * slope * distance) / shot.zoom / shot.totalHeight;
  const [stepRight, stepDown] = [times(right, pixel), times(up, -pixel)];
  const middle = add(times(stepRight, -shot.totalWidth / 2), times(stepDown, -shot.totalHeight / 2));
  const corner = add(times(forward, distance), middle);
  const radius = lens * shot.blur;
  return [add(target, at), corner, stepRight, stepDown, times(right, radius), times(up, radius)];
}

/** Sine and cosine by Taylor's series, so that every engine has the same: `Math.sin` differs between them. */
export function sinCos(degrees: number): [sin: number, cos: number] {
  const quarters = Math.floor(degrees / 90 + 0.5);
  const x = ((degrees - quarters * 90) * Math.PI) / 180;
  const square = x * x;
  let [sin, cos] = [0, 0];
  for (let n = 20; n >= 0; n -= 2) {
    sin = 1 - (square / ((n + 2) * (n + 3))) * sin;
    cos = 1 - (square / ((n + 1) * (n + 2))) * cos;
  }
  sin *= x;
  switch (((quarters % 4) + 4) % 4) {
    case 0:
      return [sin, cos];
    case 1:
      return [cos, -sin];
    case 2:
      return [-sin, -cos];
    default:
      return [-cos, sin];
  }
}
