/** A point, a direction or a colour (red, green, blue in linear light). */
export type Vec3 = readonly [number, number, number];

/** What light does at a surface. Colours are the share that comes back. */
export type Material =
  | { kind: 'diffuse'; colour: Vec3; checker?: Checker }
  /** Diffuse under a clear coat, as glazed clay. */
  | { kind: 'coat'; colour: Vec3; checker?: Checker }
  /** `rough` from 0, a mirror, to 1. */
  | { kind: 'metal'; colour: Vec3; rough: number }
  | { kind: 'glass'; colour: Vec3; ior: number }
  | { kind: 'light'; radiance: Vec3 };

/** A second colour in squares of `side` over x and z. */
export interface Checker {
  colour: Vec3;
  side: number;
}

export interface Sphere {
  centre: Vec3;
  radius: number;
  material: Material;
}

/** The parallelogram corner + a · u + b · v; its front, from which a light shines, is where u × v points. */
export interface Quad {
  corner: Vec3;
  u: Vec3;
  v: Vec3;
  material: Material;
}

/** Where the picture is taken from, looking at `target`; y is up. */
export interface View {
  eye: Vec3;
  target: Vec3;
  /** Half the picture's height over the distance to the target. */
  slope: number;
  /** Radius of the lens; 0 for everything in focus. */
  lens: number;
}

export interface Scene {
  spheres: readonly Sphere[];
  quads: readonly Quad[];
  /** Light from outside: at the horizon and below, and straight above. */
  sky: { horizon: Vec3; zenith: Vec3 };
  view: View;
}

export const add = ([a, b, c]: Vec3, [d, e, f]: Vec3): Vec3 => [a + d, b + e, c + f];
export const minus = ([a, b, c]: Vec3, [d, e, f]: Vec3): Vec3 => [a - d, b - e, c - f];
export const times = ([a, b, c]: Vec3, k: number): Vec3 => [a * k, b * k, c * k];
export const dot = ([a, b, c]: Vec3, [d, e, f]: Vec3): number => a * d + b * e + c * f;
export const cross = ([a, b, c]: Vec3, [d, e, f]: Vec3): Vec3 => [b * f - c * e, c * d - a * f, a * e - b * d];
export const length = (a: Vec3): number => Math.sqrt(dot(a, a));
export const unit = (a: Vec3): Vec3 => times(a, 1 / length(a));
