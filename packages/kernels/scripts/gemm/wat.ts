/** WebAssembly text in the folded form, as strings. */

export const get = (name: string): string => `(local.get $${name})`;
export const set = (name: string, value: string): string => `(local.set $${name} ${value})`;
export const tee = (name: string, value: string): string => `(local.tee $${name} ${value})`;
export const int = (value: number): string => `(i32.const ${value})`;
export const add = (a: string, b: string): string => `(i32.add ${a} ${b})`;
export const sub = (a: string, b: string): string => `(i32.sub ${a} ${b})`;
export const mul = (a: string, b: string): string => `(i32.mul ${a} ${b})`;
/** Adds to a local. */
export const step = (name: string, by: string): string => set(name, add(get(name), by));

export const load = (at: string, offset = 0): string => `(v128.load offset=${offset} ${at})`;
export const splat = (at: string, offset = 0): string => `(v128.load32_splat offset=${offset} ${at})`;
export const store = (at: string, value: string, offset = 0): string => `(v128.store offset=${offset} ${at} ${value})`;
export const zero = '(v128.const i32x4 0 0 0 0)';

/** 0 to count - 1. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Runs `body` once for each of `count`, a local that is counted down to 0; not at all when it is 0. */
export const repeat = (count: string, body: string): string => `
(if ${get(count)} (then (loop $each_${count}
${body}
(br_if $each_${count} ${tee(count, sub(get(count), int(1)))}))))`;

/** A shuffle of the bytes of `a` (0 to 15) and `b` (16 to 31), given by groups of `size` bytes. */
export const shuffle = (size: number, groups: readonly number[], a: string, b: string): string =>
  `(i8x16.shuffle ${groups.flatMap((group) => upTo(size).map((i) => group * size + i)).join(' ')} ${a} ${b})`;

/** An exported function of i32 parameters. */
export function func(name: string, params: readonly string[], locals: string, body: string, result = ''): string {
  const list = params.map((param) => `(param $${param} i32)`).join(' ');
  return `(func $${name} (export "${name}") ${list} ${result}\n${locals}\n${body})`;
}
/** Declarations of locals of a type. */
export const locals = (type: 'i32' | 'v128', names: readonly string[]): string =>
  names.map((name) => `(local $${name} ${type})`).join(' ');
