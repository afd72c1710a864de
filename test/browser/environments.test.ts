/** Environments by hand in the page: the form that follows its blueprint, a failure that leaves nothing, an end that comes. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { connectSandbox } from '../../src/sandbox/client.ts';
import { openBrowser } from './browser.ts';
import { type Hand, handOf } from './hand.ts';
import { describeInBrowser } from './in-browser.ts';
import { picture } from './pictures.ts';
import { startWholeBot, type WholeBot } from './whole-bot.ts';

const minuteMs = 60_000;

let browser: Browser;
let bot: WholeBot;
let page: Page;

beforeAll(async () => {
  [browser, bot] = await Promise.all([openBrowser(), startWholeBot()]);
});
afterAll(async () => {
  await browser?.close();
  await bot?.stop();
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.error((await page.locator('.pane').innerText()).slice(-3_000));
  await page?.context().close();
});

async function open(
  person: string,
  look: { scheme?: 'light' | 'dark'; width?: number; height?: number } = {},
) {
  const { scheme = 'light', width = 1000, height = 860 } = look;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme });
  page = await context.newPage();
  await page.goto(`${bot.url}/?as=${person}&in=C0REQUESTS`);
  await page.locator('.message').first().waitFor();
  return handOf(page, person);
}

const card = (one: Hand, text: string) => one.pane.getByRole('article').filter({ hasText: text }).last();

describeInBrowser('environments by hand', () => {
  it('the form follows the blueprint: its questions, and its size where nobody said another', async () => {
    const priya = await open('U0PRIYA', { scheme: 'dark', height: 1280 });
    await priya.say('/env create');
    const form = priya.dialog;
    await form.getByLabel('Name').fill('pay-data');
    await form.getByLabel('Memory').fill('3');
    await form.getByRole('combobox', { name: 'Blueprint' }).click();
    await page.getByRole('option', { name: 'Claimed PostgreSQL' }).click();
    await form.getByLabel('Storage').waitFor();
    await expect.poll(() => form.getByLabel('CPU').inputValue()).toBe('1');
    expect(await form.getByLabel('Memory').inputValue()).toBe('3');
    await form.getByLabel('Storage').fill('9000');
    await form.getByRole('button', { name: 'Request' }).click();
    await form.getByRole('alert').first().waitFor();
    await form.getByLabel('Storage').fill('50');
    await form.getByText(/Runs at once/).waitFor();
    await form.getByText('with 1 CPU and 3 GiB for 8h').scrollIntoViewIfNeeded();
    await picture(page, '12-form-of-a-blueprint.png');
    await form.getByRole('button', { name: 'Request' }).click();
    await form.waitFor({ state: 'detached' });
    await bot.inTime(card(priya, 'REQ-1 · 🟢 done').waitFor());
    await card(priya, 'REQ-1 · 🟢 done').getByText('/env connect pay-data').waitFor();
  });

  it('an image that cannot be pulled: the card says where it failed and why, and nothing is left', async () => {
    const max = await open('U0MAX');
    await connectSandbox(bot.url).cluster('failNext', {
      namespace: 'env-pay-typo',
      workload: 'web',
      failure: 'imagepull',
    });
    await max.say('/env create pay-typo --image registry.acme.example/hello-wbe:1.0');
    await bot.inTime(card(max, 'Create environment pay-typo').getByText('🔴').waitFor());
    const failed = card(max, 'Create environment pay-typo');
    await failed.getByText(/registry\.acme\.example\/hello-wbe:1\.0 cannot be pulled/).waitFor();
    await failed.getByText('Deployment web: failed, and undone').waitFor();
    await failed.getByText(/9 steps undone: Namespace/).waitFor();
    await picture(page, '13-failed-environment.png');
    await max.say('/env show pay-typo');
    await max.sees(/There is no environment "pay-typo"/);
  });

  it('before its end whoever made it chooses by price, and a click moves the end', async () => {
    const dana = await open('U0DANA', { width: 1300, height: 900 });
    await dana.say('/env create checkout-pr-12 --ttl 1h');
    await bot.inTime(dana.sees('http://checkout-pr-12.env.acme.example'));
    await connectSandbox(bot.url).advance(50 * minuteMs);
    await card(dana, 'Create environment checkout-pr-12')
      .getByRole('button', { name: /2 replies/ })
      .click();
    const thread = dana.pane.getByRole('complementary', { name: 'Thread' });
    await thread.getByText(/Extend by 4h, 0\.46 EUR: runs at once/).waitFor();
    await thread.getByText(/Keep for 30d, [\d.]+ EUR: needs 1 approval from Platform leads/).waitFor();
    await thread.getByRole('button', { name: 'Destroy now' }).scrollIntoViewIfNeeded();
    await picture(page, '14-environment-ends.png');
    await thread.getByRole('button', { name: 'Extend by 4h' }).click();
    await dana.dialog.getByText(/Moves the end of checkout-pr-12 by 4h/).waitFor();
    await dana.dialog.getByRole('button', { name: 'Request' }).click();
    await bot.inTime(dana.sees(/checkout-pr-12 lives until Wed 18 Nov, 15:0\d CET now/));
  });
});
