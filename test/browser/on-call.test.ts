/** Whoever is on call, by hand in the page: from an alert to the service, and to its numbers as a picture. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { handOf } from './hand.ts';
import { describeInBrowser } from './in-browser.ts';
import { startWholeBot, type WholeBot } from './whole-bot.ts';

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
afterEach(async () => {
  await page?.context().close();
});

async function open(query: string) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 1000 } });
  page = await context.newPage();
  await page.goto(`${bot.url}/?${query}`);
  await page.locator('.message').first().waitFor();
  return handOf(page, 'U0SAM');
}

describeInBrowser('on call', () => {
  it("an alert's own menu opens the status of the service that it speaks of", async () => {
    const sam = await open('as=U0SAM&in=C0INCIDENTS');
    const alert = sam.pane.getByRole('article').filter({ hasText: 'KubePodCrashLooping' });
    await alert.hover();
    await alert.getByRole('button', { name: 'More actions' }).click();
    await page.getByText('Open service status').click();
    await sam.sees('search is not well in staging: CrashLoopBackOff');
  });

  it('the numbers come as a picture with words, where it was asked and in the direct messages', async () => {
    const sam = await open('as=U0SAM&in=C0INCIDENTS');
    await sam.say('/svc metrics payments production');
    const picture = sam.pane
      .getByRole('img', { name: /^payments in production, last 1h\. Traffic: now / })
      .last();
    await picture.waitFor();
    // Drawn, not only there: a picture that cannot be loaded has no width of its own.
    await expect
      .poll(() => picture.evaluate((image) => (image as { naturalWidth?: number }).naturalWidth))
      .toBe(1760);
    await sam.pane
      .getByRole('link', { name: /payments-production-1h\.png: in your direct messages/ })
      .click();
    await sam.pane.locator('.file-picture img').first().waitFor();
  });

  it('logs that are longer than a message begin in the direct messages as text', async () => {
    const sam = await open('as=U0SAM&in=C0INCIDENTS');
    await sam.say('/svc logs payments production --lines 200');
    await sam.pane
      .getByRole('link', { name: /payments-production\.log: in your direct messages/ })
      .last()
      .click();
    await sam.pane.locator('.file-text pre').filter({ hasText: 'level=info' }).first().waitFor();
  });
});
