/** What becomes of answers, by hand in the page: changes are asked for, the request is edited, less of it is let through. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { type Hand, handOf } from './hand.ts';
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

/** With its capital letter: the reply "… asks to create environment load-test" has no menu. */
const asked = /Create environment load-test/;

const card = (one: Hand, text: RegExp) => one.pane.getByRole('article').filter({ hasText: text }).last();

/** Opens the menu again where the card was drawn anew meanwhile, which closes it: so would a person. */
async function choose(one: Hand, text: RegExp, entry: string) {
  const item = one.pane.getByRole('menuitem', { name: entry });
  const tryOnce = async () => {
    if (!(await item.isVisible()))
      await card(one, text).getByRole('button', { name: 'More options' }).click();
    return item.click({ timeout: 2_000 }).then(
      () => 'chosen',
      () => 'the menu closed first',
    );
  };
  await expect.poll(tryOnce, { timeout: 10_000 }).toBe('chosen');
}

describeInBrowser('answers', () => {
  it('wait for an edit, begin again after it, and let less through than was asked for', async () => {
    const context = await browser.newContext({ viewport: { width: 1400, height: 1000 } });
    page = await context.newPage();
    await page.goto(`${bot.url}/?as=U0DANA&in=C0REQUESTS&beside=U0LEE&besideIn=C0REQUESTS`);
    await page.locator('.message').first().waitFor();
    const [dana, lee] = [handOf(page, 'U0DANA'), handOf(page, 'U0LEE')];

    await dana.say('/env create load-test --blueprint web-service --cpu 12 --memory-gi 16 --ttl 2d');
    await bot.inTime(card(lee, asked).waitFor());
    await card(lee, asked).getByRole('button', { name: 'Request changes' }).click();
    await lee.dialog.getByLabel('What should change').fill('A day is enough, and half of the memory.');
    await lee.dialog.getByRole('button', { name: 'Request changes' }).click();
    await bot.inTime(dana.pane.getByText('Changes asked').waitFor());
    await bot.inTime(
      card(dana, /Changes asked/)
        .getByRole('button', { name: /repl/ })
        .click(),
    );
    await bot.inTime(dana.sees(/Lee Winter asks for changes to REQ-1/));
    await picture(page, '17-changes-asked.png');

    await choose(lee, asked, 'Edit this request…');
    await lee.sees("REQ-1 is Dana Fox's request");
    await choose(dana, asked, 'Edit this request…');
    await dana.dialog.getByLabel('Time to live').fill('1d');
    await dana.dialog.getByRole('button', { name: 'Save' }).click();
    await bot.inTime(
      dana.sees(
        /was edited by its requester \(time to live from 2d to 1d\), so your answer no longer counts/,
      ),
    );

    await choose(lee, asked, 'Approve with less…');
    await lee.dialog.getByLabel('CPU').fill('6');
    await picture(page, '18-approve-with-less.png');
    await lee.dialog.getByRole('button', { name: 'Approve' }).click();
    await bot.inTime(dana.sees(/Narrowed by Lee Winter from 12 to 6 CPU/));
    await bot.inTime(
      card(dana, /🟢 done/)
        .getByText('lives until')
        .waitFor(),
    );
  });
});
