/** Approvers by hand in the page: a yes with a code, a voice that was lent, what nobody answers, and an account that is gone. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { codeAt } from '../../src/codes/time-codes.ts';
import { hourMs, minuteMs } from '../../src/core/duration.ts';
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
  if (task.result?.state === 'fail')
    console.error((await page.locator('.pane').allInnerTexts()).join('\n---\n'));
  await page?.context().close();
});

async function open(query: string) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 1000 } });
  page = await context.newPage();
  await page.goto(`${bot.url}/?${query}`);
  await page.locator('.message').first().waitFor();
}

const card = (one: Hand, text: string) => one.pane.getByRole('article').filter({ hasText: text }).last();

describeInBrowser('approvers', () => {
  it('give a yes that needs a code with one of their app, and the card says so', async () => {
    await open('as=U0PRIYA&in=C0DEPLOYS&beside=U0LEE&besideIn=C0DEPLOYS');
    const [priya, lee] = [handOf(page, 'U0PRIYA'), handOf(page, 'U0LEE')];
    await lee.say('/code enrol');
    await lee.dialog.getByLabel('Code of the new key').waitFor();
    const shown = await lee.dialog.innerText();
    const key = /(?:[A-Z2-7]{4} ?){8}/.exec(shown)?.[0].replaceAll(' ', '') ?? '';
    const code = async () => codeAt(key, (await bot.world().advance(31_000)).now);
    await lee.dialog.getByLabel('Code of the new key').fill(await code());
    await lee.dialog.getByRole('button', { name: 'Set up' }).click();
    await bot.inTime(lee.dialog.getByText('Your second factor is set up.').waitFor());
    await lee.dialog.getByRole('button', { name: 'Close' }).last().click();
    await lee.dialog.waitFor({ state: 'detached' });

    await priya.say('/svc scale payments to 0 in production');
    await bot.inTime(card(lee, 'each with a code of an authenticator app').waitFor());
    await card(lee, 'Scale payments').getByRole('button', { name: 'Approve' }).click();
    await lee.pane.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).click();
    const send = async (typed: string) => {
      await lee.dialog.getByLabel('Code').fill(typed);
      await lee.dialog.getByRole('button', { name: 'Approve' }).click();
    };
    await send('000000');
    await lee.dialog
      .getByText('This code does not count: it is wrong, too old, or was used before.')
      .waitFor();
    await send(await code());
    await bot.inTime(priya.sees(/Lee Winter approved with a code/));
    await picture(page, '20-approved-with-a-code.png');
  });

  it('answer for a colleague who is away', async () => {
    await open('as=U0DANA&in=C0REQUESTS&beside=U0LEE&besideIn=C0REQUESTS');
    const [dana, lee] = [handOf(page, 'U0DANA'), handOf(page, 'U0LEE')];
    await lee.say('/requests delegate @U0SAM until 3d --note holiday');
    await bot.inTime(lee.sees(/Sam Okoye/));
    await dana.say('/env create perf-lab --cpu 8 --memory-gi 16 --ttl 1d');
    await bot.inTime(card(dana, 'waiting, 0 of 1 approval').waitFor());
    await page.context().close();

    await open('as=U0DANA&in=C0REQUESTS&beside=U0SAM&besideIn=C0REQUESTS');
    const [asks, sam] = [handOf(page, 'U0DANA'), handOf(page, 'U0SAM')];
    await card(sam, 'waiting, 0 of 1 approval').getByRole('button', { name: 'Approve' }).click();
    await bot.inTime(asks.sees(/Sam Okoye for Lee Winter approved/));
  });

  it('who do not answer are reminded, and its requester can ask again', { timeout: 180_000 }, async () => {
    await open('as=U0DANA&in=C0REQUESTS');
    const asks = handOf(page, 'U0DANA');
    await asks.say('/env create perf-two --cpu 8 --memory-gi 16 --ttl 1d');
    await bot.inTime(card(asks, 'Create environment perf-two').waitFor());
    await bot.world().advance(25 * hourMs);
    await bot.inTime(card(asks, 'Create environment perf-two').getByText('expired').first().waitFor());
    await card(asks, 'Create environment perf-two').getByRole('button', { name: /repl/ }).click();
    await asks.sees(/a reminder\. Dana Fox asks to create environment perf-two/);
    await asks.sees(/REQ-\d+ ends unanswered/);
    await picture(page, '19-nobody-answered.png');
    await asks.button('Ask again').click();
    await asks.dialog.getByLabel('Name').waitFor();
    expect(await asks.dialog.getByLabel('Name').inputValue()).toBe('perf-two');
  });

  it('are no longer asked in the name of somebody whose account is gone', async () => {
    await open('as=U0MAX&in=C0REQUESTS&beside=U0LEE&besideIn=C0REQUESTS');
    const [max, lee] = [handOf(page, 'U0MAX'), handOf(page, 'U0LEE')];
    await max.say('/env create left-behind --cpu 8 --memory-gi 16 --ttl 1d');
    await bot.inTime(card(lee, 'Create environment left-behind').getByText('waiting').first().waitFor());
    await bot.world().change({ do: 'set-person', user: 'U0MAX', kind: 'deactivated' });
    await bot.world().advance(minuteMs);
    await bot.inTime(lee.sees(/the account of Max Brandt was deactivated/));
    expect(await card(lee, 'left-behind').getByRole('button', { name: 'Approve' }).count()).toBe(0);
  });
});
