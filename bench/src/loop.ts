import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { signControl } from '@reckon/client/chain/sign-order';
import { type Stack, startStack } from '@reckon/local/stack';
import type { Browser } from 'playwright-core';
import { newPerson, openBrowser } from '../../e2e/fixtures/browser.ts';
import { channelTraffic, spyOn } from '../../e2e/fixtures/page-spy.ts';
import { exampleJob, newRequester, type Requester } from '../../e2e/fixtures/requester.ts';
import { openVolunteer, type Volunteer } from '../../e2e/fixtures/volunteer.ts';
import { median, rounded } from './figures.ts';
import { connectIdleNodes, ways } from './idle-nodes.ts';
import { readMetrics, residentBytes } from './relay-figures.ts';

/** 4096 tiles of 64 × 64 pixels: units so small that what goes on round them is what is measured. */
const SMALL_UNITS = { width: 4096, height: 4096, tile: 64, maxIterations: 200 };
/** Units of half a second, as a kernel that is worth sending has: does a slot ever wait for the network? */
const LONG_UNITS = { ...SMALL_UNITS, tile: 128, centerX: -0.1, centerY: 0, scale: 0.05, maxIterations: 20_000 };
/** Every unit is computed by both tabs, as in the figures of before. */
const BY_BOTH = { kind: 'quorum', quorum: 2, maxReplicas: 4 };
/** A job has at most 4096 units, which is less than a minute of work. */
const JOBS = 6;
const WINDOWS = 5;
const WINDOW_MS = 10_000;
/** Fresh tabs that press Start, for the time to the first accepted unit. */
const CLICKS = 5;
/** Idle nodes connected before the first look, and then between two looks. */
const IDLE_NODES = { webrtc: { warmUp: 10, more: 40 }, websocket: { warmUp: 50, more: 400 } };

type Say = (line: string) => void;

/** The whole loop on this machine: one relay, its chain, and two tabs of one Chromium over WebRTC, nobody else. */
export async function loop(say: Say): Promise<Record<string, unknown>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'reckon-bench-'));
  const stack = await startStack({ dataDir, port: 0, house: false, sample: false });
  const browser = await openBrowser();
  try {
    const requester = await newRequester(stack.url);
    for (let i = 0; i < JOBS; i++) {
      await requester.post(exampleJob('mandelbrot', { params: SMALL_UNITS, verify: BY_BOTH }));
    }
    const clicks = await measureClicks(browser, stack, say);
    const small = await measureFlow(browser, stack, requester, say);
    await cancelAll(requester);
    await requester.post(exampleJob('mandelbrot', { params: LONG_UNITS, verify: BY_BOTH }));
    const long = await measureFlow(browser, stack, requester, say);
    await cancelAll(requester);
    return {
      unitsPerSecond: small.unitsPerSecond,
      clickToFirstAcceptedMs: Math.round(median(clicks)),
      bytesPerUnit: small.bytesPerUnit,
      messagesPerUnit: small.messagesPerUnit,
      slotBusyShare: long.slotBusyShare,
      bytesPerNode: await measureNodeMemory(stack, 'webrtc', say),
      bytesPerWebSocketNode: await measureNodeMemory(stack, 'websocket', say),
      slotBusyShareOfSmallUnits: small.slotBusyShare,
      samples: {
        windows: WINDOWS,
        windowMs: WINDOW_MS,
        tabs: 2,
        replicasPerUnit: 2,
        clickToFirstAcceptedMs: clicks.map(Math.round),
        idleNodes: { webrtc: IDLE_NODES.webrtc.more, websocket: IDLE_NODES.websocket.more },
      },
    };
  } finally {
    await browser.close();
    await stack.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const openTab = async (browser: Browser, url: string): Promise<Volunteer> => {
  const person = await newPerson(browser);
  await spyOn(person);
  return openVolunteer(person, url);
};
const closeTab = ({ page }: Volunteer): Promise<void> => page.context().close();

/**
 * From the click on Start, in a profile that was never here and has nothing cached, until the accepted unit is on its
 * screen. Another tab computes already, as the second voice.
 */
async function measureClicks(browser: Browser, stack: Stack, say: Say): Promise<number[]> {
  const other = await openTab(browser, stack.url);
  await other.start();
  await other.bench.getByText('Travels by').waitFor();
  const times: number[] = [];
  for (let i = 0; i < CLICKS; i++) {
    const tab = await openTab(browser, stack.url);
    const clicked = performance.now();
    await tab.start();
    await tab.firstAccepted();
    times.push(performance.now() - clicked);
    say(`click to first accepted unit: ${Math.round(times.at(-1) ?? 0)} ms`);
    await closeTab(tab);
  }
  await closeTab(other);
  return times;
}

interface Reading {
  at: number;
  accepted: number;
  bytes: number;
  messages: number;
  busySeconds: number;
  slotSeconds: number;
}

/** Two warm tabs with more units than they can finish, looked at in windows of equal length. */
async function measureFlow(
  browser: Browser,
  stack: Stack,
  requester: Requester,
  say: Say,
): Promise<ReturnType<typeof between>> {
  const tabs = [await openTab(browser, stack.url), await openTab(browser, stack.url)];
  for (const tab of tabs) await tab.start();
  for (const tab of tabs) await tab.firstAccepted();
  const read = async (): Promise<Reading> => {
    const [network, metrics, ...traffic] = await Promise.all([
      requester.relay.network(),
      readMetrics(stack.url),
      ...tabs.map(({ page }) => channelTraffic(page)),
    ]);
    return {
      at: performance.now(),
      accepted: network.unitsAccepted,
      bytes: traffic.reduce((sum, each) => sum + each.bytesSent + each.bytesReceived, 0),
      messages: traffic.reduce((sum, each) => sum + each.messagesSent + each.messagesReceived, 0),
      busySeconds: metrics('reckon_slot_busy_seconds_total'),
      slotSeconds: metrics('reckon_slot_seconds_total'),
    };
  };
  await sleep(WINDOW_MS / 2); // the first seconds compile and connect
  const windows: ReturnType<typeof between>[] = [];
  for (let i = 0, before = await read(); i < WINDOWS; i++) {
    await sleep(WINDOW_MS);
    const after = await read();
    windows.push(between(before, after));
    say(`window ${i + 1} of ${WINDOWS}: ${rounded(windows.at(-1)?.unitsPerSecond ?? 0)} units a second`);
    before = after;
  }
  await Promise.all(tabs.map(closeTab));
  const middle = (key: keyof (typeof windows)[number]) => rounded(median(windows.map((window) => window[key])));
  return {
    unitsPerSecond: middle('unitsPerSecond'),
    bytesPerUnit: middle('bytesPerUnit'),
    messagesPerUnit: middle('messagesPerUnit'),
    slotBusyShare: middle('slotBusyShare'),
  };
}

function between(before: Reading, after: Reading) {
  const units = after.accepted - before.accepted;
  if (units === 0) throw new Error('no unit was accepted in a whole window');
  return {
    unitsPerSecond: units / ((after.at - before.at) / 1000),
    bytesPerUnit: (after.bytes - before.bytes) / units,
    messagesPerUnit: (after.messages - before.messages) / units,
    slotBusyShare: (after.busySeconds - before.busySeconds) / (after.slotSeconds - before.slotSeconds),
  };
}

/** Takes back what is still open, so that the next measurement meets only its own job. */
async function cancelAll({ relay, wallet, config }: Requester): Promise<void> {
  for (const { jobId } of await relay.jobs({ status: 'running', limit: 100 })) {
    await relay.controlJob(await signControl(wallet, config, jobId, 'cancel'));
  }
}

/** What the relay's memory in RAM grows by for each idle node more. */
async function measureNodeMemory(stack: Stack, way: 'webrtc' | 'websocket', say: Say): Promise<number> {
  const { warmUp, more } = IDLE_NODES[way];
  const first = await connectIdleNodes(stack.url, warmUp, ways[way]); // not counted: what is there once for all
  const before = await residentBytes(stack.relayPid);
  const second = await connectIdleNodes(stack.url, more, ways[way]);
  const bytes = Math.round(((await residentBytes(stack.relayPid)) - before) / more);
  say(`${more} idle nodes more by ${way}: ${bytes} bytes each`);
  first.leave();
  second.leave();
  return bytes;
}
