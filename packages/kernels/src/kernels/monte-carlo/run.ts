import { concat } from '@reckon/protocol/base/bytes';
import { yieldToMessages } from '../../engine/yield.ts';
import type { KernelImplementation } from '../../kernel.ts';
import { blockCount, monteCarloChunks } from './chunks.ts';
import { monteCarloManifest } from './manifest.ts';
import { drawsOf, readUnit } from './params.ts';
import { encodeRecord } from './record.ts';
import { blockSpan } from './reference.ts';
import { monteCarloRules } from './rules.ts';
import { sumOnWasm } from './wasm.ts';

/** Random words between two looks at the signal: some 20 ms, or 100 ms on a slow machine. */
const BAND_DRAWS = 2 ** 21;

/** Result: a record of each block, see record.ts. */
export const monteCarloKernel: KernelImplementation = {
  manifest: monteCarloManifest,
  chunks: monteCarloChunks,
  async run(input, context) {
    const unit = readUnit(input.params);
    const blocks = blockCount(unit);
    const records: Uint8Array[] = [];
    const band = Math.max(1, Math.floor(BAND_DRAWS / drawsOf(unit)));
    let since = 0;
    for (let block = 0; block < blocks; block++) {
      const [from, to] = blockSpan(unit, block);
      let record = { count: 0, sum: 0n, squares: 0n };
      for (let path = from; path < to; path += band) {
        context.signal.throwIfAborted();
        const part = await sumOnWasm(unit, path, Math.min(to, path + band));
        record = {
          count: record.count + part.count,
          sum: record.sum + part.sum,
          squares: record.squares + part.squares,
        };
        since += part.count;
        if (since < band) continue;
        since = 0;
        context.progress((Math.min(to, path + band) - unit.first) / unit.paths);
        await yieldToMessages();
      }
      records.push(encodeRecord(record));
    }
    context.signal.throwIfAborted();
    const bytes = concat(...records);
    context.progress(1, monteCarloRules.preview?.(input.params, input.blobs, bytes));
    return {
      bytes,
      device: 'WASM SIMD',
      ...(context.backend === 'webgpu' && { fellBack: 'This kernel runs on WASM only.' }),
    };
  },
};
