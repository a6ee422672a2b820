import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { SetupError } from './setup-error.mjs';

const LINUX = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];
const MAC = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

/** @param {NodeJS.ProcessEnv} env */
function windowsPlaces(env) {
  const folders = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter(
    (folder) => folder !== undefined,
  );
  const programs = [
    'Google\\Chrome\\Application\\chrome.exe',
    'Chromium\\Application\\chrome.exe',
    'Microsoft\\Edge\\Application\\msedge.exe',
  ];
  return folders.flatMap((folder) => programs.map((program) => `${folder}\\${program}`));
}

/** @param {NodeJS.ProcessEnv} env */
function places(env) {
  const usual = process.platform === 'darwin' ? MAC : process.platform === 'win32' ? windowsPlaces(env) : LINUX;
  // A path given by hand is the answer, right or wrong: falling back would test another browser than was asked for.
  return env.CHROMIUM_PATH ? [env.CHROMIUM_PATH] : usual;
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Where a Chromium-based browser is: `CHROMIUM_PATH`, or one of the platform's usual places.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined}
 */
export const findBrowser = (env = process.env) => places(env).find(isProgram);

/**
 * Finds a browser, or installs Debian's Chromium where apt-get is there and we may use it.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {(line: string) => void} say
 * @returns {string}
 * @throws {SetupError} `BROWSER_MISSING`
 */
export function ensureBrowser(env, say) {
  const found = findBrowser(env);
  if (found) return found;
  const asRoot = env.CHROMIUM_PATH ? undefined : rootPrefix();
  if (asRoot) {
    say('Installing Chromium (apt-get install chromium) …');
    const install = ['apt-get', 'install', '-y', '--no-install-recommends', 'chromium'];
    if (!run([...asRoot, ...install])) {
      run([...asRoot, 'apt-get', 'update']); // a fresh image has no package lists
      run([...asRoot, ...install]);
    }
    const installed = findBrowser(env);
    if (installed) return installed;
  }
  throw new SetupError(
    'BROWSER_MISSING',
    `No browser was found; tried ${places(env).join(', ')}. Install Chromium or Chrome, or set CHROMIUM_PATH to one.`,
  );
}

/** What to put before a command to run it as root without a question; undefined where that, or apt-get, is not possible. */
function rootPrefix() {
  if (process.platform !== 'linux' || !run(['apt-get', '--version'])) return undefined;
  if (process.getuid?.() === 0) return [];
  return run(['sudo', '-n', 'true']) ? ['sudo', '-n'] : undefined;
}

/** @param {string[]} command */
function run([program, ...args]) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(/** @type {string} */ (program), args, { env, stdio: 'ignore' }).status === 0;
}
