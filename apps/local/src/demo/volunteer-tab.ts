import { ReckonError } from '@reckon/protocol/base/errors';
import type { Browser, Page } from 'playwright-core';

const STEP_MS = 60_000;

/** A visitor's tab, used as a person would: by what its buttons say. */
export interface VolunteerTab {
  /** Opens the page and presses Start. */
  start(): Promise<void>;
  /** Links the page's demo wallet: one signature. */
  linkWallet(): Promise<void>;
  /** Waits until there is something to claim, claims it, and waits until the page says that it is paid. */
  claim(withinMs: number): Promise<void>;
}

/** A tab with storage of its own, as another visitor has. */
export async function openTab(browser: Browser, url: string, name: string): Promise<VolunteerTab> {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_MS);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const step = async (what: string, run: (page: Page) => Promise<unknown>): Promise<void> => {
    try {
      await run(page);
    } catch (error) {
      const words = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
      const shown = (
        await page
          .locator('main')
          .innerText({ timeout: 1_000 })
          .catch(() => '')
      ).replace(/\s+/g, ' ');
      const cause = `${name} could not ${what}: ${[words, ...errors, `it shows: ${shown.slice(0, 300)}`].join('; ')}`;
      throw new ReckonError('UNEXPECTED', { cause }, { cause: error });
    }
  };
  return {
    start: () =>
      step('start', async () => {
        await page.goto(url);
        await page.getByRole('button', { name: 'Start', exact: true }).click();
        await page.getByRole('button', { name: 'Link a wallet' }).waitFor();
      }),
    linkWallet: () =>
      step('link a wallet', async () => {
        await page.getByRole('button', { name: 'Link a wallet' }).click();
        const dialog = page.getByRole('dialog', { name: 'Link a wallet' });
        await dialog.getByRole('button', { name: 'Connect wallet' }).click();
        await page.getByRole('button', { name: /Demo wallet/ }).click();
        await page.getByRole('button', { name: 'Sign the link' }).click();
        await page.getByText('Pays to').first().waitFor();
      }),
    claim: (withinMs) =>
      step('claim', async () => {
        await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Rewards' }).click();
        await page.getByRole('button', { name: 'Claim', exact: true, disabled: false }).click({ timeout: withinMs });
        await page.getByText('is in the wallet').waitFor();
      }),
  };
}
