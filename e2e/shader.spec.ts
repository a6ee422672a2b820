import { downloadJob } from '@reckon/client/result/download-job';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newPerson, openBrowser } from './fixtures/browser.ts';
import { exampleJob, newRequester, type Requester } from './fixtures/requester.ts';
import { type Stack, startStack } from './fixtures/stack.ts';
import { openVolunteer } from './fixtures/volunteer.ts';

// The house node has no WebGPU, so a requester's shader is not for it; the tabs have one in software.
let stack: Stack;
let browser: Browser;
let requester: Requester;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ sample: false }), openBrowser({ gpu: true })]);
  requester = await newRequester(stack.url);
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

test('two strangers’ tabs run a requester’s shader and agree; a node without WebGPU is not asked', async () => {
  const job = await requester.post(exampleJob('custom-wgsl'));
  const volunteers = await Promise.all(
    [1, 2].map(async () => {
      const volunteer = await openVolunteer(await newPerson(browser), stack.url);
      await volunteer.start();
      return volunteer;
    }),
  );
  const ended = await requester.ended(job.jobId);
  expect(ended).toMatchObject({
    status: 'completed',
    nodes: 2,
    policy: { kind: 'quorum', quorum: 2 },
    units: { total: 8, accepted: 8, failed: 0 },
  });
  const { files, report } = await downloadJob(requester.relay, job.jobId);
  expect(report.ok).toBe(true);
  expect([...files.keys()]).toEqual(expect.arrayContaining(['nearest.npy', 'light.npy']));
  for (const { page, complaints } of volunteers) {
    expect(complaints).toEqual([]);
    await page.context().close();
  }
}, 120_000);
