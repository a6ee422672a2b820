import { equalBytes, toUtf8 } from '@reckon/protocol/base/bytes';
import type { KernelRules } from '../../kernel.ts';
import { reasonOf } from '../../params.ts';
import { unitCost } from '../../plan.ts';
import { hashSearchChunks } from './chunks.ts';
import { hitsFile } from './hits-file.ts';
import { refuseHits } from './inspect.ts';
import { chunkCount, HEAD_BYTES } from './layout.ts';
import { hashSearchManifest } from './manifest.ts';
import { readOrder } from './order.ts';
import { rangesOf, readRange, readSearch } from './params.ts';
import { searchPreview } from './preview.ts';

/** Vector operations for one message: some 3,000 for four. */
const OPERATIONS = 750;

/** Ranges of counters in, the hits among them out. */
export const hashSearchRules: KernelRules = {
  manifest: hashSearchManifest,
  split(params) {
    const search = readOrder(params);
    const ranges = rangesOf(search);
    return {
      units: ranges.map((range) => ({ params: JSON.stringify(range), blobs: [] })),
      shared: [],
      stageParams: JSON.stringify(search),
      ...unitCost(((ranges[0]?.count ?? 0) * OPERATIONS) / 1e9),
    };
  },
  // Hits beyond these heads are few: an order of many is refused.
  resultBytes: (params) => chunkCount(readRange(params)) * HEAD_BYTES,
  inspect: (params, result) => reasonOf(() => refuseHits(readRange(params), result)),
  agree: equalBytes,
  chunks: hashSearchChunks,
  merge(stageParams, results) {
    const file = hitsFile(readSearch(stageParams), results);
    return [{ name: 'hits.json', bytes: toUtf8(`${JSON.stringify(file, undefined, 2)}\n`) }];
  },
  preview: (params, _blobs, result) => searchPreview(readRange(params), result),
};
