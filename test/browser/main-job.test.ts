/** The stories of the main job, played by hand in the page against the whole bot, in one world and in this order. */
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
const troubles: string[] = [];

beforeAll(async () => {
  [browser, bot] = await Promise.all([openBrowser(), startWholeBot()]);
});
afterAll(async () => {
  await browser?.close();
  await bot?.stop();
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.error(await whatIsSeen());
  await page?.context().close();
  expect(troubles.splice(0)).toEqual([]);
});

interface Look {
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
}

async function open(query: string, { scheme = 'light', width = 1000, height = 720 }: Look = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme });
  page = await context.newPage();
  page.on('pageerror', (error) => troubles.push(error.message));
  await page.goto(`${bot.url}/?${query}`);
  await page.locator('.message').first().waitFor();
}

/** The end of each pane, as a failed story left it. */
async function whatIsSeen(): Promise<string> {
  const panes = await page.locator('.pane').allInnerTexts();
  return panes.map((text) => `--- ${text.slice(-2_000)}`).join('\n');
}

const sideBySide = { width: 1200, height: 730 } as const;
const hand = (person: string): Hand => handOf(page, person);

/** The newest message that says this: a card, or a private line. */
const card = (one: Hand, text: string) => one.pane.getByRole('article').filter({ hasText: text }).last();
const onCard = (one: Hand, text: string, button: string) =>
  card(one, text).getByRole('button', { name: button, exact: true });

async function approveForProduction(one: Hand, text: string) {
  await onCard(one, text, 'Approve').click();
  await one.pane.getByRole('alertdialog', { name: 'Approve for production?' }).waitFor();
  await one.pane.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).click();
}

describeInBrowser('the main job by hand', () => {
  it('1: a small environment runs by itself, and its card tells the address', async () => {
    await open('as=U0DANA&in=C0REQUESTS');
    const dana = hand('U0DANA');
    await dana.say('/env create checkout-pr-12 --blueprint web-service --ttl 8h');
    await dana.sees(/Runs at once: small dev environments run by themselves/);
    await bot.inTime(dana.sees('http://checkout-pr-12.env.acme.example'));
    await card(dana, 'REQ-1 · 🟢 done').getByText('lives until').waitFor();
    expect(await onCard(dana, 'REQ-1 · 🟢 done', 'Approve').count()).toBe(0);
    await picture(page, '1-small-environment.png');
  });

  it('2: the form refuses at the field, and says what the guardrails will say', async () => {
    await open('as=U0DANA&in=C0REQUESTS', { scheme: 'dark', height: 980 });
    const dana = hand('U0DANA');
    await dana.say('/env create');
    const form = dana.dialog;
    await form.getByLabel('Name').fill('Load Test!');
    await form.getByRole('button', { name: 'Request' }).click();
    await form.getByRole('alert').getByText('Use small letters').waitFor();
    await form.getByLabel('Name').fill('load-test');
    await form.getByLabel('CPU').fill('8');
    await form.getByText('Needs 1 approval from Platform leads: more than 4 CPU').waitFor();
    await form.getByText('Creates the environment load-test').scrollIntoViewIfNeeded();
    await picture(page, '2-form-with-verdict.png');
    await form.getByLabel('CPU').fill('4');
    await form.getByText('Runs at once').waitFor();
    await form.getByRole('button', { name: 'Request' }).click();
    await form.waitFor({ state: 'detached' });
    await bot.inTime(dana.sees('http://load-test.env.acme.example'));
  });

  it('3: a larger environment waits for a lead, side by side, and each wrong click is told why', async () => {
    await open('as=U0DANA&in=C0REQUESTS&beside=U0GIL&besideIn=C0REQUESTS', { width: 1400, height: 1000 });
    const [dana, gil] = [hand('U0DANA'), hand('U0GIL')];
    await dana.say('/env create perf-lab --cpu 8 --memory-gi 16 --replicas 2 --ttl 1d');
    await dana.sees(/Needs 1 approval from Platform leads: more than 4 CPU/);
    const ask = 'Create environment perf-lab';
    await onCard(gil, 'waiting, 0 of 1 approval', 'Approve').click();
    await gil.sees(/Guests of this workspace cannot use Greenlight/);
    await onCard(dana, 'waiting, 0 of 1 approval', 'Approve').click();
    await dana.sees(/You asked for this one/);
    await page.goto(`${bot.url}/?as=U0DANA&in=C0REQUESTS&beside=U0LEE&besideIn=C0REQUESTS`);
    const lee = hand('U0LEE');
    await card(lee, 'waiting, 0 of 1 approval').waitFor();
    await picture(page, '3-larger-environment.png');
    await onCard(lee, ask, 'Approve').click();
    await bot.inTime(dana.sees('http://perf-lab.env.acme.example'));
    await card(dana, ask)
      .getByText(/Lee Winter approved/)
      .waitFor();
    expect(await onCard(lee, ask, 'Approve').count()).toBe(0);
  });

  it('4: a no needs a reason, which the requester reads in the thread', async () => {
    await open('as=U0PRIYA&in=C0REQUESTS&beside=U0LEE&besideIn=C0REQUESTS', {
      ...sideBySide,
      scheme: 'dark',
    });
    const [priya, lee] = [hand('U0PRIYA'), hand('U0LEE')];
    await priya.say('/env create big-batch --cpu 12 --ttl 2d');
    await onCard(lee, 'Create environment big-batch', 'Deny').click();
    await lee.dialog.getByRole('button', { name: 'Deny' }).click();
    await lee.dialog.getByRole('alert').waitFor();
    await lee.dialog.getByLabel('Reason').fill('Use the nightly batch cluster for this.');
    await lee.dialog.getByRole('alert').waitFor({ state: 'detached' });
    await picture(page, '4-deny-with-reason.png');
    await lee.dialog.getByRole('button', { name: 'Deny' }).click();
    await bot.inTime(
      card(priya, 'big-batch')
        .getByText(/Denied by Lee Winter/)
        .waitFor(),
    );
    await card(priya, 'big-batch').getByRole('button', { name: /repl/ }).click();
    const thread = priya.pane.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('was denied').waitFor();
    await thread.getByText('Use the nightly batch cluster for this.').last().waitFor();
  });

  it('5: a production deploy takes two people, one of them an owner, and is followed to its end', async () => {
    await open('as=U0DANA&in=C0DEPLOYS&beside=U0SAM&besideIn=C0DEPLOYS', { width: 1400, height: 1040 });
    const [dana, sam] = [hand('U0DANA'), hand('U0SAM')];
    const ask = 'Deploy payments v1.4.2 to production';
    await dana.say('/deploy payments v1.4.2 to production');
    await approveForProduction(sam, ask);
    await bot.inTime(card(dana, 'waiting, 1 of 2 approvals').waitFor());
    await card(sam, 'waiting, 1 of 2 approvals').waitFor();
    await picture(page, 'sandbox.png');
    await approveForProduction(sam, ask);
    await sam.sees(/already/);
    await page.setViewportSize(sideBySide);
    await page.goto(`${bot.url}/?as=U0ODA&in=C0DEPLOYS&beside=U0PRIYA&besideIn=C0DEPLOYS`);
    const [oda, priya] = [hand('U0ODA'), hand('U0PRIYA')];
    await approveForProduction(oda, ask);
    await oda.sees(/Greenlight answers only to members/);
    await approveForProduction(priya, ask);
    await bot.inTime(card(priya, ask).getByText('build: running').waitFor());
    await picture(page, '5-production-deploy.png');
    await bot.inTime(card(priya, 'payments v1.4.2 runs in production now').waitFor());
    expect(await onCard(priya, ask, 'Approve').count()).toBe(0);
  });

  it('6: a deploy that fails names the job, and links to its log', async () => {
    await open('as=U0PRIYA&in=C0DEPLOYS', { scheme: 'dark' });
    const priya = hand('U0PRIYA');
    await priya.say('/deploy payments v1.5.0-rc.1 to staging');
    await bot.inTime(priya.sees(/The job migrate failed/));
    await card(priya, 'The job migrate failed')
      .getByRole('link', { name: /actions\/runs/ })
      .waitFor();
    await picture(page, '6-failed-deploy.png');
  });

  it('7: a service says how it is to whoever asked, and to the channel when they show it', async () => {
    await open('as=U0SAM&in=C0INCIDENTS&beside=U0DANA&besideIn=C0INCIDENTS', sideBySide);
    const [sam, dana] = [hand('U0SAM'), hand('U0DANA')];
    await sam.say('/svc search');
    await sam.sees(/CrashLoopBackOff/);
    expect(await dana.pane.getByText(/CrashLoopBackOff/).count()).toBe(0);
    await onCard(sam, 'CrashLoopBackOff', 'Refresh').click();
    await onCard(sam, 'CrashLoopBackOff', 'Show to the channel').click();
    await dana.sees(/CrashLoopBackOff/);
    await dana.sees('Shown by Sam Okoye');
    await picture(page, '7-service-status.png');
  });

  it('8: every command lists, helps, forgives a typo and what phones type', async () => {
    await open('as=U0DANA&in=C0REQUESTS', { scheme: 'dark' });
    const dana = hand('U0DANA');
    await dana.say('/requests REQ-1');
    await dana.sees(/Dana Fox asked: Create environment checkout-pr-12/);
    await dana.say('/env craete my-env');
    await dana.sees(/Did you mean "create"/);
    await dana.say('/requests ');
    await dana.sees(/Nothing waits for you/);
    await picture(page, '8-requests-and-help.png');
    await dana.say('/env destroy “load-test”');
    await bot.inTime(dana.sees(/load-test is gone/));
    // Its manifest says that it reads no messages, so nobody is left waiting for an answer.
    await dana
      .button(/^greenlight/)
      .last()
      .click();
    await dana.sees(/Sending messages to this app has been turned off/);
  });
});

describeInBrowser('coming and going, with the whole bot', () => {
  it('a reload and a restart of the bot lose nothing: the card from before takes the answer', async () => {
    await open('as=U0PRIYA&in=C0REQUESTS&beside=U0LEE&besideIn=C0REQUESTS', sideBySide);
    const [priya, lee] = [hand('U0PRIYA'), hand('U0LEE')];
    const ask = 'Create environment after-restart';
    await priya.say('/env create after-restart --cpu 8');
    await card(lee, ask).getByText('waiting, 0 of 1 approval').waitFor();
    await bot.stopBot();
    await lee.sees('greenlight is not connected.');
    await page.reload();
    await lee.sees('greenlight is not connected.');
    await bot.startBot();
    await lee.sees('greenlight is back.');
    await onCard(lee, ask, 'Approve').click();
    await bot.inTime(priya.sees('http://after-restart.env.acme.example'));
  });

  it('a restart of the sandbox is said, and the stories can begin again', async () => {
    await open('as=U0DANA&in=C0REQUESTS');
    const dana = hand('U0DANA');
    await bot.stopBot();
    await bot.stopSandbox();
    await dana.sees('The sandbox is away.');
    await bot.startAfresh();
    await dana.sees(/starts afresh/);
    expect(await dana.pane.getByText(/REQ-/).count()).toBe(0);
    await dana.say('/env create again --ttl 1h');
    await bot.inTime(dana.sees('http://again.env.acme.example'));
  });
});
