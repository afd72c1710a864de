import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { type Hand, handOf } from './hand.ts';
import { describeInBrowser as describe } from './in-browser.ts';
import { startKitchenApp } from './kitchen-sink.ts';
import { type BrowserWorld, startBox, startBrowserWorld } from './world.ts';

let browser: Browser;
let world: BrowserWorld;
const troubles: string[] = [];

beforeAll(async () => {
  [browser, world] = await Promise.all([openBrowser(), startBrowserWorld()]);
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});
beforeEach(() => world.box.reset());
afterEach(() => {
  expect(troubles.splice(0)).toEqual([]);
});

async function open(query: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) troubles.push(message.text());
  });
  await page.goto(`${world.box.url}/?${query}`);
  await page.locator('.message').first().waitFor();
  return page;
}

const dana = async () => handOf(await open('as=U0DANA&in=C0REQUESTS'));
const close = (hand: Hand) => hand.page.context().close();

describe('writing', () => {
  it('a slash offers the commands with their hints, Tab takes one, and Enter runs it', async () => {
    const hand = await dana();
    const composer = hand.pane.getByRole('textbox', { name: /^Message / });
    await composer.pressSequentially('/sho');
    await hand.pane.getByRole('option', { name: /\/show.*Post every block/ }).waitFor();
    await composer.press('Tab');
    expect(await composer.inputValue()).toBe('/show ');
    await composer.pressSequentially('card');
    await composer.press('Enter');
    await hand.sees('Waiting for 1 of 2 approvals');
    await close(hand);
  });

  it('Shift+Enter breaks the line, mentions become names, and markup stays text', async () => {
    const hand = await dana();
    const composer = hand.pane.getByRole('textbox', { name: /^Message / });
    await composer.fill('hello @sam <img src=x onerror=alert(1)>');
    await composer.press('Shift+Enter');
    await composer.pressSequentially('second line');
    await composer.press('Enter');
    const message = hand.pane.getByRole('article').last();
    await message.getByText('second line').waitFor();
    expect(await message.textContent()).toContain('hello @Sam Okoye <img src=x onerror=alert(1)>');
    expect(await message.locator('img').count()).toBe(0);
    await close(hand);
  });

  it('Ctrl+K goes anywhere with the keyboard alone', async () => {
    const hand = await dana();
    await hand.page.keyboard.press('Control+k');
    await hand.page.keyboard.type('depl');
    await hand.page.keyboard.press('Enter');
    await hand.sees('payments 1.4.1 is on staging, going to watch it for a day.');
    expect(hand.page.url()).toContain('in=C0DEPLOYS');
    await close(hand);
  });

  it('a command that nobody answers tells only the one who typed it', async () => {
    const hand = await dana();
    await hand.say('/silent ');
    await hand.sees('/silent failed with the error "operation_timeout"');
    await close(hand);
  });
});

describe('elements of a message', () => {
  const choose = async (hand: Hand, select: string | RegExp, option: string | RegExp) => {
    await hand.pane.getByRole('combobox', { name: select }).last().click();
    await hand.page.getByRole('option', { name: option }).first().click();
  };
  const answered = (hand: Hand, id: string, value: string) =>
    hand.sees(new RegExp(`${id}.*says.*${value}`, 's'));

  it('every one of them reaches the app, and the app sees what was chosen', async () => {
    const hand = await dana();
    await hand.say('/show all');
    await hand.sees('Several at once');
    await hand.button('Plain').last().click();
    await answered(hand, 'plain_button', 'plain');
    await hand.button('Accessory').last().click();
    await answered(hand, 'accessory_button', 'side');
    await hand.pane.locator('.block-actions .menu button').last().click();
    await hand.page.getByRole('menuitem', { name: 'Second' }).click();
    await answered(hand, 'overflow', 'second');
    await choose(hand, 'Pick a size', 'Medium');
    await answered(hand, 'static', 'medium');
    await choose(hand, 'Pick a version', 'v1.4.2');
    await answered(hand, 'external', 'v1.4.2');
    await choose(hand, 'Pick a person', /Olga/);
    await answered(hand, 'users', 'U0OLGA');
    await choose(hand, 'Pick a conversation', /#deploys/);
    await answered(hand, 'conversations', 'C0DEPLOYS');
    await choose(hand, 'Pick a channel', /#general/);
    await answered(hand, 'channels', 'C0GENERAL');
    await hand.pane.getByLabel('Date', { exact: true }).last().fill('2026-12-24');
    await answered(hand, 'date', '2026-12-24');
    await hand.pane.getByLabel('Time', { exact: true }).last().fill('09:15');
    await answered(hand, 'time', '09:15');
    await hand.pane.getByRole('radio', { name: 'Large' }).last().click();
    await answered(hand, 'radio', 'large');
    await hand.pane.getByRole('checkbox', { name: 'Small' }).last().click();
    await answered(hand, 'checks', 'small');
    await choose(hand, 'Sizes', 'Large');
    await answered(hand, 'multi_static', 'large');
    await close(hand);
  });

  it('a confirm dialog stands before the click, and a no sends nothing', async () => {
    const hand = await dana();
    await hand.say('/show all');
    await hand.sees('Several at once');
    await hand.button('Danger').last().click();
    await hand.pane.getByRole('alertdialog', { name: 'Sure?' }).waitFor();
    await hand.button('Stop').click();
    expect(await hand.pane.getByRole('alertdialog').count()).toBe(0);
    await hand.button('Danger').last().click();
    await hand.button('Do it').click();
    await hand.sees(/danger_button.*says/s);
    expect(await hand.pane.getByText(/danger_button.*says/s).count()).toBe(1);
    await close(hand);
  });
});

describe('modals', () => {
  it('every input tells the app what was entered', async () => {
    const hand = await dana();
    await hand.say('/form ');
    const form = hand.dialog;
    await form.getByLabel('Name').fill('checkout-pr-7');
    await form.getByLabel('Size').click();
    await hand.page.getByRole('option', { name: 'Large' }).click();
    await form.getByLabel('Version').click();
    await hand.page.getByRole('searchbox').fill('rc');
    await hand.page.getByRole('option', { name: 'v1.5.0-rc.1' }).click();
    await form.getByLabel('Reviewers').click();
    await hand.page.getByRole('option', { name: /Sam Okoye/ }).click();
    await hand.page.keyboard.press('Escape');
    await form.getByLabel('E-mail').fill('dana@acme.example');
    await form.getByLabel('Link').fill('https://acme.example/pr/7');
    await form.getByLabel('Hours').fill('8');
    await form.getByLabel('Day').fill('2026-12-01');
    await form.getByLabel('Time').fill('08:30');
    await form.getByLabel('Moment').fill('2026-12-01T10:00');
    await form.getByRole('checkbox', { name: /Cache/ }).check();
    await form.getByRole('radio', { name: 'Medium' }).check();
    await form.getByLabel('Reason').fill('two\nlines');
    await form.getByRole('button', { name: 'Send' }).click();
    await form.waitFor({ state: 'detached' });
    await hand.sees(/sent:/);
    const sent = await hand.pane.getByRole('article').last().textContent();
    for (const part of [
      'name={"type":"plain_text_input","value":"checkout-pr-7"}',
      '"value":"large"',
      '"value":"v1.5.0-rc.1"',
      '"selected_users":["U0SAM"]',
      '"value":"dana@acme.example"',
      '"value":"https://acme.example/pr/7"',
      '"value":"8"',
      '"selected_date":"2026-12-01"',
      '"selected_time":"08:30"',
      // Ten in the morning in Berlin, in winter.
      `"selected_date_time":${Date.UTC(2026, 11, 1, 9) / 1000}`,
      '"value":"cache"',
      '"value":"medium"',
      '"value":"two\\nlines"',
    ]) {
      expect(sent).toContain(part);
    }
    await close(hand);
  });

  it('errors stand at their fields, are tied to them, and go away when the field is mended', async () => {
    const hand = await dana();
    await hand.say('/form ');
    await hand.dialog.getByRole('button', { name: 'Send' }).click();
    const name = hand.dialog.getByLabel('Name');
    await hand.dialog.getByRole('alert').waitFor();
    expect(await name.getAttribute('aria-invalid')).toBe('true');
    const describedBy = (await name.getAttribute('aria-describedby'))?.split(' ') ?? [];
    expect(await hand.page.locator(`[id="${describedBy[0]}"]`).textContent()).toContain('required');
    await name.fill('ok');
    await hand.dialog.getByLabel('E-mail').fill('x@nowhere.example');
    await hand.dialog.getByRole('button', { name: 'Send' }).click();
    await hand.dialog.getByText('Nobody lives at nowhere.example.').waitFor();
    await hand.page.keyboard.press('Escape');
    await hand.dialog.waitFor({ state: 'detached' });
    await close(hand);
  });

  it('an input that dispatches is heard while one types, and keeps what was typed', async () => {
    const hand = await dana();
    await hand.say('/form ');
    await hand.dialog.getByLabel('Live').pressSequentially('seven!!');
    await hand.dialog.getByText('You typed 7 characters.').waitFor();
    expect(await hand.dialog.getByLabel('Live').inputValue()).toBe('seven!!');
    await close(hand);
  });

  it('views stack three deep, Esc takes one off, the cross takes all', async () => {
    const hand = await dana();
    await hand.say('/stack ');
    await hand.dialog.getByText('This is view 1').waitFor();
    await hand.button('One more').click();
    await hand.dialog.getByText('This is view 2').waitFor();
    await hand.button('One more').click();
    await hand.dialog.getByText('This is view 3').waitFor();
    await hand.page.keyboard.press('Escape');
    await hand.dialog.getByText('This is view 2').waitFor();
    await hand.button('Close all').click();
    await hand.dialog.waitFor({ state: 'detached' });
    await close(hand);
  });

  it('Tab never leaves an open modal', async () => {
    const hand = await dana();
    await hand.say('/stack ');
    await hand.dialog.waitFor();
    for (let presses = 0; presses < 8; presses += 1) {
      await hand.page.keyboard.press('Tab');
      expect(await hand.page.locator('[role=dialog] :focus').count()).toBe(1);
    }
    await close(hand);
  });
});

describe('shortcuts', () => {
  it('a message shortcut starts from a message, a global one from anywhere', async () => {
    const hand = await dana();
    const message = hand.pane.getByRole('article').last();
    await message.hover();
    await message.getByRole('button', { name: 'More actions' }).click();
    await hand.page.getByRole('menuitem', { name: /Request from this/ }).click();
    await hand.dialog.getByText('This is view 1').waitFor();
    await hand.page.keyboard.press('Escape');
    await hand.dialog.waitFor({ state: 'detached' });
    await hand.button('Shortcuts').click();
    await hand.page.getByRole('menuitem', { name: /New request/ }).press('Enter');
    await hand.dialog.getByLabel('Name').waitFor();
    await close(hand);
  });

  it('a reaction is added with one click and taken back with another', async () => {
    const hand = await dana();
    const message = hand.pane.getByRole('article').first();
    await message.hover();
    await message.getByRole('button', { name: 'React with white check mark' }).click();
    const reaction = message.getByRole('button', { pressed: true });
    await reaction.click();
    await reaction.waitFor({ state: 'detached' });
    await close(hand);
  });
});

describe('two people side by side', () => {
  it('each sees and does their own: whispers and modals do not cross over', async () => {
    const page = await open('as=U0DANA&in=C0REQUESTS&beside=U0SAM&besideIn=C0REQUESTS');
    const [danaHand, samHand] = [handOf(page, 'U0DANA'), handOf(page, 'U0SAM')];
    await danaHand.say('/secret ');
    await danaHand.sees('Only you can read');
    expect(await samHand.pane.getByText('Only you can read').count()).toBe(0);
    await danaHand.say('/form ');
    await danaHand.dialog.waitFor();
    expect(await samHand.dialog.count()).toBe(0);
    // Dana's modal does not keep Sam from working.
    await samHand.say('good morning from Sam');
    await danaHand.sees('good morning from Sam');
    await page.context().close();
  });

  it('what one asks the other approves, and both cards change at once', async () => {
    const page = await open('as=U0DANA&in=C0REQUESTS&beside=U0SAM&besideIn=C0REQUESTS');
    const [danaHand, samHand] = [handOf(page, 'U0DANA'), handOf(page, 'U0SAM')];
    await danaHand.say('/show card');
    await samHand.button('Approve').last().click();
    await samHand.pane.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).click();
    await danaHand.sees(/Approved by @Sam Okoye/);
    await samHand.sees(/Approved by @Sam Okoye/);
    await page.context().close();
  });

  it('what one did not read yet is marked, mentions with their number, until one looks', async () => {
    const page = await open('as=U0DANA&in=C0REQUESTS&beside=U0SAM&besideIn=C0GENERAL');
    const [danaHand, samHand] = [handOf(page, 'U0DANA'), handOf(page, 'U0SAM')];
    const row = danaHand.pane.locator('[data-channel="C0GENERAL"]');
    await row.click();
    await danaHand.pane.locator('[data-channel="C0REQUESTS"]').click();
    await samHand.say('nothing special');
    await row.locator('.unread-dot').waitFor();
    await samHand.say('@dana have a look');
    await row.getByText('1', { exact: true }).waitFor();
    await row.click();
    await row.locator('.mention-count').waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('one click on a face changes who one is', async () => {
    const hand = await dana();
    await hand.pane.getByRole('button', { name: /^Act as Gil Gast, .*Guest/ }).click();
    const gil = handOf(hand.page, 'U0GIL');
    await gil.sees('Is the search staging crash known? I see it restart all the time.');
    expect(await gil.pane.locator('[data-channel="C0GENERAL"]').count()).toBe(0);
    expect(hand.page.url()).toContain('as=U0GIL');
    await close(hand);
  });
});

describe('light, dark, large and small', () => {
  it('follows the system, until somebody chooses, and remembers the choice', async () => {
    const page = await open('as=U0DANA', { colorScheme: 'dark' });
    const ground = () =>
      page
        .locator('.pane')
        .first()
        .evaluate((pane) => getComputedStyle(pane).backgroundColor);
    expect(await ground()).toBe('rgb(21, 27, 25)');
    await page.getByRole('button', { name: 'Light mode' }).click();
    expect(await ground()).toBe('rgb(255, 255, 255)');
    await page.reload();
    await page.locator('.message').first().waitFor();
    expect(await ground()).toBe('rgb(255, 255, 255)');
    await page.context().close();
  });

  it('at 390 px everything is in reach and nothing sticks out', async () => {
    const page = await open('as=U0DANA&in=C0REQUESTS', { viewport: { width: 390, height: 780 } });
    const hand = handOf(page);
    await hand.say('/show all');
    await hand.sees('Several at once');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(
      await hand.pane.locator('.message-list').evaluate((list) => list.scrollWidth - list.clientWidth),
    ).toBe(0);
    await hand.button('Channels and people').click();
    await hand.pane.locator('[data-channel="C0GENERAL"]').click();
    await hand.sees(/no deploys during the all-hands/);
    await page.context().close();
  });
});

describe("the sandbox's tools", () => {
  it('the inspector shows what goes back and forth, and finds it again', async () => {
    const hand = await dana();
    await hand.page.getByRole('button', { name: 'Inspector', exact: true }).click();
    await hand.say('/secret ');
    const journal = hand.page.getByRole('list', { name: 'Journal' });
    await journal.getByText('envelope:slash_commands').first().waitFor();
    await hand.page.getByRole('searchbox', { name: 'Filter the journal' }).fill('/secret');
    await journal.getByRole('button').first().click();
    await journal.getByText('"command": "/secret"').first().waitFor();
    expect(await journal.textContent()).not.toContain('xoxb-');
    await close(hand);
  });

  it('the world panel breaks Slack, shows what is broken, and mends it', async () => {
    const hand = await dana();
    await hand.page.getByRole('button', { name: 'World', exact: true }).click();
    await hand.page.getByRole('button', { name: /GitHub is down/ }).click();
    await hand.page
      .getByRole('list', { name: 'Active faults' })
      .getByText(/answers 502/)
      .waitFor();
    await hand.page.getByRole('button', { name: /^Mend / }).click();
    await hand.page.getByText('Everything works.').waitFor();
    const before = world.box.clock.now();
    await hand.page.getByRole('button', { name: '+ 8 h' }).click();
    await hand.page.getByText('8 h went by.').waitFor();
    expect(world.box.clock.now() - before).toBeGreaterThanOrEqual(8 * 3_600_000);
    await close(hand);
  });
});

describe('threads', () => {
  it('a reply is written beside the channel, counted under its message, and reached by its permalink', async () => {
    const hand = await dana();
    await hand.button(/2 replies/).click();
    const thread = hand.pane.getByRole('complementary', { name: 'Thread' });
    const reply = thread.getByRole('textbox', { name: 'Reply in thread' });
    await reply.fill('a third one');
    await reply.press('Enter');
    await thread.getByText('a third one').waitFor();
    await hand.button(/3 replies/).waitFor();
    const ts = (await thread.getByRole('article').last().getAttribute('data-ts')) ?? '';
    const parent = new URL(hand.page.url()).searchParams.get('thread') ?? '';
    await reply.press('Escape');
    await thread.waitFor({ state: 'detached' });
    const link = `${world.box.url}/archives/C0REQUESTS/p${ts.replace('.', '')}?thread_ts=${parent}`;
    await hand.say(`look at ${link}`);
    await hand.pane.getByRole('link', { name: link }).click();
    await thread.locator(`[data-ts="${ts}"].is-target`).waitFor();
    await hand.page.goto(link);
    await thread.getByText('a third one').waitFor();
    await close(hand);
  });
});

describe('long channels', () => {
  it('older messages come in above, in order, and what one read stays where it is', async () => {
    const hand = await dana();
    const send = (text: string) =>
      hand.page.request.post(`${world.box.url}/control/command`, {
        data: { person: 'U0LEE', command: { do: 'say', channel: 'C0REQUESTS', text } },
      });
    for (let number = 1; number <= 70; number += 1) await send(`line ${number}`);
    await hand.page.reload();
    await hand.sees('line 70');
    expect(await hand.pane.getByText('line 15', { exact: true }).count()).toBe(0);
    const oldest = hand.pane.getByText('line 21', { exact: true });
    await oldest.scrollIntoViewIfNeeded();
    await hand.pane.locator('.message-list').evaluate((list) => list.scrollTo(0, 0));
    const before = (await oldest.boundingBox())?.y ?? 0;
    await hand.button('Show older messages').click();
    await hand.pane.getByText('line 15', { exact: true }).waitFor({ state: 'attached' });
    const moved = Math.abs(((await oldest.boundingBox())?.y ?? 0) - before);
    expect(moved).toBeLessThan(60);
    const lines = await hand.pane.getByText(/^line \d+$/).allTextContents();
    expect(lines).toEqual(Array.from({ length: 70 }, (_, index) => `line ${index + 1}`));
    // The thread hangs on a message that a fresh page has not loaded.
    const parent = await hand.pane.getByRole('article').first().getAttribute('data-ts');
    await hand.page.goto(`${world.box.url}/?as=U0DANA&in=C0REQUESTS&thread=${parent}`);
    await hand.pane.getByRole('complementary', { name: 'Thread' }).getByText('Oh, nice.').waitFor();
    await close(hand);
  });
});

describe('coming and going', () => {
  it('a reload shows the same place, and Home is published again for who looks', async () => {
    const hand = await dana();
    await hand.pane.getByRole('button', { name: 'greenlight' }).first().click();
    await hand.sees('Your requests');
    await hand.page.reload();
    await hand.sees('Your requests');
    await close(hand);
  });

  it('the app going and coming back is said, without a reload', async () => {
    const hand = await dana();
    await world.app.stop();
    await hand.sees('greenlight is not connected.');
    world.app = await startKitchenApp(world.box.apiUrl);
    await hand.pane.getByText('greenlight is not connected.').waitFor({ state: 'detached' });
    await hand.say('/secret ');
    await hand.sees('Only you can read');
    await close(hand);
  });

  it('the sandbox going and coming back is said, and what is gone is gone', async () => {
    const hand = await dana();
    await hand.say('written before the restart');
    await hand.sees('written before the restart');
    const { port } = world.box;
    await world.app.stop();
    await world.box.stop();
    await hand.sees('The sandbox is away.');
    const box = await startBox(port);
    world = { ...world, box, app: await startKitchenApp(box.apiUrl) };
    await hand.sees(/starts afresh/);
    expect(await hand.pane.getByText('written before the restart').count()).toBe(0);
    await hand.say('/secret ');
    await hand.sees('Only you can read');
    await close(hand);
  });
});
