import { concat } from '@reckon/protocol/base/bytes';
import { yieldToMessages } from '../../engine/yield.ts';
import type { KernelImplementation } from '../../kernel.ts';
import { hashSearchChunks } from './chunks.ts';
import { chunkAt, chunkCount, encodeChunk } from './layout.ts';
import { hashSearchManifest } from './manifest.ts';
import { readRange } from './params.ts';
import { searchPreview } from './preview.ts';
import { loadSearcher, searchInput, searchOnWasm } from './wasm.ts';

/** Counters between two looks at the signal, and of the largest chunk: 50 ms on a slow phone, 5 ms on a laptop. */
const BAND = 65_536;

/** Result: the hits and the witness of each chunk (`layout.ts`). */
export const hashSearchKernel: KernelImplementation = {
  manifest: hashSearchManifest,
  chunks: hashSearchChunks,
  async run({ params }, context) {
    const range = readRange(params);
    const input = searchInput(range);
    const wasm = await loadSearcher();
    context.signal.throwIfAborted();
    const chunks: Uint8Array[] = [];
    let searched = 0;
    let looked = 0;
    for (let i = 0; i < chunkCount(range); i++) {
      const { first, count } = chunkAt(range, i);
      chunks.push(encodeChunk(searchOnWasm(wasm, input, first, count)));
      searched += count;
      if (searched - looked < BAND || searched === range.count) continue;
      looked = searched;
      context.progress(searched / range.count);
      await yieldToMessages();
      context.signal.throwIfAborted();
    }
    const bytes = concat(...chunks);
    context.progress(1, searchPreview(range, bytes));
    return {
      bytes,
      device: 'WASM SIMD',
      ...(context.backend === 'webgpu' && { fellBack: 'This kernel runs on WASM only.' }),
    };
  },
};
