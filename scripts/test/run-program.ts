import { spawn } from 'node:child_process';

export interface ProgramRun {
  readonly exitCode: number;
  /** Everything it printed, which was also shown. */
  readonly output: string;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Ends the program with SIGINT, as Ctrl-C would; its own children are its to end. */
  readonly signal: AbortSignal;
}

/** Runs a JavaScript or TypeScript program under this Node, showing and keeping its output. */
export function runProgram(program: string, args: readonly string[], options: ProgramOptions): Promise<ProgramRun> {
  const { cwd, env, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve({ exitCode: 130, output: '' });
    const child = spawn(process.execPath, [program, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const interrupt = () => child.kill('SIGINT');
    signal.addEventListener('abort', interrupt);
    let output = '';
    const keep = (target: NodeJS.WriteStream) => (text: string) => {
      output += text;
      target.write(text);
    };
    child.stdout.setEncoding('utf8').on('data', keep(process.stdout));
    child.stderr.setEncoding('utf8').on('data', keep(process.stderr));
    child.once('error', reject);
    child.once('close', (code) => {
      signal.removeEventListener('abort', interrupt);
      resolve({ exitCode: code ?? 130, output });
    });
  });
}
