import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBrowser } from './find-browser.mjs';
import { SetupError } from './setup-error.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The oldest Node that runs our TypeScript as it is and has what we use built in. */
const OLDEST_MAJOR = 24;
const windows = process.platform === 'win32';
const prefix = join(root, '.node');
const ownNode = join(prefix, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
const stampFile = join(root, 'node_modules', '.reckon-install.json');

/** @param {string} line */
const say = (line) => process.stderr.write(`${line}\n`);

/**
 * Makes the project runnable: a Node of at least 24 (installed into `.node` once when the running one is older), the
 * dependencies of the lock file, and on request a Chromium. Needs the network the first time only.
 *
 * Dependencies are installed *by that Node*: an older one silently skips native packages, or picks some that do not load.
 *
 * @param {{ browser?: boolean }} [options]
 * @returns {Promise<{ node: string, env: NodeJS.ProcessEnv }>} the Node to run, and the environment to run it in:
 *   its folder first on PATH, and `CHROMIUM_PATH` when a browser was asked for.
 * @throws {SetupError} `NODE_UNAVAILABLE`, `INSTALL_FAILED` or `BROWSER_MISSING`.
 */
export async function ensureRuntime({ browser = false } = {}) {
  const node = ensureNode();
  const env = withPath(dirname(node));
  ensureDependencies(node, env);
  if (browser) env.CHROMIUM_PATH = ensureBrowser(env, say);
  return { node, env };
}

/** @returns {string} */
function ensureNode() {
  if (majorOf(process.version) >= OLDEST_MAJOR) return process.execPath;
  const wanted = readFileSync(join(root, '.node-version'), 'utf8').trim();
  if (versionOf(ownNode) === `v${wanted}`) return ownNode;
  say(`Installing Node ${wanted} into .node (once; this is Node ${process.versions.node}) …`);
  mkdirSync(prefix, { recursive: true });
  // The `node` package fetches its platform's binary in an install script, which npm 12 runs only where this allows it.
  writeFileSync(join(prefix, 'package.json'), '{ "private": true, "allowScripts": { "node": true } }\n');
  const flags = ['--prefix', prefix, '--no-save', '--no-package-lock', '--ignore-scripts=false'];
  npm(process.execPath, ['install', ...flags, `node@${wanted}`], process.env);
  const got = versionOf(ownNode);
  if (got !== `v${wanted}`) {
    throw new SetupError(
      'NODE_UNAVAILABLE',
      `Node ${wanted} was installed into .node, but ${got ? `answers ${got}` : 'does not run here'}. Install Node ${OLDEST_MAJOR} or newer and try again.`,
    );
  }
  return ownNode;
}

/**
 * Not `npm ci`: it refuses a lock file that lacks the optional packages of other platforms, and a registry mirror that does
 * not have those cannot lock them. `install --no-save` installs what is locked and leaves the lock file as it is.
 *
 * @param {string} node
 * @param {NodeJS.ProcessEnv} env
 */
function ensureDependencies(node, env) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const wanted = { major: majorOf(versionOf(node) ?? ''), lock: createHash('sha256').update(lock).digest('hex') };
  const stamp = readJson(stampFile);
  if (stamp?.major === wanted.major && stamp.lock === wanted.lock) return;
  // Native packages are chosen and built for one major version; what another one installed cannot be kept.
  if (stamp?.major !== wanted.major) rmSync(join(root, 'node_modules'), { recursive: true, force: true });
  say('Installing dependencies …');
  npm(node, ['install', '--no-save', '--prefer-offline'], env);
  writeFileSync(stampFile, JSON.stringify(wanted));
}

/**
 * Runs npm under the given Node, silently unless it fails.
 *
 * @param {string} node
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
function npm(node, args, env) {
  const cli = npmCli();
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const [command, before] = cli ? [node, [cli]] : [windows ? 'npm.cmd' : 'npm', []];
  const run = spawnSync(command, [...before, ...args, ...quiet], {
    cwd: root,
    env,
    encoding: 'utf8',
    shell: windows && !cli,
  });
  if (run.status === 0) return;
  const output = `${run.error?.message ?? ''}${run.stdout ?? ''}${run.stderr ?? ''}`.trim().split('\n').slice(0, 20);
  throw new SetupError(
    'INSTALL_FAILED',
    `npm ${args[0]} failed:\n${output.join('\n')}\nCheck the network, then try again.`,
  );
}

/** npm's own program file, so that it runs under the Node of our choice and not the one beside its launcher. */
function npmCli() {
  const beside = dirname(process.execPath);
  const places = [
    process.env.npm_execpath ?? '',
    join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  return places.find((place) => basename(place) === 'npm-cli.js' && existsSync(place));
}

/** @param {string} folder */
function withPath(folder) {
  const env = { ...process.env };
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  if (env[key]?.split(delimiter)[0] !== folder) env[key] = env[key] ? `${folder}${delimiter}${env[key]}` : folder;
  return env;
}

/** @param {string} node */
function versionOf(node) {
  if (node === process.execPath) return process.version;
  const run = existsSync(node) ? spawnSync(node, ['--version'], { encoding: 'utf8' }) : undefined;
  return run?.status === 0 ? run.stdout.trim() : undefined;
}

/** @param {string} version */
const majorOf = (version) => Number(/^v(\d+)/.exec(version)?.[1] ?? 0);

/** @param {string} file */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // missing or cut off: the same as never written
  }
}
