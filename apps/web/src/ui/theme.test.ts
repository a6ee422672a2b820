import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('theme.css', import.meta.url), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map((match) => [
    match[1],
    [match[2] as string, match[3] as string] as const,
  ]),
);

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const color = (token: string, theme: 0 | 1): string => {
  const pair = tokens.get(token);
  if (pair === undefined) throw new Error(`theme.css has no token ${token}`);
  return pair[theme];
};

const texts = ['ink', 'quiet', 'accepted', 'checked', 'waiting', 'refused'];
const grounds = ['paper', 'raised'];
const cases = [0, 1].flatMap((theme) =>
  texts.flatMap((text) => grounds.map((ground) => [theme === 0 ? 'light' : 'dark', text, ground, theme] as const)),
);

test.each(cases)('in the %s theme, %s on %s has a contrast of at least 4.5', (_name, text, ground, theme) => {
  expect(contrast(color(text, theme as 0 | 1), color(ground, theme as 0 | 1))).toBeGreaterThanOrEqual(4.5);
});

test.each([0, 1] as const)('theme %i: text on the accent, and the edge of inputs, can be seen', (theme) => {
  expect(contrast(color('on-accent', theme), color('accepted', theme))).toBeGreaterThanOrEqual(4.5);
  expect(contrast(color('on-accent', theme), color('refused', theme))).toBeGreaterThanOrEqual(4.5);
  expect(contrast(color('edge', theme), color('paper', theme))).toBeGreaterThanOrEqual(3);
  expect(contrast(color('edge', theme), color('raised', theme))).toBeGreaterThanOrEqual(3);
});
