import type { SeededRandom } from '../../scripts/train-digits/random.ts';
import { hands, type Point, type Stroke } from './strokes.ts';

const SIDE = 28;
/** MNIST fits its digits into a box of 20 pixels and centres their weight; the model expects the same. */
const BOX = 20;
/** Points drawn between two given ones. */
const STEPS = 12;

/** Draws one digit on 28 × 28 pixels in [0, 1]: a hand at random, each point moved, then slanted, turned and inked. */
export function drawDigit(digit: number, random: SeededRandom): Float32Array {
  const choices = hands[digit] as (typeof hands)[number];
  const hand = choices[Math.floor(random.unit() * choices.length)] as readonly Stroke[];
  const jitter = (): number => random.normal() * 0.018;
  // One shift per given point: strokes that meet stay together.
  const moved = new Map<string, Point>();
  const move = ([x, y]: Point): Point => {
    const key = `${x},${y}`;
    const point = moved.get(key) ?? ([x + jitter(), y + jitter()] as const);
    moved.set(key, point);
    return point;
  };
  const turn = random.between(-0.16, 0.16);
  const slant = random.between(-0.05, 0.22);
  const width = random.between(0.62, 0.9);
  const place = ([x, y]: Point): Point => {
    const [u, v] = [(x - 0.5) * width - (y - 0.5) * slant, y - 0.5];
    return [BOX * (Math.cos(turn) * u - Math.sin(turn) * v), BOX * (Math.sin(turn) * u + Math.cos(turn) * v)];
  };
  const lines = hand.map((stroke) => smooth(stroke.map(move)).map(place));
  return ink(lines, random.between(1, 1.75), random.between(0.85, 1));
}

/** Catmull-Rom spline through the points. */
function smooth(points: readonly Point[]): Point[] {
  const at = (i: number) => points[Math.max(0, Math.min(points.length - 1, i))] as Point;
  const spline = (a: number, b: number, c: number, d: number, t: number): number =>
    0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t ** 3);
  const out: Point[] = [];
  for (let i = 0; i + 1 < points.length; i++) {
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    for (let s = 0; s < STEPS; s++) {
      const t = s / STEPS;
      out.push([spline(a[0], b[0], c[0], d[0], t), spline(a[1], b[1], c[1], d[1], t)]);
    }
  }
  out.push(at(points.length - 1));
  return out;
}

/** Pixels by their distance from the nearest line, weight in the middle of the picture. */
function ink(lines: readonly Point[][], radius: number, darkness: number): Float32Array {
  const points = lines.flat();
  const middle = [0, 1].map((axis) => points.reduce((sum, point) => sum + (point[axis] as number), 0) / points.length);
  const pixels = new Float32Array(SIDE * SIDE);
  for (let p = 0; p < pixels.length; p++) {
    const x = (p % SIDE) - (SIDE - 1) / 2 + (middle[0] as number);
    const y = Math.floor(p / SIDE) - (SIDE - 1) / 2 + (middle[1] as number);
    let nearest = Number.POSITIVE_INFINITY;
    for (const line of lines) {
      for (let i = 0; i + 1 < line.length; i++)
        nearest = Math.min(nearest, distance(x, y, line[i] as Point, line[i + 1] as Point));
    }
    pixels[p] = darkness * Math.max(0, Math.min(1, radius + 0.5 - nearest));
  }
  return pixels;
}

function distance(x: number, y: number, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}
