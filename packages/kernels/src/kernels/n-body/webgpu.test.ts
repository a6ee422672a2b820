import { afterAll, beforeAll, expect, test } from 'vitest';
import { context } from '../../../testing/kernel-acceptance.ts';
import { noSoftwareGpu, softwareGpu } from '../../../testing/software-gpu.ts';
import type { GpuLease } from '../../gpu/device.ts';
import { encodeField } from './field.ts';
import { plummerSphere } from './plummer.ts';
import { fieldReference } from './reference.ts';
import { nBodyRules } from './rules.ts';
import { fieldOnGpu } from './webgpu.ts';

let lease: GpuLease;
beforeAll(async () => {
  if (noSoftwareGpu === undefined) lease = await softwareGpu();
}, 30_000);
afterAll(() => lease?.device.destroy());

// One body; a tile less one; targets from amid a tile over the end of a group; more than one segment of 16,384.
test.skipIf(noSoftwareGpu).each([
  { bodies: 1, first: 0, targets: 1, softening: 1 },
  { bodies: 255, first: 0, targets: 255, softening: 1e-3 },
  { bodies: 2500, first: 130, targets: 300, softening: 0.01 },
  { bodies: 17_000, first: 16_900, targets: 100, softening: 1e-6 },
])('the field of $bodies bodies on $targets is that of the definition', async (unit) => {
  const bodies = plummerSphere(unit.bodies, 11);
  const field = await fieldOnGpu(lease, unit, bodies, context());
  const right = fieldReference(bodies, unit.first, unit.targets, unit.softening);
  const [got, expected] = [field, right].map((of) => encodeField(unit, bodies, of)) as [Uint8Array, Uint8Array];
  expect(nBodyRules.inspect(JSON.stringify(unit), got)).toBeUndefined();
  expect(nBodyRules.agree(got, expected, JSON.stringify(unit))).toBe(true);
});

test.skipIf(noSoftwareGpu)('an aborted run rejects with the reason, before anything is submitted', async () => {
  const reason = new Error('stop');
  const unit = { bodies: 300, first: 0, targets: 300, softening: 1 };
  const aborted = fieldOnGpu(lease, unit, plummerSphere(300, 1), context({ signal: AbortSignal.abort(reason) }));
  await expect(aborted).rejects.toBe(reason);
});
