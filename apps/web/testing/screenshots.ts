import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { build, mergeConfig, preview } from 'vite';
import app from '../vite.config.ts';
import { type FixtureMode, startFixture } from './fixture-server.ts';
import { jobs } from './sample-data.ts';

/** Takes pictures of every page in both themes at 1280 and 390 px, with sample data. `node screenshots.ts OUT [filter]` */
const [out = 'screenshots', filter = ''] = process.argv.slice(2);
const say = (line: string): void => void process.stderr.write(`${line}\n`);
let mode: FixtureMode = 'busy';

interface Shot {
  name: string;
  path: string;
  mode?: FixtureMode;
  act?: (page: Page) => Promise<void>;
  /** Before the page is opened. */
  prepare?: (page: Page) => Promise<unknown>;
  /** A browser without WebGPU. */
  withoutGpu?: boolean;
}
const press = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click();
const connect = async (page: Page): Promise<void> => {
  await page.locator('main').getByRole('button', { name: 'Connect wallet' }).click();
  await page.getByRole('button', { name: /Demo wallet/ }).click();
  await page.waitForTimeout(1200);
};
const jobPath = (index: number): string => `/jobs/${jobs[index]?.jobId}`;
const example = async (page: Page): Promise<void> => {
  await press('Use an example')(page);
  await page.waitForTimeout(900);
};
/** The form with another policy than the one it begins with. */
const choose = (policy: string) => async (page: Page) => {
  await example(page);
  await page.getByRole('radio', { name: new RegExp(`^${policy}`) }).check();
};
const audited = async (page: Page): Promise<void> => {
  await press('Start the audit')(page);
  await page
    .getByRole('button', { name: /Audit again|Start the audit/ })
    .first()
    .waitFor();
};
const recomputed = async (page: Page): Promise<void> => {
  await audited(page);
  await press(/Compute .* units?/)(page);
  await page.getByText(/recomputed units? agree/).waitFor();
};
const checked = async (page: Page): Promise<void> => {
  await press('Run the checks')(page);
  await page.getByRole('button', { name: 'Run again' }).waitFor();
};
const signed = async (page: Page): Promise<void> => {
  await checked(page);
  await press('Sign a report and show it')(page);
  await page.getByRole('button', { name: 'Submit', exact: true }).waitFor();
};
/** A GPU whose Threefry draws other numbers: the shader's constant is changed on its way to the page. */
const breakShader = (page: Page): Promise<unknown> =>
  page.route(/\/assets\/.*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replaceAll('0x1bd11bdau', '0x1bd11bdbu') });
  });
const newJob = '/jobs/new?kernel=matmul-i8%401.1.0';
const shots: Shot[] = [
  { name: 'welcome', path: '/' },
  { name: 'welcome-empty', path: '/', mode: 'empty' },
  { name: 'welcome-error', path: '/', mode: 'error' },
  { name: 'working', path: '/', act: press('Start') },
  {
    name: 'working-power',
    path: '/',
    act: async (page) => {
      await press('Start')(page);
      await page.getByLabel('Electricity').selectOption('hours');
    },
  },
  { name: 'working-barred', path: '/?barred', act: press('Start') },
  { name: 'jobs', path: '/jobs' },
  { name: 'jobs-empty', path: '/jobs', mode: 'empty' },
  { name: 'job', path: jobPath(0) },
  { name: 'job-audit', path: jobPath(4) },
  { name: 'job-unit-sample', path: `${jobPath(0)}?unit=40` },
  { name: 'job-unit-vote', path: `${jobPath(1)}?unit=40` },
  { name: 'job-unit-certificate', path: `${jobPath(2)}?unit=40` },
  { name: 'job-unit-open', path: `${jobPath(0)}?unit=240` },
  {
    name: 'new-job',
    path: '/jobs/new?kernel=mandelbrot%401.0.0',
    act: async (page) => {
      await example(page);
      await connect(page);
    },
  },
  { name: 'new-job-blank', path: '/jobs/new' },
  { name: 'new-job-certificate', path: newJob, act: choose('Certificate') },
  { name: 'new-job-sample', path: newJob, act: choose('Sample') },
  {
    name: 'new-job-audit',
    path: newJob,
    act: async (page) => {
      await choose('Audit')(page);
      await page.getByRole('checkbox', { name: /Recompute some chunks/ }).check();
    },
  },
  {
    name: 'new-job-vote',
    path: newJob,
    act: async (page) => {
      await choose('Vote')(page);
      await page.getByRole('checkbox', { name: /Ask more nodes/ }).check();
    },
  },
  { name: 'wallet', path: '/rewards', act: press('Connect wallet') },
  { name: 'rewards', path: '/rewards', act: connect },
  { name: 'rewards-empty', path: '/rewards', mode: 'empty', act: connect },
  { name: 'network', path: '/network' },
  { name: 'network-empty', path: '/network', mode: 'empty' },
  { name: 'audit', path: '/audit' },
  { name: 'audit-passed', path: '/audit', act: audited },
  { name: 'audit-recomputed', path: '/audit', act: recomputed },
  { name: 'audit-tampered', path: '/audit', mode: 'tampered', act: audited },
  { name: 'audit-empty', path: '/audit', mode: 'empty', act: audited },
  { name: 'audit-error', path: '/audit', mode: 'error', act: audited },
  { name: 'conformance', path: '/conformance' },
  { name: 'conformance-running', path: '/conformance', act: press('Run the checks') },
  { name: 'conformance-done', path: '/conformance', act: checked },
  {
    name: 'conformance-networks',
    path: '/conformance',
    act: async (page) => {
      await page.getByRole('checkbox', { name: 'Neural networks too' }).check();
      await checked(page);
    },
  },
  { name: 'conformance-no-gpu', path: '/conformance', act: checked, withoutGpu: true },
  { name: 'conformance-mismatch', path: '/conformance', act: checked, prepare: breakShader },
  { name: 'conformance-signed', path: '/conformance', act: signed },
  {
    name: 'conformance-sent',
    path: '/conformance',
    act: async (page) => {
      await signed(page);
      await press('Submit')(page);
    },
  },
  {
    name: 'conformance-refused',
    path: '/conformance',
    mode: 'tampered',
    act: async (page) => {
      await signed(page);
      await press('Submit')(page);
    },
  },
  {
    name: 'conformance-offline',
    path: '/conformance',
    act: async (page) => {
      await page.context().setOffline(true);
      await press('Run the checks')(page);
    },
  },
  { name: 'new-job-shader', path: '/jobs/new?kernel=custom-wgsl%401.0.0', act: example },
  { name: 'new-job-search', path: '/jobs/new?kernel=hash-search%401.0.0' },
  { name: 'job-without-nodes', path: jobPath(0), mode: 'alone' },
  { name: 'guide', path: '/guide' },
  { name: 'guide-shader', path: '/guide#a-wgsl-shader' },
  { name: 'verdicts', path: '/verdicts' },
  { name: 'verdicts-one', path: '/verdicts#CHUNK_WRONG' },
];

const fixture = await startFixture(0, () => mode);
const relay = `http://127.0.0.1:${(fixture.address() as AddressInfo).port}`;
const proxy = { '/api': relay, '/rpc': relay, '/log': relay };
const shown = mergeConfig(app, {
  configFile: false,
  logLevel: 'error',
  build: { outDir: join(tmpdir(), 'reckon-screenshots'), emptyOutDir: true },
  preview: { host: '127.0.0.1', proxy },
  plugins: [
    {
      name: 'fake-node',
      enforce: 'pre',
      resolveId: (source: string) =>
        source.endsWith('node/browser-node.ts') ? `${import.meta.dirname}/fake-browser-node.ts` : undefined,
    },
  ],
});
await build(shown);
const server = await preview(shown);
const address = server.resolvedUrls?.local[0]?.replace(/\/$/, '');
if (address === undefined) throw new Error('the preview server has no address');
const launch = (args: string[]) =>
  chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    chromiumSandbox: false,
    args,
  });
const [browser, plainBrowser] = await Promise.all([launch(['--enable-unsafe-webgpu']), launch([])]);
mkdirSync(out, { recursive: true });
try {
  for (const [width, height] of [
    [1280, 900],
    [390, 844],
  ] as const) {
    for (const scheme of ['light', 'dark'] as const) {
      for (const shot of shots.filter(({ name }) => `${name}-${width}-${scheme}`.match(filter))) {
        mode = shot.mode ?? 'busy';
        const context = await (shot.withoutGpu ? plainBrowser : browser).newContext({
          viewport: { width, height },
          colorScheme: scheme,
          reducedMotion: 'reduce',
        });
        const page = await context.newPage();
        page.on('pageerror', (error) => say(`${shot.name}: ${error.message}`));
        page.on('console', (message) => message.type() === 'error' && say(`${shot.name}: ${message.text()}`));
        await shot.prepare?.(page);
        await page.goto(`${address}${shot.path}`);
        await page.waitForTimeout(900);
        await shot.act?.(page);
        await page.waitForTimeout(700);
        await page.screenshot({ path: `${out}/${shot.name}-${width}-${scheme}.png`, fullPage: true });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (overflow > 0) say(`${shot.name} ${width}: ${overflow} px too wide`);
        await context.close();
      }
    }
  }
} finally {
  await browser.close();
  await plainBrowser.close();
  await server.close();
  fixture.closeAllConnections();
  fixture.close();
}
