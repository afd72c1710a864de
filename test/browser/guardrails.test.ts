/** Breaking glass by hand in the page: offered, explained, reasoned, heard of, and looked at by somebody else. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { handOf } from './hand.ts';
import { describeInBrowser } from './in-browser.ts';
import { picture } from './pictures.ts';
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

describeInBrowser('breaking glass', () => {
  it('in a form runs at once, is heard of in #incidents, and is cleared by somebody else alone', async () => {
    const context = await browser.newContext({ viewport: { width: 1400, height: 1240 } });
    page = await context.newPage();
    await page.goto(`${bot.url}/?as=U0SAM&in=C0DEPLOYS&beside=U0LEE&besideIn=C0INCIDENTS`);
    await page.locator('.message').first().waitFor();
    const [sam, lee] = [handOf(page, 'U0SAM'), handOf(page, 'U0LEE')];

    await sam.say('/deploy payments v1.4.2');
    await sam.dialog.getByRole('combobox', { name: 'Environment' }).click();
    await page.getByRole('option', { name: 'production' }).click();
    await sam.dialog.getByText('production changes need two people').waitFor();
    await sam.dialog.getByText('Break glass (emergency)').click();
    await sam.dialog.getByText('Runs at once as an emergency').waitFor();
    await sam.dialog
      .getByLabel('Why it cannot wait')
      .fill('Customers cannot pay since 10:40, v1.4.2 mends it.');
    await picture(page, '15-break-glass.png');
    await sam.dialog.getByRole('button', { name: 'Break glass' }).click();
    await sam.pane.getByText('until then you cannot break glass again').first().waitFor();

    const alarm = lee.pane.getByRole('article').filter({ hasText: 'Glass broken by Sam Okoye' });
    await bot.inTime(alarm.waitFor());
    await alarm.getByText('Customers cannot pay since 10:40').waitFor();
    const looked = sam.pane.getByRole('button', { name: 'I have looked at it' });
    await looked.click();
    await sam.sees('You broke glass here yourself');
    await alarm.getByRole('button', { name: 'I have looked at it' }).click();
    await bot.inTime(sam.pane.getByText('Lee Winter has looked at it.').waitFor());
    await expect.poll(() => looked.count()).toBe(0);
  });
});
