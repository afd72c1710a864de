/** Whoever is not a member gets in at no door, whatever they send. */
import { beforeAll, describe, expect, test } from 'vitest';
import { alertShortcut } from '../../src/slack/manifest.ts';
import { click, fresh, type Payload, siege, submission } from './siege.ts';

const bot = siege();

/** Real payloads of members, from which the attacks are made. */
const real: { command: Payload; click: Payload; answer: Payload; denial: Payload; form: Payload } = {
  command: {},
  click: {},
  answer: {},
  denial: {},
  form: {},
};
let waiting = { id: '', value: '' };

beforeAll(async () => {
  const { as, stage, captured, after, asksForMuch } = bot;
  const denied = await asksForMuch('first');
  await as('U0LEE').click('Deny', { in: denied.card });
  await stage.until(as('U0LEE').seesModal('Deny REQ-1'));
  await as('U0LEE').fill('Reason', 'to learn what this looks like');
  await after(as('U0LEE').submit());
  real.denial = captured('view_submission');

  const open = await asksForMuch('second');
  await after(as('U0LEE').click('Details', { in: open.card }));
  await as('U0LEE').close({ all: true });
  real.click = captured('block_actions');
  waiting = { id: open.id, value: real.click.actions[0].value };

  await as('U0LEE').command('#platform-requests', '/svc payments');
  const answer = await stage.until(as('U0LEE').sees('Payments', { ephemeral: true }));
  await after(as('U0LEE').click('Refresh', { in: answer }));
  real.answer = captured('block_actions');

  await as('U0DANA').command('#platform-requests', '/env create');
  await stage.until(as('U0DANA').seesModal('Create an environment'));
  await as('U0DANA').fill('Name', 'third');
  await after(as('U0DANA').submit());
  real.form = captured('view_submission');
  real.command = captured('slash_commands');

  await stage.people.change({ do: 'set-person', user: 'U0MAX', kind: 'bot' });
  await stage.people.advance(61_000);
});

const strangers = [
  { who: 'a guest', user: 'U0GIL', sentence: 'Guests of this workspace cannot use Greenlight.' },
  {
    who: 'a member of another company',
    user: 'U0ODA',
    sentence: 'Greenlight answers only to members of the company that runs it.',
  },
  { who: 'a deactivated member', user: 'U0RON', sentence: 'This account is deactivated.' },
  { who: 'a bot', user: 'U0MAX', sentence: 'Greenlight takes no requests from bots.' },
  {
    who: 'an account that Slack does not know',
    user: 'U0GHOST',
    sentence: 'Slack does not know this account.',
  },
];

const doors: { door: string; payload: (user: string) => Payload }[] = [
  ...[
    '/env create sneaky',
    '/env create',
    '/deploy payments v1.4.2 to staging',
    '/svc payments',
    '/requests',
    '/requests REQ-1',
  ].map((line) => ({
    door: `the command ${line}`,
    payload: (user: string) => command(user, line),
  })),
  ...['card.approve', 'card.deny', 'card.details'].map((action) => ({
    door: `the button ${action}`,
    payload: (user: string) => click(real.click, { user, action }),
  })),
  {
    door: 'the menu that cancels',
    payload: (user) => {
      const forged = click(real.click, { user, action: 'card.more' });
      const [action] = forged.actions;
      return { ...forged, actions: [{ ...action, selected_option: { value: `cancel ${waiting.value}` } }] };
    },
  },
  ...['answer.refresh', 'answer.show'].map((action) => ({
    door: `the button ${action}`,
    payload: (user: string) => click(real.answer, { user, action }),
  })),
  {
    door: 'a button that opens a form',
    payload: (user) => click(real.answer, { user, action: 'answer.run.0', value: '/deploy payments' }),
  },
  {
    door: "a denial's form",
    payload: (user) => submission(real.denial, { user, metadata: denialOf(waiting.id) }),
  },
];

describe.each(strangers)('$who is refused', ({ user, sentence }) => {
  test.each(doors)('at $door', async ({ payload }) => {
    const before = await bot.request(waiting.id);
    bot.refusals();
    await bot.send(payload(user));
    expect(bot.refusals()).toEqual([sentence]);
    expect((await bot.request(waiting.id)).version).toBe(before.version);
    await expect(bot.request('REQ-4')).rejects.toThrow('there is no REQ-4');
  });

  test('at a form that is submitted', async () => {
    bot.refusals();
    const { body } = await bot.send(submission(real.form, { user }));
    expect(JSON.stringify(body)).toContain(sentence);
    await expect(bot.request('REQ-4')).rejects.toThrow('there is no REQ-4');
  });

  test('at a field that changes, without a word to a form that is not theirs', async () => {
    const change = { ...fresh(real.form), type: 'block_actions', actions: [{ action_id: 'form.field.cpu' }] };
    const calls = bot.stage.world.journal.since(0).at(-1)?.id ?? 0;
    await bot.send({ ...change, user: { ...real.form.user, id: user } });
    const updates = bot.stage.world.journal.since(calls).filter((one) => one.operation === 'views.update');
    expect(updates).toEqual([]);
  });
});

/** They all ask the same question first, so that one stranger stands for all here. */
const furtherDoors: { door: string; payload: (user: string) => Payload }[] = [
  ...['card.go_back', 'lock.release', 'lock.keep', 'watch.stop'].map((action) => ({
    door: `the button ${action}`,
    payload: (user: string) => click(real.click, { user, action }),
  })),
  {
    door: 'the shortcut on an alert',
    payload: (user) => {
      const { actions: _, ...rest } = click(real.click, { user });
      const message = { text: 'service: payments' };
      return { ...rest, type: 'message_action', callback_id: alertShortcut, message };
    },
  },
];

test.each(furtherDoors)('a guest is refused at $door', async ({ payload }) => {
  bot.refusals();
  await bot.send(payload('U0GIL'));
  expect(bot.refusals()).toEqual([strangers[0]?.sentence]);
});

test('who types into the list of a form finds something only as a member', async () => {
  const { user: _user, actions: _actions, ...rest } = click(real.click, {});
  const typed = { type: 'block_suggestion', action_id: 'form.field.service', block_id: 'x', value: 'pay' };
  const private_metadata = JSON.stringify({ action: 'deploy', draftId: 'x'.repeat(32) });
  const view = { ...real.form.view, private_metadata, state: { values: {} } };
  const found = async (user: string) => {
    const { body } = await bot.send({ ...rest, ...typed, user: { ...real.click.user, id: user }, view });
    return JSON.stringify(body);
  };
  expect(await found('U0DANA')).toContain('payments');
  for (const { user } of strangers) expect(await found(user)).not.toContain('payments');
});

test('nobody outside was shown a form', async () => {
  for (const user of ['U0GIL', 'U0ODA']) expect((await bot.as(user).view()).modals).toEqual([]);
});

function command(user: string, line: string): Payload {
  const [name = '', ...rest] = line.split(' ');
  const { response_url: _, ...kept } = real.command;
  return fresh({ ...kept, user_id: user, command: name, text: rest.join(' ') });
}

function denialOf(id: string) {
  return { ...JSON.parse(real.denial.view.private_metadata), id, digest: waiting.value.split(':')[2] };
}
