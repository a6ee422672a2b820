import { equalBytes, toUtf8 } from '@reckon/protocol/base/bytes';
import type { KernelRules } from '../../kernel.ts';
import { reasonOf } from '../../params.ts';
import { unitCost } from '../../plan.ts';
import { blockCount, monteCarloChunks } from './chunks.ts';
import { addUp, estimate, meanOf } from './estimate.ts';
import { inspectRecord } from './inspect-record.ts';
import { monteCarloManifest } from './manifest.ts';
import { drawsOf, PRICE_BITS, readOrder, readOrderJson, readUnit, type Unit, unitSpans, unitsOf } from './params.ts';
import { decodeRecords, RECORD_BYTES } from './record.ts';
import { blockSpan } from './reference.ts';

/** Operations of one random word, with what is made of it. */
const OPERATIONS = { pi: 12, european: 40, asian: 40 } as const;

/** Spans of paths in, one estimate out. */
export const monteCarloRules: KernelRules = {
  manifest: monteCarloManifest,
  split(params) {
    const order = readOrder(params);
    const paths = Math.min(order.paths, order.pathsPerBlock * order.blocks);
    return {
      units: unitsOf(order).map((unit) => ({ params: JSON.stringify(unit), blobs: [] })),
      shared: [],
      stageParams: JSON.stringify(order),
      ...unitCost((paths * drawsOf(order) * OPERATIONS[order.problem]) / 1e9),
    };
  },
  resultBytes: (params) => blockCount(readUnit(params)) * RECORD_BYTES,
  inspect: (params, result) =>
    reasonOf(() => {
      const unit = readUnit(params);
      const expected = blockCount(unit) * RECORD_BYTES;
      if (result.length !== expected) return `expected ${expected} bytes, got ${result.length}`;
      for (const [block, record] of decodeRecords(result).entries()) {
        const [from, to] = blockSpan(unit, block);
        const reason = inspectRecord(unit, record, to - from);
        if (reason !== undefined) return `block ${block}: ${reason}`;
      }
      return undefined;
    }),
  agree: equalBytes,
  chunks: monteCarloChunks,
  merge(stageParams, results) {
    const order = readOrderJson(stageParams);
    const spans = unitSpans(order);
    const records = spans.flatMap((_, i) => (results[i] === undefined ? [] : decodeRecords(results[i])));
    const missing = spans
      .filter((_, i) => results[i] === undefined)
      .map(({ first, paths }) => ({ first, last: first + paths - 1 }));
    const merged = { ...estimate(order, records), missing, params: order };
    return [{ name: 'estimate.json', bytes: toUtf8(`${JSON.stringify(merged, null, 2)}\n`) }];
  },
  preview(params, _blobs, result) {
    const unit = readUnit(params);
    const [from, to] = [unit.first, unit.first + unit.paths - 1].map((path) => path.toLocaleString('en-US'));
    const what =
      unit.problem === 'pi' ? 'points in a square' : `price paths of ${article(unit.problem)} ${unit.option}`;
    return {
      kind: 'text',
      text: `Random ${what}, ${from} to ${to}${result === undefined ? '' : summary(unit, result)}`,
    };
  },
};

const article = (problem: 'european' | 'asian') => (problem === 'asian' ? 'an Asian' : 'a European');

/** The unit's own mean with twice its standard error; an option's before interest, as a share of today's price. */
function summary(unit: Unit, result: Uint8Array): string {
  const { mean, error } = meanOf(addUp(decodeRecords(result)));
  const worth = unit.problem === 'pi' ? 4 : 2 ** -PRICE_BITS;
  const name = unit.problem === 'pi' ? 'π' : 'mean payoff over today’s price';
  return `: ${name} ≈ ${(mean * worth).toFixed(5)} ± ${(2 * error * worth).toFixed(5)}`;
}
