/** Where a Chromium-based browser is: `CHROMIUM_PATH`, or one of the platform's usual places. */
export function findBrowser(env?: NodeJS.ProcessEnv): string | undefined;
