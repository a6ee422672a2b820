import type { AdapterClass, BrowserName, ConformanceReport } from '@reckon/protocol/wire/conformance';

/** What WebGPU calls an adapter, in the few letters a report may hold; a browser that says more is cut. */
const adapterWord = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 32)
    .replaceAll(/^-|-$/g, '');

export const adapterClass = ({ vendor, architecture }: AdapterClass): AdapterClass => ({
  vendor: adapterWord(vendor),
  architecture: adapterWord(architecture),
});

/** `apple metal-3`; in words where there is none, or the browser does not say. */
export function adapterText(adapter: AdapterClass | null): string {
  if (adapter === null) return 'No WebGPU';
  return [adapter.vendor, adapter.architecture].filter((word) => word !== '').join(' ') || 'GPU, not named';
}

/** First that fits: Edge and Opera also call themselves Chrome, and all of them Safari. */
const BROWSERS: readonly [BrowserName, RegExp][] = [
  ['edge', /\bEdg(?:e|A|iOS)?\/(\d+)/],
  ['opera', /\bOPR\/(\d+)/],
  ['firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
  ['chrome', /\b(?:HeadlessChrome|Chrome|Chromium|CriOS)\/(\d+)/],
  ['safari', /\bVersion\/(\d+)[\d.]*(?: Mobile\/\w+)? Safari\//],
];

/** A browser's name and major version, which is all that a report says of it. */
export function browserOf(userAgent: string): ConformanceReport['browser'] {
  for (const [name, pattern] of BROWSERS) {
    const major = pattern.exec(userAgent)?.[1];
    if (major !== undefined) return { name, major: Math.min(9999, Number(major)) };
  }
  return { name: 'other', major: 0 };
}

const names: { readonly [B in BrowserName]: string } = {
  chrome: 'Chrome or Chromium',
  edge: 'Edge',
  firefox: 'Firefox',
  opera: 'Opera',
  safari: 'Safari',
  other: 'Another browser',
};
export const browserText = ({ name, major }: ConformanceReport['browser']): string =>
  name === 'other' ? names.other : `${names[name]} ${major}`;
