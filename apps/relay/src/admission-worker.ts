import { parentPort } from 'node:worker_threads';
import { kernelRules } from '@reckon/kernels/rules';
import { toReckonError, toWire } from '@reckon/protocol/base/errors';
import type { AdmissionAnswer, AdmissionRequest } from './admission.ts';

/** Entry of the thread that judges requesters' programs; spawned by `admission.ts`. One at a time, in order. */

let before: Promise<void> = Promise.resolve();

async function judge({ id, kernel, shared }: AdmissionRequest): Promise<AdmissionAnswer> {
  try {
    await kernelRules(kernel).admit?.(shared);
    return { id };
  } catch (error) {
    return { id, error: toWire(toReckonError(error)) };
  }
}

parentPort?.on('message', (request: AdmissionRequest) => {
  before = before.then(async () => parentPort?.postMessage(await judge(request)));
});
