// node e2e/look.ts [words…]: every page at two widths in both themes, as PNG files in e2e/screenshots, to be looked at.
// With words only pictures whose name contains one of them.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobId } from '@reckon/protocol/base/ids';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { newPerson, openBrowser } from './fixtures/browser.ts';
import { root } from './fixtures/program.ts';
import { exampleJob, newRequester } from './fixtures/requester.ts';
import { type Stack, startStack } from './fixtures/stack.ts';
import { installWallet } from './fixtures/wallet.ts';

/** Everything a picture may need to exist. */
interface World {
  url: string;
  completed: JobId;
  draft: JobId;
  waiting: JobId;
}
interface Picture {
  name: string;
  path: string | ((world: World) => string);
  /** A wallet is in the browser. */
  wallet?: boolean;
  /** Leads the page to what is pictured. */
  prepare?: (page: Page, world: World) => Promise<unknown>;
}

const press = (name: string | RegExp) => (page: Page) =>
  page.getByRole('main').getByRole('button', { name }).first().click();
const startComputing = async (page: Page) => {
  await press('Start')(page);
  await page.getByRole('row').filter({ hasText: 'Accepted' }).first().waitFor({ timeout: 60_000 });
};
const connectDemo = async (page: Page) => {
  await page.getByRole('banner').getByRole('button', { name: 'Connect wallet' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Demo wallet/ })
    .click();
  await page.getByRole('banner').getByRole('button', { name: /^0x/ }).waitFor();
};

const pictures: readonly Picture[] = [
  { name: 'volunteer-before', path: '/' },
  { name: 'volunteer-computing', path: '/', prepare: startComputing },
  {
    name: 'volunteer-paused',
    path: '/',
    prepare: async (page) => {
      await startComputing(page);
      await press('Pause')(page);
      await page.getByText('Nothing is computed now.').waitFor();
    },
  },
  { name: 'jobs', path: '/jobs' },
  { name: 'jobs-empty', path: '/jobs?status=cancelled' },
  { name: 'new-job', path: '/jobs/new' },
  { name: 'new-job-onnx', path: '/jobs/new?kernel=onnx@1.1.0' },
  { name: 'new-job-matmul', path: '/jobs/new?kernel=matmul-i8@1.1.0' },
  { name: 'new-job-mandelbrot', path: '/jobs/new?kernel=mandelbrot@1.0.0' },
  { name: 'job-completed', path: ({ completed }) => `/jobs/${completed}` },
  { name: 'job-unit', path: ({ completed }) => `/jobs/${completed}?unit=3` },
  { name: 'job-waiting', path: ({ waiting }) => `/jobs/${waiting}` },
  { name: 'job-draft', path: ({ draft }) => `/jobs/${draft}` },
  { name: 'job-unknown', path: `/jobs/0x${'ab'.repeat(32)}` },
  { name: 'rewards-disconnected', path: '/rewards' },
  { name: 'rewards-connected', path: '/rewards', prepare: connectDemo },
  {
    name: 'wallet-dialog',
    path: '/',
    wallet: true,
    prepare: (page) => page.getByRole('banner').getByRole('button', { name: 'Connect wallet' }).click(),
  },
  { name: 'network', path: '/network' },
  { name: 'verdicts', path: '/verdicts#CHUNK_WRONG' },
  { name: 'audit', path: '/audit' },
  {
    name: 'audit-passed',
    path: '/audit',
    prepare: async (page) => {
      await press('Start the audit')(page);
      await page.getByText('The log, the rules and the chain agree.').waitFor();
    },
  },
  { name: 'conformance', path: '/conformance' },
  {
    name: 'conformance-done',
    path: '/conformance',
    prepare: async (page) => {
      await press('Run the checks')(page);
      await page.getByRole('button', { name: 'Run again' }).waitFor();
    },
  },
  { name: 'not-found', path: '/nowhere' },
];

async function setUp(stack: Stack): Promise<World> {
  const requester = await newRequester(stack.url);
  const done = await requester.post(
    exampleJob('mandelbrot', {
      verify: { kind: 'quorum', quorum: 1, maxReplicas: 5 },
      params: { width: 480, height: 320 },
    }),
  );
  await requester.ended(done.jobId);
  // Seven must agree and one is there: it stays in work.
  const waiting = await requester.post(exampleJob('digits', { verify: { kind: 'quorum', quorum: 7, maxReplicas: 9 } }));
  const draft = await requester.postUnfunded(exampleJob('matmul'));
  return { url: stack.url, completed: done.jobId, waiting: waiting.jobId, draft };
}

async function take(person: BrowserContext, picture: Picture, world: World, file: string): Promise<void> {
  const page = await person.newPage();
  try {
    await page.goto(`${world.url}${typeof picture.path === 'string' ? picture.path : picture.path(world)}`);
    await page.getByRole('main').getByRole('heading').first().waitFor({ state: 'attached' });
    await picture.prepare?.(page, world);
    await page.waitForTimeout(700); // fonts, first data and drawings; a picture taken early is only a worse picture
  } catch (error) {
    process.stderr.write(`${picture.name}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}\n`);
  }
  await page.screenshot({ path: file, fullPage: true });
}

async function takeAll(browser: Browser, world: World, words: readonly string[]): Promise<void> {
  const folder = join(root, 'e2e/screenshots');
  await mkdir(folder, { recursive: true });
  for (const picture of pictures.filter(
    ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
  )) {
    for (const width of [1280, 390]) {
      for (const theme of ['light', 'dark'] as const) {
        const person = await newPerson(browser, { viewport: { width, height: 844 }, colorScheme: theme });
        if (picture.wallet) await installWallet(person, { chainId: 31337, rpcUrl: `${world.url}/rpc` });
        await take(person, picture, world, join(folder, `${picture.name}-${width}-${theme}.png`));
        await person.close();
      }
    }
    process.stdout.write(`${picture.name}\n`);
  }
}

const stack = await startStack();
const browser = await openBrowser();
try {
  await takeAll(browser, await setUp(stack), process.argv.slice(2));
} finally {
  await browser.close();
  await stack.stop();
}
