/** Deploys, locks and on-call by hand in the page: each story in a browser of its own, in one world and in this order. */
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
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.error(await page.locator('.pane').allInnerTexts());
  await page?.context().close();
});

async function open(query: string, width: number, height: number, colorScheme: 'light' | 'dark' = 'light') {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  page = await context.newPage();
  await page.goto(`${bot.url}/?${query}`);
  await page.locator('.message').first().waitFor();
}

/** The newest message that says this: a card, or a private line. */
const card = (one: Hand, text: string) => one.pane.getByRole('article').filter({ hasText: text }).last();

describeInBrowser('deploys by hand', () => {
  it('two deploys wait behind a lock, say for whom, and go on in their order when it is let go', async () => {
    await open('as=U0SAM&in=C0DEPLOYS&beside=U0PRIYA&besideIn=C0DEPLOYS', 1400, 940);
    const [sam, priya] = [handOf(page, 'U0SAM'), handOf(page, 'U0PRIYA')];
    await sam.say('/lock payments staging for 2h --reason "incident 42"');
    await bot.inTime(card(sam, '🟢 locked').waitFor());
    await priya.say('/deploy payments v1.4.2 to staging');
    await card(priya, 'next in the queue').getByText('ask Sam Okoye to release it').waitFor();
    await priya.say('/deploy payments v1.4.0 to staging');
    await card(priya, 'number 2 in the queue').getByText('came before').waitFor();
    await sam.say('/lock');
    await sam.sees('1 lock held by people and 2 requests waiting.');
    await picture(page, '9-queue-behind-a-lock.png');
    await card(sam, '1 lock held by people').getByRole('button', { name: 'Release payments' }).click();
    await sam.dialog.getByRole('button', { name: 'Request' }).click();
    await bot.inTime(card(sam, '⚪ released by Sam Okoye').waitFor());
    await bot.inTime(card(priya, 'payments v1.4.2 runs in staging now').waitFor());
    await bot.inTime(card(priya, 'payments v1.4.0 runs in staging now').waitFor());
  });

  it('a deploy that fails is rolled back with its button, and the history tells both', async () => {
    await open('as=U0PRIYA&in=C0DEPLOYS', 1000, 900, 'dark');
    const priya = handOf(page, 'U0PRIYA');
    await priya.say('/deploy payments v1.5.0-rc.1 to staging');
    const failed = card(priya, 'The job migrate failed');
    await bot.inTime(failed.waitFor());
    await failed.getByRole('button', { name: 'Roll back' }).click();
    const sure = priya.pane.getByRole('alertdialog', { name: 'Roll back?' });
    await sure.getByText('This asks to roll back payments in staging to v1.4.0.').waitFor();
    await sure.getByRole('button', { name: 'Roll back' }).click();
    await bot.inTime(card(priya, 'payments v1.4.0 runs in staging again').waitFor());
    await card(priya, 'goes back from it').waitFor();
    await picture(page, '10-roll-back.png');
    await priya.say('/deploys payments in staging');
    await card(priya, 'Deploys of Payments in staging').getByText('runs now').waitFor();
    expect(await card(priya, 'Deploys of Payments').getByText('v1.5.0-rc.1').count()).toBeGreaterThan(0);
  });

  it('at three in the morning, on a phone: a slip is asked about, and one message follows the service', async () => {
    await open('as=U0SAM&in=C0INCIDENTS', 390, 844, 'dark');
    const sam = handOf(page, 'U0SAM');
    // The alert wears the initials of its own sender: the light is that of the app that is tried.
    const alert = sam.pane.getByRole('article').filter({ hasText: 'KubePodCrashLooping' });
    expect(await alert.locator('.avatar').first().innerText()).toBe('A');
    await sam.say('/svc wacth search staging');
    await sam.sees(/Did you mean "watch"\?/);
    await sam.say('/svc watch search staging');
    const watch = card(sam, 'Followed until');
    await watch.getByText('search is not well in staging').waitFor();
    await picture(page, '11-watch-on-a-phone.png');
    await watch.getByRole('button', { name: 'Stop' }).click();
    await bot.inTime(sam.sees('Stopped by Sam Okoye.'));
    await sam.say('/svc metrics search staging');
    await card(sam, '95 % of the requests to search fail').getByRole('img').waitFor();
  });
});
