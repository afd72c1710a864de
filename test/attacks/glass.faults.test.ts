/** Emergencies at Slack's doors: broken by who may not, in a forged form, again while one is open, cleared by oneself. */
import { beforeAll, expect, test } from 'vitest';
import { click, fresh, type Payload, siege, submission } from './siege.ts';

const bot = siege();
const reason = 'customers <!channel> <@U0LEE> <https://evil.example|cannot> pay';
const flag = (why: string) => `payments v1.4.2 production --break-glass "${why}"`;
/** Sam's, in an emergency: the first request of all. */
const emergency = 'REQ-1';
let command: Payload = {};
let form: Payload = {};
let look: Payload = {};

beforeAll(async () => {
  const { as, after, captured, stage } = bot;
  // The same person once more, under another name and in other letters.
  const { seed, reset } = stage.world.slack;
  const sam = seed.people.find(({ id }) => id === 'U0SAM');
  if (!sam) throw new Error('the seed has no Sam');
  seed.people.push({ ...sam, id: 'U0SAM2', name: 'sam.private', email: 'Sam@Acme.example' });
  for (const channel of seed.channels) channel.members.push('U0SAM2');
  reset();
  await after(as('U0SAM').command('#deploys', `/deploy ${flag(reason)}`));
  command = captured('slash_commands');
  const alarm = await stage.until(as('U0DANA').sees('Glass broken', { in: '#incidents' }));
  await after(as('U0DANA').click('I have looked at it', { in: alarm }));
  look = captured('block_actions');
  await as('U0DANA').command('#deploys', '/deploy payments v1.4.1');
  await stage.until(as('U0DANA').seesModal('Deploy a service'));
  await as('U0DANA').fill('Environment', 'production');
  await after(as('U0DANA').submit());
  form = captured('view_submission');
});

async function count(): Promise<number> {
  for (let number = 1; ; number += 1) {
    const known = await bot.request(`REQ-${number}`).catch(() => undefined);
    if (!known) return number - 1;
  }
}
/** The request that this makes; nothing when it makes none. */
async function madeBy(deed: () => Promise<unknown>) {
  const before = await count();
  await deed();
  const after = await count();
  expect(after - before).toBeLessThanOrEqual(1);
  return after > before ? bot.request(`REQ-${after}`) : undefined;
}
const typed = (user: string, text: string) =>
  bot.send(fresh({ ...command, user_id: user, text, command: '/deploy' }));
const chosen = (kind: unknown, why?: string) => ({
  bypass: { 'form.bypass': { type: 'radio_buttons', selected_option: { value: kind } } },
  ...(why === undefined ? {} : { 'bypass-reason': { reason: { type: 'plain_text_input', value: why } } }),
});
/** As if from a form of its own. */
const forged = (user: string, values: Record<string, unknown>) => {
  drafts += 1;
  const metadata = { ...JSON.parse(form.view.private_metadata), draftId: `${'d'.repeat(20)}${drafts}` };
  return submission(form, { user, values, metadata });
};
let drafts = 0;
const owes = async () => (await bot.request(emergency)).glass?.reviewed === undefined;

test.each(['U0GIL', 'U0ODA', 'U0RON'])('%s, who is no member, breaks no glass', async (user) => {
  bot.refusals();
  expect(await madeBy(() => typed(user, flag('customers cannot pay')))).toBeUndefined();
  expect(bot.refusals()).toHaveLength(1);
});

test.each(['U0DANA', 'U0LEE', 'U0PRIYA'])('%s, whom the policy does not name, is refused', async (user) => {
  const made = await madeBy(() => typed(user, flag('customers cannot pay')));
  expect(made).toMatchObject({ status: 'denied', requester: { id: user } });
  expect(made?.verdict?.reasons.at(-1)?.text).toBe('the policy does not let you break glass here');
  expect(made?.glass).toBeUndefined();
});

test('a form that says so, though it was offered no such thing, is refused as well', async () => {
  const values = chosen('break_glass', 'customers cannot pay');
  const made = await madeBy(() => bot.send(forged('U0DANA', values)));
  expect(made).toMatchObject({ status: 'denied', requester: { id: 'U0DANA' } });
  expect(made?.startedAt).toBeUndefined();
});

test.each([
  ['a kind that there is not', chosen('root', 'customers cannot pay')],
  ['a word of the language', chosen('__proto__', 'customers cannot pay')],
])('a form with %s cannot be read', async (_what, values) => {
  let answer: unknown;
  expect(
    await madeBy(async () => {
      answer = (await bot.send(forged('U0DANA', values))).body;
    }),
  ).toBeUndefined();
  expect(JSON.stringify(answer)).toContain('This form cannot be read');
});

test.each([
  ['no reason', ''],
  ['a reason of spaces', ' '.repeat(40)],
  ['a reason of one word', 'urgent'],
  ['a reason of three thousand characters', 'x'.repeat(3000)],
  ['a reason of control characters', '\u0001'.repeat(3000)],
])('a form with %s asks for it again', async (_what, why) => {
  const blocks = [...form.view.blocks, { type: 'input', block_id: 'bypass-reason' }];
  const sent = forged('U0OLGA', chosen('break_glass', why));
  let answer: unknown;
  const made = await madeBy(async () => {
    answer = (await bot.send({ ...sent, view: { ...sent.view, blocks } })).body;
  });
  expect(made).toBeUndefined();
  expect(JSON.stringify(answer)).toContain('Breaking glass needs a reason');
});

test.each(['urgent', 'x'.repeat(3000)])('a flag with a reason of %# is refused', async (why) => {
  bot.refusals();
  expect(await madeBy(() => typed('U0OLGA', flag(why)))).toBeUndefined();
  expect(bot.refusals()[0]).toContain('Breaking glass needs a reason');
});

test.each(['U0SAM', 'U0SAM2'])('%s breaks none while one of theirs is open', async (user) => {
  const made = await madeBy(() => typed(user, flag('customers cannot pay, again')));
  expect(made?.status).toBe('denied');
  expect(made?.verdict?.reasons.at(-1)?.text).toContain(`nobody has looked at ${emergency} yet`);
});

test.each([
  ['U0SAM', /You broke glass here yourself/],
  ['U0SAM2', /You broke glass here yourself/],
  ['U0PRIYA', /./],
  ['U0GIL', /^Guests/],
  ['U0ODA', /./],
  ['U0RON', /deactivated/],
])('%s does not clear it by a forged click', async (user, said) => {
  bot.refusals();
  await bot.send(click(look, { user, value: emergency }));
  expect(bot.refusals().join('\n')).toMatch(said);
  expect(await owes()).toBe(true);
});

test.each([
  ['', 'This button cannot be read.'],
  ['REQ-1\nREQ-2', 'This button cannot be read.'],
  ['../REQ-1', 'This button cannot be read.'],
  ['REQ-999', 'There is no request REQ-999.'],
  ['REQ-2', 'REQ-2 was no emergency.'],
])('a button of the one who may that says %j clears nothing', async (value, said) => {
  bot.refusals();
  await bot.send(click(look, { user: 'U0LEE', value }));
  expect(bot.refusals()).toEqual([said]);
  expect(await owes()).toBe(true);
});

test('the reason is only ever text, on the card, in the alarm, and in the answers', async () => {
  const all = await bot.everythingSeenBy(['U0DANA', 'U0LEE', 'U0SAM']);
  expect(all).toContain('&lt;!channel&gt;');
  expect(all).not.toMatch(/<!channel>|<@U0LEE>: |<https:\/\/evil/u);
});

test('somebody else of the group clears it, once', async () => {
  await bot.send(click(look, { user: 'U0LEE', value: emergency }));
  expect((await bot.request(emergency)).glass?.reviewed?.by.id).toBe('U0LEE');
  bot.refusals();
  await bot.send(click(look, { user: 'U0OLGA', value: emergency }));
  expect(bot.refusals()[0]).toContain(`has looked at ${emergency} already`);
});
