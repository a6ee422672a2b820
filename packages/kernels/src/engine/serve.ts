import { ReckonError, toWire } from '@reckon/protocol/base/errors';
import { expose, transfer } from 'comlink';
import { gpu } from '../gpu/device.ts';
import type { KernelImplementation, RunContext } from '../kernel.ts';
import { boundMemories } from './bounded-memory.ts';
import { computeChunks } from './compute-chunks.ts';
import { type MessageSide, toEndpoint } from './endpoint.ts';
import { type WorkerKind, workerKind } from './kernel-worker.ts';
import { createProgressNotices } from './progress-notices.ts';
import { requireSize } from './result-size.ts';
import { createReceiver } from './unit-blobs.ts';
import type { WorkerAnswer, WorkerApi, WorkerNotice, WorkerUnit } from './worker-api.ts';

/**
 * Makes this thread a worker of the pool: runs one unit at a time with the kernels that `load` finds. With a `kind` it
 * refuses those of the other: no guest where our own kernels run, and nothing of ours where guests have been.
 */
export function serveKernels(
  side: MessageSide,
  load: (kernel: string) => Promise<KernelImplementation>,
  kind?: WorkerKind,
): void {
  const tell = (notice: WorkerNotice) => side.postMessage(notice, []);
  gpu.onLost = (reason, barred) => tell({ notice: 'gpu-lost', reason, barred });

  const receive = createReceiver();
  const notices = createProgressNotices(tell, () => performance.now());
  const { signal } = new AbortController();
  // Even a module that is there costs as much to import again as a tiny unit.
  const loaded = new Map<string, KernelImplementation>();
  async function run(unit: WorkerUnit): Promise<WorkerAnswer> {
    // First of all, whatever becomes of the unit: the pool counts on what it has sent.
    const input = receive(unit);
    const kernel = loaded.get(unit.kernel) ?? (await load(unit.kernel));
    loaded.set(unit.kernel, kernel);
    const { manifest } = kernel;
    if (manifest.digest !== unit.digest) {
      const [expected, received] = [manifest.digest, unit.digest];
      throw new ReckonError('KERNEL_DIGEST_MISMATCH', { kernel: unit.kernel, expected, received });
    }
    if (kind !== undefined && workerKind(manifest) !== kind) {
      throw new ReckonError('UNEXPECTED', { cause: `${unit.kernel} was sent to a worker for ${kind} kernels` });
    }
    if (manifest.guest) boundMemories(manifest.limits.maxMemoryBytes);
    const began = performance.now();
    notices.begin();
    const context: RunContext = {
      backend: unit.backend,
      // The pool stops a run by ending the thread, which works whatever the kernel is doing.
      signal,
      progress: notices.tell,
    };
    const output = unit.chunks
      ? await computeChunks(kernel, input, unit.chunks, context)
      : await kernel.run(input, context);
    const computeMs = performance.now() - began;
    notices.end();
    requireSize(unit, output);
    const answer: WorkerAnswer = { ok: true, output: { ...output, bytes: whole(output.bytes) }, computeMs };
    return transfer(answer, [answer.output.bytes.buffer as ArrayBuffer]);
  }

  const api: WorkerApi = {
    run: (unit) => run(unit).catch((error): WorkerAnswer => ({ ok: false, error: toWire(coded(error, unit.kernel)) })),
  };
  expose(api, toEndpoint(side));
}

/** Bytes that own their buffer, so that moving them moves nothing else. */
const whole = (bytes: Uint8Array): Uint8Array =>
  bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice();

// What V8, SpiderMonkey, JavaScriptCore and emscripten say when memory cannot be had.
const NO_MEMORY = /alloc|out of memory|array length|buffer (size|length)|too large|memory\.grow|maximum memory/i;

function coded(error: unknown, kernel: string): ReckonError {
  if (error instanceof ReckonError) return error;
  const cause = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  // The pool knows the limit; 0 stands for "what the machine has".
  if (error instanceof RangeError && NO_MEMORY.test(cause))
    return new ReckonError('KERNEL_MEMORY', { kernel, limitBytes: 0 });
  if (/bad_alloc|out of memory/i.test(cause)) return new ReckonError('KERNEL_MEMORY', { kernel, limitBytes: 0 });
  return new ReckonError('KERNEL_THREW', { kernel, cause: cause.slice(0, 500) });
}
