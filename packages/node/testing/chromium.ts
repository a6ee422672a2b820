import { existsSync } from 'node:fs';
import { ReckonError } from '@reckon/protocol/base/errors';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Starts a browser for a test: `CHROMIUM_PATH`, which the bootstrap sets, or a usual place. @throws {ReckonError} BROWSER_MISSING */
export async function launchChromium(path: string | undefined): Promise<Browser> {
  const executablePath = [path, ...PLACES].find((place) => place !== undefined && existsSync(place));
  if (executablePath === undefined) throw new ReckonError('BROWSER_MISSING', { tried: PLACES.join(', ') });
  // A test machine is busy by nature, which would pause every node.
  const args = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-features=ComputePressure'];
  return chromium.launch({ executablePath, chromiumSandbox: false, args });
}
