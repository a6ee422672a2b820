import { fromUtf8 } from '@reckon/protocol/base/bytes';
import { downloadJob } from '@reckon/client/result/download-job';
import { GUEST_POLICY } from '@reckon/kernels/worker-policy';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newPerson, openBrowser } from './fixtures/browser.ts';
import { predictDirectly } from './fixtures/direct-model.ts';
import { mnistMissing, readHeldBackDigits } from './fixtures/mnist.ts';
import { channelTraffic, spyOn, withoutWebRtc, withWebRtcBlocked } from './fixtures/page-spy.ts';
import { exampleJob, newRequester, type Requester, slowJob } from './fixtures/requester.ts';
import { type Stack, startStack } from './fixtures/stack.ts';
import { openVolunteer, type Volunteer } from './fixtures/volunteer.ts';

// No house node and no sample: what is computed here is computed by these tabs.
let stack: Stack;
let browser: Browser;
let requester: Requester;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ house: false, sample: false, epochMs: 3000 }), openBrowser()]);
  requester = await newRequester(stack.url);
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

/** A person who has pressed Start in a browser profile of their own. */
async function join(prepare: (person: Awaited<ReturnType<typeof newPerson>>) => Promise<unknown> = spyOn) {
  const person = await newPerson(browser);
  await prepare(person);
  const volunteer = await openVolunteer(person, stack.url);
  await volunteer.start();
  return volunteer;
}
const leave = (...volunteers: Volunteer[]) => Promise.all(volunteers.map(({ page }) => page.context().close()));

/** How many nodes the relay says are connected by a kind of channel. */
async function nodesBy(channel: 'webrtc' | 'websocket'): Promise<number> {
  const metrics = await (await fetch(`${stack.url}/metrics`)).text();
  return Number(new RegExp(`^reckon_nodes_by_channel\\{channel="${channel}"\\} (\\d+)$`, 'm').exec(metrics)?.[1]);
}

test('two strangers’ tabs compute a job over WebRTC data channels and agree on every unit', async () => {
  const job = await requester.post(exampleJob('digits'));
  const ada = await join();
  const grace = await join();
  const ended = await requester.ended(job.jobId);
  expect(ended).toMatchObject({
    status: 'completed',
    nodes: 2,
    policy: { kind: 'quorum', quorum: 2 },
    units: { total: 10, accepted: 10, failed: 0 },
  });
  const { files, report } = await downloadJob(requester.relay, job.jobId);
  expect(report.ok).toBe(true);
  const resultBytes = [...files]
    .filter(([name]) => name.startsWith('units/'))
    .reduce((sum, [, { length }]) => sum + length, 0);
  expect(await nodesBy('webrtc')).toBe(2);
  expect(await nodesBy('websocket')).toBe(0);
  for (const { page } of [ada, grace]) {
    const traffic = await channelTraffic(page);
    expect(traffic.channels).toBe(1);
    // Every result left the tab by the data channel, and every lease came by it.
    expect(traffic.bytesSent).toBeGreaterThan(resultBytes);
    expect(traffic.messagesReceived).toBeGreaterThanOrEqual(10);
  }
  // The model ran in a worker that can reach nothing, nested in the engine's; nobody's console complains of it.
  for (const { page, complaints } of [ada, grace]) {
    const guests = page.workers().filter((worker) => worker.url().includes('guest-worker'));
    expect(guests.length).toBeGreaterThan(0);
    for (const guest of guests) {
      const { headers } = await fetch(guest.url());
      expect(headers.get('content-security-policy')).toBe(GUEST_POLICY);
    }
    expect(complaints).toEqual([]);
  }
  await leave(ada, grace);
});

const missing = mnistMissing();
test.skipIf(missing !== undefined)(
  `two tabs read 2,000 handwritten digits as well as the model run directly${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  async () => {
    const digits = readHeldBackDigits();
    const example = exampleJob('digits', { params: { batch: 100 } });
    const model = example.inputs.get('model');
    if (model === undefined) throw new Error('the example names no model');
    const inputs = new Map([...example.inputs, ['images', { fileName: 'images.npy', bytes: digits.npy }]]);
    const job = await requester.post({ ...example, inputs });
    const [ada, grace] = await Promise.all([join(), join()]);
    expect(await requester.ended(job.jobId)).toMatchObject({ status: 'completed', nodes: 2, units: { accepted: 20 } });
    await leave(ada, grace);

    const { files } = await downloadJob(requester.relay, job.jobId);
    const csv = fromUtf8(files.get('predictions.csv') ?? new Uint8Array());
    const byNetwork = csv
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split(',')[1]));
    const directly = await predictDirectly(model.bytes, digits);
    expect(byNetwork).toHaveLength(2000);
    expect(byNetwork).toEqual(directly);
    const right = byNetwork.filter((digit, i) => digit === digits.labels[i]).length;
    expect(right / digits.count).toBeGreaterThanOrEqual(0.975);
  },
);

test('a tab reloaded in the middle of a unit goes on by itself; the job completes and nobody is paid twice', async () => {
  const job = await requester.post(slowJob(8, 'Reloaded'));
  const [ada, grace] = await Promise.all([join(), join()]);
  await ada.page.getByText('Computing unit').waitFor();
  await ada.page.reload();
  await ada.firstAccepted();
  const ended = await requester.ended(job.jobId);
  expect(ended).toMatchObject({ status: 'completed', nodes: 2, units: { total: 8, accepted: 8, failed: 0 } });
  expect(ended.spent).toBe(8n * ended.pricePerUnit);
  for (let index = 0; index < 8; index++) {
    const { replicas } = await requester.relay.unit(job.jobId, index);
    const paid = replicas.filter(({ reward }) => reward > 0n);
    expect(new Set(paid.map(({ nodeId }) => nodeId)).size).toBe(2);
    expect(paid).toHaveLength(2);
  }
  await leave(ada, grace);
});

test('where there is no WebRTC, or it can reach nothing, the units travel by WebSocket', async () => {
  const job = await requester.post(slowJob(6));
  const [ada, grace] = await Promise.all([join(withoutWebRtc), join(withWebRtcBlocked)]);
  await ada.bench.getByText('WebSocket (WebRTC could not connect)').waitFor();
  await ada.firstAccepted();
  await grace.firstAccepted();
  expect(await requester.ended(job.jobId)).toMatchObject({ status: 'completed', nodes: 2 });
  expect(await nodesBy('websocket')).toBe(2);
  await leave(ada, grace);
});
