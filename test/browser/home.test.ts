/** The App Home by hand in the page: what waits is answered there, what is mine says what it waits for, forms open. */
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
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    console.error((await page.locator('.pane').allInnerTexts()).join('\n---\n'));
  await page?.context().close();
});

async function open(query: string, scheme: 'light' | 'dark' = 'light', width = 1000) {
  const context = await browser.newContext({ viewport: { width, height: 860 }, colorScheme: scheme });
  page = await context.newPage();
  await page.goto(`${bot.url}/?${query}`);
}

describeInBrowser('the Home by hand', () => {
  it('shows a lead what waits, and why and until when; the answer is given there', async () => {
    await open('as=U0DANA&in=C0REQUESTS');
    const dana = handOf(page, 'U0DANA');
    await dana.say('/env create checkout-pr-12 --ttl 8h');
    await bot.inTime(dana.sees('http://checkout-pr-12.env.acme.example'));
    await dana.say('/env create perf-lab --cpu 8 --memory-gi 16 --replicas 2 --ttl 1d');
    await bot.inTime(dana.sees('waiting, 0 of 1 approval'));
    await page.context().close();

    await open('as=U0LEE&in=home&beside=U0DANA&besideIn=home', 'light', 1300);
    const [lee, mine] = [handOf(page, 'U0LEE'), handOf(page, 'U0DANA')];
    await lee.sees(
      '1 request waits for your answer, you have no open request, and your team has no environment.',
    );
    await lee.sees(/from Platform leads · because: more than 4 CPU/);
    await lee.sees(/Answers count until/);
    await mine.sees(/It waits for 1 more approval from Platform leads/);
    await mine.sees(/checkout, for Dana Fox/);
    await picture(page, '16-home.png');
    await lee.button('Approve').click();
    await lee.sees(/Nothing waits for your answer/);
    // Hers changes while she looks at it.
    await bot.inTime(mine.sees(/your team has 2 environments/));
    expect(await mine.pane.getByText('Your open requests').count()).toBe(0);
  });

  it('opens the forms of what may be asked for, and those of an environment', async () => {
    await open('as=U0DANA&in=home', 'dark');
    const dana = handOf(page, 'U0DANA');
    await dana.button('Extend').first().click();
    await dana.dialog
      .getByText(/Extend an environment/)
      .first()
      .waitFor();
    await dana.dialog.getByRole('button', { name: 'Not now' }).click();
    await dana.dialog.waitFor({ state: 'detached' });
    await dana.button('Deploy a service').click();
    await dana.dialog.getByText('Deploy a service').first().waitFor();
  });

  it('tells a guest why there is nothing', async () => {
    await open('as=U0GIL&in=home', 'light', 420);
    await handOf(page, 'U0GIL').sees(/Guests of this workspace cannot use Greenlight/);
  });
});
