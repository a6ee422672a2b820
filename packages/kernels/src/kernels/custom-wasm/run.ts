import { toUtf8 } from '@reckon/protocol/base/bytes';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import { compileGuest } from '../../guest/compiled.ts';
import { createOutput } from '../../guest/output-buffer.ts';
import { runGuest } from '../../guest/run-guest.ts';
import type { KernelImplementation, UnitInput } from '../../kernel.ts';
import { requireBlob } from '../../params.ts';
import { invalid } from './cut.ts';
import { customWasmManifest } from './manifest.ts';
import { readUnit, type Unit } from './params.ts';
import { inspectResult, RESULT_HEADER, sealResult } from './result.ts';
import { customWasmRules } from './rules.ts';
import { ReckonError } from '@reckon/protocol/base/errors';

const kernel = kernelName(customWasmManifest);

/** Result: as `result.ts` describes it. */
export const customWasmKernel: KernelImplementation = {
  manifest: customWasmManifest,
  async run(input, context) {
    const unit = readUnit(input.params);
    context.signal.throwIfAborted();
    const module = requireBlob(customWasmManifest, input.blobs, 'module');
    const inputs = inputsOf(unit, input);
    context.progress(0, customWasmRules.preview?.(input.params, input.blobs));
    const compiled = await compileGuest(module);
    context.signal.throwIfAborted();
    const output = createOutput(kernel, customWasmManifest.limits.maxResultBytes, RESULT_HEADER);
    const guestInput = { index: unit.unit, count: unit.units, params: toUtf8(unit.params), inputs };
    const { memoryBytes } = await runGuest(kernel, compiled, guestInput, output, (fraction) =>
      context.progress(fraction),
    );
    context.signal.throwIfAborted();
    const bytes = output.take();
    sealResult(bytes);
    const cause = inspectResult(() => unit, bytes);
    if (cause !== undefined) throw new ReckonError('KERNEL_RESULT_INVALID', { kernel, cause });
    context.progress(1, { kind: 'text', text: summary(unit, output.length, memoryBytes) });
    return {
      bytes,
      device: 'WASM SIMD',
      memoryBytes,
      ...(context.backend === 'webgpu' && { fellBack: 'This kernel runs on WASM only.' }),
    };
  },
};

/** Input 0 is the unit's own data, input 1 the table; one that the job has not is empty. */
function inputsOf({ dataBytes, tableBytes }: Unit, { blobs }: UnitInput): Uint8Array[] {
  return [['data', dataBytes] as const, ['table', tableBytes] as const].map(([name, size]) => {
    if (size === undefined) return new Uint8Array();
    const bytes = requireBlob(customWasmManifest, blobs, name);
    if (bytes.length === size) return bytes;
    throw invalid(`${name}Bytes`, `${size} bytes of "${name}"`, String(bytes.length));
  });
}

const summary = ({ unit, units }: Unit, outputBytes: number, memoryBytes: number): string =>
  `A requester's own program, unit ${unit + 1} of ${units}: wrote ${outputBytes.toLocaleString('en')} bytes, used ${(memoryBytes / 2 ** 20).toFixed(1)} MiB of memory`;
