import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** A terminal and npm both deliver one Ctrl-C; the second copy arrives within milliseconds. */
const SAME_SIGNAL_MS = 500;
/** How often we look whether npm's shell is still there. */
const PARENT_MS = 300;

/**
 * Runs a program with our standard streams and resolves with its exit code (128 + n when a signal ended it).
 * The child gets a process group of its own, so that a signal reaches it from here alone, once, and it can end gracefully.
 * A signal sent to npm ends npm and its shell without reaching us: that the shell is gone is then our SIGTERM.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 * @returns {Promise<number>}
 */
export function runForeground(command, args, options = {}) {
  const ownGroup = process.platform !== 'win32';
  // A background group that reads the terminal is stopped by it; no command here asks questions.
  const stdin = ownGroup && process.stdin.isTTY ? 'ignore' : 'inherit';
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: [stdin, 'inherit', 'inherit'], detached: ownGroup });
    const lastSent = new Map();
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => {
      const now = Date.now();
      if (!ownGroup || now - (lastSent.get(signal) ?? 0) < SAME_SIGNAL_MS) return;
      lastSent.set(signal, now);
      child.kill(signal);
    };
    /** @type {NodeJS.Signals[]} */
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, forward);
    const parent = process.ppid;
    const watch =
      process.env.npm_lifecycle_event === undefined
        ? undefined
        : setInterval(() => {
            if (process.ppid === parent) return;
            clearInterval(watch);
            // A second signal would end the child at once.
            if (lastSent.size === 0) forward('SIGTERM');
          }, PARENT_MS);
    const stop = () => {
      clearInterval(watch);
      for (const signal of signals) process.off(signal, forward);
    };
    child.once('error', (error) => {
      stop();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      stop();
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 1));
    });
  });
}
