import { guest } from '@reckon/kernels/testing/wat';
import { hashBlob } from '@reckon/protocol/base/hash';
import { afterAll, expect, test } from 'vitest';
import { createMemoryBlobs } from '../testing/memory-blobs.ts';
import { makeSpec, orderJob } from '../testing/requester.ts';
import { domain, keyOf } from '../testing/world.ts';
import { createAdmission } from './admission.ts';
import { checkJob } from './job-checks.ts';
import { servedKernels } from './kernels.ts';
import { systemClock } from './system.ts';

const NOW = 1_800_000_000_000;
const admission = createAdmission(systemClock);
afterAll(() => admission.close());

const kernel = servedKernels.refs.find(({ name }) =>
  name.startsWith('custom-wasm@'),
) as (typeof servedKernels.refs)[number];

/** Checks a job whose shared blobs are these, as the relay does before it enters one. */
async function check(shared: Record<string, Uint8Array>) {
  const blobs = createMemoryBlobs();
  for (const bytes of Object.values(shared)) await blobs.put(hashBlob(bytes), bytes);
  const refs = Object.entries(shared).map(([name, bytes]) => ({ name, digest: hashBlob(bytes), size: bytes.length }));
  const spec = makeSpec(kernel, 1, { shared: refs });
  const { specBytes, order, signature } = orderJob(domain, keyOf(77), spec, NOW / 1000 + 3600);
  await blobs.put(order.specDigest, specBytes);
  const chain = { verifyHash: async () => true };
  const ports = { blobs, kernels: servedKernels, admission, chain, domain, now: () => NOW };
  return checkJob(ports, { order, signature });
}

test('a requester’s program is checked before its job is entered', async () => {
  const good = guest('i32.const 0');
  expect(await check({ module: good })).toMatchObject({ kernel: { exact: true, chunked: false } });
  const refused = check({ module: guest('i32.const 0', '(import "env" "fetch" (func))') });
  await expect(refused).rejects.toMatchObject({ code: 'GUEST_MODULE_INVALID', details: { what: 'import env.fetch' } });
  await expect(check({})).rejects.toMatchObject({ code: 'KERNEL_INPUT_MISSING', details: { input: 'module' } });
  await expect(check({ module: good, more: good })).rejects.toMatchObject({ code: 'KERNEL_PARAMS_INVALID' });
});

test('programs with more than 64 MiB beside them are not even read', async () => {
  const large = check({ module: guest('i32.const 0'), table: new Uint8Array(64 * 1024 ** 2) });
  await expect(large).rejects.toMatchObject({ code: 'JOB_FILE_INVALID', details: { path: 'stages.0.shared' } });
});
