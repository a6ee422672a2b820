/** Where a Chromium-based browser is: `CHROMIUM_PATH`, or one of the platform's usual places. */
export function findBrowser(env?: NodeJS.ProcessEnv): string | undefined;

/** Finds a browser, or installs Debian's Chromium where apt-get is there and we may use it. @throws {SetupError} */
export function ensureBrowser(env: NodeJS.ProcessEnv, say: (line: string) => void): string;
