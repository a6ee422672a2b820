import { concat } from '@reckon/protocol/base/bytes';
import { yieldToMessages } from '../../engine/yield.ts';
import { gpuOrWasm } from '../../gpu/gpu-or-wasm.ts';
import type { KernelImplementation, RunContext } from '../../kernel.ts';
import { blockCount, monteCarloChunks } from './chunks.ts';
import { monteCarloManifest } from './manifest.ts';
import { drawsOf, readUnit, type Unit } from './params.ts';
import { type BlockRecord, encodeRecord } from './record.ts';
import { blockSpan } from './reference.ts';
import { monteCarloRules } from './rules.ts';
import { sumOnWasm } from './wasm.ts';
import { sumOnGpu } from './webgpu.ts';

/** Random words between two looks at the signal: some 20 ms, or 100 ms on a slow machine. */
const BAND_DRAWS = 2 ** 21;

/** Result: a record of each block, see record.ts. */
export const monteCarloKernel: KernelImplementation = {
  manifest: monteCarloManifest,
  chunks: monteCarloChunks,
  async run(input, context) {
    const unit = readUnit(input.params);
    const toOutput = (records: BlockRecord[], device: string) => {
      context.signal.throwIfAborted();
      const bytes = concat(...records.map(encodeRecord));
      context.progress(1, monteCarloRules.preview?.(input.params, input.blobs, bytes));
      return { bytes, device };
    };
    return gpuOrWasm(
      context,
      async (lease) => toOutput(await sumOnGpu(lease, unit, context), lease.name),
      async () => toOutput(await sumBlocksOnWasm(unit, context), 'WASM SIMD'),
    );
  },
};

async function sumBlocksOnWasm(unit: Unit, context: RunContext): Promise<BlockRecord[]> {
  const records: BlockRecord[] = [];
  const band = Math.max(1, Math.floor(BAND_DRAWS / drawsOf(unit)));
  let since = 0;
  for (let block = 0; block < blockCount(unit); block++) {
    context.signal.throwIfAborted();
    const [from, to] = blockSpan(unit, block);
    records.push(await sumOnWasm(unit, from, to));
    since += to - from;
    if (since < band) continue;
    since = 0;
    context.progress((to - unit.first) / unit.paths);
    await yieldToMessages();
  }
  return records;
}
