import { findBrowser } from '../../../../scripts/find-browser.mjs';
import { ReckonError } from '@reckon/protocol/base/errors';
import { type Browser, chromium } from 'playwright-core';

/**
 * Headless Chromium that behaves as a visitor's would: WebGPU in software, WebRTC on this machine alone.
 * (`--enable-unsafe-webgpu` and the two loopback flags were measured to be the ones that matter.)
 */
const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-webgpu',
  '--allow-loopback-in-peer-connection',
  '--disable-features=WebRtcHideLocalIpsWithMdns,ComputePressure',
];

/** @throws {ReckonError} BROWSER_MISSING. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) {
    throw new ReckonError('BROWSER_MISSING', { tried: 'CHROMIUM_PATH and the usual places' });
  }
  return chromium.launch({ executablePath, headless: true, chromiumSandbox: false, args: FLAGS });
}
