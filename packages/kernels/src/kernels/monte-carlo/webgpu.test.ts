import { concat } from '@reckon/protocol/base/bytes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { context } from '../../../testing/kernel-acceptance.ts';
import { noSoftwareGpu, softwareGpu } from '../../../testing/software-gpu.ts';
import type { GpuLease } from '../../gpu/device.ts';
import { monteCarloChunks } from './chunks.ts';
import { readUnit } from './params.ts';
import { encodeRecord } from './record.ts';
import { sumOnGpu } from './webgpu.ts';

const paths = { seed: 7, stream: 1, first: 3, paths: 3001, pathsPerBlock: 256 };
const units = [
  { problem: 'pi', generator: 'philox4x32-10', ...paths },
  {
    ...{ problem: 'european', generator: 'threefry4x32-20', ...paths },
    ...{ option: 'put', drift: -(2 ** 21), spread: 2 ** 29, strike: 2 ** 22 + 1 },
  },
];

describe.skipIf(noSoftwareGpu)(`on a device (${noSoftwareGpu ?? 'SwiftShader'})`, () => {
  let lease: GpuLease;
  beforeAll(async () => {
    lease = await softwareGpu();
  });
  afterAll(() => lease?.device.destroy());

  test.each(units)('blocks of $problem read back in submissions are those of the reference, in order', async (unit) => {
    const params = JSON.stringify(unit);
    const seen: number[] = [];
    const records = await sumOnGpu(lease, readUnit(params), context({ progress: (done) => seen.push(done) }));
    const blocks = Array.from({ length: monteCarloChunks.count(params) }, (_, i) =>
      monteCarloChunks.compute({ params, blobs: new Map() }, i),
    );
    expect(concat(...records.map(encodeRecord))).toEqual(concat(...blocks));
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
  });

  test('an abort between submissions ends it with its reason', async () => {
    const stop = new AbortController();
    const unit = readUnit(JSON.stringify({ ...units[0], paths: 40_000_000, pathsPerBlock: 65_536 }));
    const progress = () => stop.abort(new Error('stop'));
    await expect(sumOnGpu(lease, unit, context({ signal: stop.signal, progress }))).rejects.toThrow('stop');
  });
});
