import { createRelayClient } from '@reckon/client/relay-client';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessFaults } from './fixtures/axe.ts';
import { complaintsOf, newPerson, openBrowser } from './fixtures/browser.ts';
import { type Stack, startStack } from './fixtures/stack.ts';

// Visitors compare their devices with the reference and report what they found; nobody computes here.
let stack: Stack;
let browser: Browser;
let plain: Browser;
beforeAll(async () => {
  [stack, browser, plain] = await Promise.all([
    startStack({ house: false, sample: false }),
    openBrowser({ gpu: true }),
    openBrowser(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await plain?.close();
  await stack?.stop();
});

async function open(person: BrowserContext): Promise<Page> {
  const page = await person.newPage();
  await page.goto(`${stack.url}/conformance`);
  await page.getByRole('heading', { name: 'Does this device compute the same bits?' }).waitFor();
  return page;
}
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
async function check(page: Page): Promise<void> {
  await press(page, 'Run the checks');
  await page.getByRole('button', { name: 'Run again' }).waitFor();
}
/** The row of a kernel on a backend: the cells after its name. */
const figures = (page: Page, kernel: string, device: string) =>
  page.getByRole('row').filter({ hasText: kernel }).filter({ hasText: device }).getByRole('cell').allInnerTexts();

const counts = () => createRelayClient(stack.url).conformance();

test('a visitor’s device computes every bit as the reference does, on WebGPU and WASM, and the network counts it', async () => {
  const person = await newPerson(browser);
  const page = await person.newPage();
  const complaints = complaintsOf(page);
  const asked: string[] = [];
  person.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${stack.url}/conformance`);
  await page.getByRole('button', { name: 'Run the checks' }).waitFor();
  expect(asked.filter((path) => /worker|\.wasm/.test(path))).toEqual([]);
  expect(await accessFaults(page)).toEqual([]);

  await page.getByRole('checkbox', { name: 'Neural networks too' }).check();
  await check(page);
  await page
    .getByText(
      /Every exact kernel: all [\d,]+ bits are equal, on WebGPU and WASM\. Every float kernel: within its tolerance\.$/,
    )
    .waitFor();
  // Chromium has relaxed SIMD, which kernels take; the other build is compared beside it.
  for (const device of ['WebGPU · SwiftShader', 'WASM SIMD ·', 'WASM SIMD, not relaxed']) {
    const [bits, differing] = await figures(page, 'matmul-i8@', device);
    expect(Number(bits?.replaceAll(',', ''))).toBeGreaterThan(900_000);
    expect(differing).toBe('0');
  }
  for (const device of ['WebGPU · SwiftShader', 'WASM SIMD']) {
    const [within, off, numbers] = await figures(page, 'onnx@', device);
    expect(numbers).toBe('100');
    expect(off).toMatch(/× 10⁻⁷|× 10⁻⁸|^0/);
    expect(within).toBe('yes');
  }
  expect(await accessFaults(page)).toEqual([]);
  expect(asked.filter((path) => path === '/api/conformance')).toEqual([]);

  // By keys alone: signed and shown, then sent.
  await page.getByRole('button', { name: 'Sign a report and show it' }).focus();
  await page.keyboard.press('Enter');
  const shown = await page.getByLabel('What will be sent, all of it').innerText();
  const { report } = JSON.parse(shown);
  expect(report).toMatchObject({
    adapter: { vendor: 'google', architecture: 'swiftshader' },
    browser: { name: 'chrome' },
  });
  expect(shown).not.toContain('Mozilla');
  const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().includes('/conformance'));
  await page.getByRole('button', { name: 'Submit', exact: true }).focus();
  await page.keyboard.press('Enter');
  expect(JSON.parse((await sent).postData() ?? '')).toEqual(JSON.parse(shown));
  await page.getByText('Submitted. Thank you.').waitFor();
  expect(await accessFaults(page)).toEqual([]);

  expect(await counts()).toMatchObject({ devices: 1, mismatching: 0 });
  await page.getByRole('link', { name: 'See what others found' }).click();
  await page.getByText(/^Reported by 1 device in the last 90 days, 0 with differences/).waitFor();
  expect(
    await page
      .getByRole('row', { name: /google swiftshader/ })
      .getByRole('cell')
      .allInnerTexts(),
  ).toEqual(['1', '0', '0']);
  expect(await accessFaults(page)).toEqual([]);
  expect(complaints).toEqual([]);

  // The same browser again is the same key, which counts once.
  const again = await open(person);
  await check(again);
  await press(again, 'Sign a report and show it');
  await press(again, 'Submit');
  await again.getByText('Submitted. Thank you.').waitFor();
  expect((await counts()).devices).toBe(1);
  await person.close();
});

test('a GPU that computes otherwise is found out, its bits are counted, and the network names its kind first', async () => {
  const person = await newPerson(browser);
  // The constant of Threefry, in the shader only.
  await person.route(/\/assets\/.*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replaceAll('0x1bd11bdau', '0x1bd11bdbu') });
  });
  const page = await open(person);
  await check(page);
  await page.getByText(/\d+ of [\d,]+ bits differ from the reference\.$/).waitFor();
  const [, differing] = await figures(page, 'monte-carlo@', 'WebGPU');
  expect(Number(differing)).toBeGreaterThan(0);
  expect((await figures(page, 'monte-carlo@', 'WASM SIMD'))[1]).toBe('0');
  await page.getByRole('heading', { name: 'Cases that are not as they should be' }).waitFor();
  await page.getByText(/^On WebGPU this device, its driver or its browser computes something otherwise/).waitFor();
  expect(await accessFaults(page)).toEqual([]);

  await press(page, 'Sign a report and show it');
  // What was signed cannot be made better on its way.
  await person.route('**/api/conformance', (route) => {
    const body = route
      .request()
      .postData()
      ?.replace(/"bitsDiffering":[1-9]\d*/g, '"bitsDiffering":0');
    return route.continue(body === undefined ? {} : { postData: body });
  });
  await press(page, 'Submit');
  await page.getByRole('alert').getByText('SIGNATURE_INVALID').waitFor();
  await person.unroute('**/api/conformance');
  await press(page, 'Submit again');
  await page.getByText('Submitted. Thank you.').waitFor();

  expect(await counts()).toMatchObject({ devices: 2, mismatching: 1 });
  await page.getByRole('link', { name: 'See what others found' }).click();
  const first = page.getByRole('table', { name: 'Reports by kind of GPU' }).getByRole('row').nth(1);
  await first.waitFor();
  expect(await first.getByRole('cell').allInnerTexts()).toEqual(['2', '1', differing]);
  const where = page.getByRole('table', { name: 'Kernels that differ' }).getByRole('row').nth(1);
  expect(await where.innerText()).toMatch(/monte-carlo@[\s\S]*google swiftshader\s+1 of 2/);
  await person.close();
});

test('without WebGPU only WASM is compared, and the page says so; without the relay it says that', async () => {
  const person = await newPerson(plain);
  const page = await open(person);
  await check(page);
  await page.getByText(/bits are equal, on WASM\. Every float kernel: within its tolerance\.$/).waitFor();
  await page.getByText(/^This browser offers no WebGPU here/).waitFor();
  await press(page, 'Sign a report and show it');
  await page.getByRole('button', { name: 'Submit', exact: true }).waitFor();
  await person.setOffline(true);
  await press(page, 'Submit');
  await page.getByRole('alert').getByText('RELAY_UNREACHABLE').waitFor();
  await person.setOffline(false);
  await press(page, 'Submit again');
  await page.getByText('Submitted. Thank you.').waitFor();
  const { adapters } = await counts();
  expect(adapters.map(({ adapter }) => adapter)).toContain(null);
  await person.close();
});
