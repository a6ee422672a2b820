import { spawn } from 'node:child_process';

/** What one part of a check found: nothing when `problems` is empty. */
export interface Outcome {
  readonly problems: string;
}

/** One line of `npm run check`. */
export interface Part {
  readonly name: string;
  readonly run: (signal: AbortSignal) => Promise<Outcome>;
}

/** A part that is a program of node_modules, run with this Node; it fails when the program exits non-zero. */
export function programPart(name: string, program: string, args: readonly string[], cwd = process.cwd()): Part {
  return { name, run: (signal) => runProgram(program, args, cwd, signal) };
}

function runProgram(program: string, args: readonly string[], cwd: string, signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { cwd, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ problems: code === 0 ? '' : output.trim() || `${program} exited with ${code}` });
    });
  });
}
