import { customWgslRules } from '@reckon/kernels/kernels/custom-wgsl/rules';
import { encodeNpy } from '@reckon/kernels/tensor/npy';
import { hashBlob } from '@reckon/protocol/base/hash';
import { packParts } from '@reckon/protocol/base/named-parts';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import { expect, test, vi } from 'vitest';
import { countingRandom } from '../../testing/audit-world.ts';
import type { AuditedUnit } from './audited-unit.ts';
import { recomputeUnits } from './recompute.ts';

test('a unit that needs a GPU is looked at and not computed again', async () => {
  const { manifest } = customWgslRules;
  const result = packParts([{ name: 'y', bytes: encodeNpy({ dtype: 'uint32', shape: [1], data: new Uint8Array(4) }) }]);
  const run = vi.fn();
  const audit = (rows: number) => {
    const outputs = [{ name: 'y', type: 'u32', per: 'row', shape: [] }];
    const unit: AuditedUnit = {
      entry: 7,
      workUnitId: 'u' as AuditedUnit['workUnitId'],
      jobId: `0x${'11'.repeat(32)}` as AuditedUnit['jobId'],
      title: 'A shader',
      index: 0,
      kernel: { name: kernelName(manifest), digest: manifest.digest },
      params: JSON.stringify({ rows, firstRow: 0, outputs }),
      blobs: [],
      canonical: hashBlob(result),
      verdict: undefined,
    };
    const relay = { downloadBlob: async () => result };
    return recomputeUnits([unit], {
      relay,
      pool: { run },
      random: countingRandom(),
      signal: new AbortController().signal,
    });
  };
  const { units, difference } = await audit(1);
  expect(difference).toBeUndefined();
  expect(units).toMatchObject([{ how: 'skipped', words: expect.stringContaining('takes a GPU') }]);
  expect((await audit(2)).difference).toMatchObject({ index: 7, expected: 'a well-formed result' });
  expect(run).not.toHaveBeenCalled();
});
