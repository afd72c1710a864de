/** Nobody lets go, keeps or takes a lock that is not theirs, whatever their click says. */
import { beforeAll, expect, test } from 'vitest';
import { click, type Payload, siege } from './siege.ts';

const bot = siege();
let real: Payload = {};
const lock = 'REQ-1';

beforeAll(async () => {
  await bot.after(
    bot.as('U0SAM').command('#incidents', '/lock payments staging for 4h --reason "incident 42"'),
  );
  await bot.after(bot.as('U0PRIYA').command('#deploys', '/lock'));
  const list = await bot.as('U0PRIYA').sees('1 lock held by people', { in: '#deploys' });
  await bot.after(bot.as('U0PRIYA').click('Refresh', { in: list }));
  real = bot.captured('block_actions');
});

const holder = async () => {
  const { lock: held } = await bot.request(lock);
  return held?.end ? 'nobody' : held?.holder.id;
};

test.each(['lock.release', 'lock.keep'])(
  'a forged click on %s counts as the click of whoever sent it',
  async (action) => {
    bot.refusals();
    await bot.send(click(real, { user: 'U0PRIYA', action, value: lock }));
    const [said = ''] = bot.refusals();
    if (action === 'lock.keep') expect(said).toBe('payments in staging is locked by Sam Okoye, not by you.');
    expect(await holder()).toBe('U0SAM');
  },
);

test.each(['U0GIL', 'U0ODA', 'U0RON'])('%s, who is no member, gets at no lock', async (user) => {
  for (const action of ['lock.release', 'lock.keep']) {
    bot.refusals();
    await bot.send(click(real, { user, action, value: lock }));
    expect(bot.refusals()).toHaveLength(1);
  }
  for (const line of [
    '/lock',
    '/lock release payments staging',
    '/lock steal payments staging from REQ-1 --reason now',
  ]) {
    bot.refusals();
    await bot.after(
      bot
        .as(user)
        .command('#deploys', line)
        .catch(() => undefined),
    );
  }
  expect(await holder()).toBe('U0SAM');
});

test.each(['', 'garbage', '../REQ-1', 'REQ-1\nREQ-2', 'REQ-99999999999'])(
  'a button that says %j cannot be read',
  async (value) => {
    bot.refusals();
    await bot.send(click(real, { user: 'U0SAM', action: 'lock.release', value }));
    expect(bot.refusals()).toEqual(['This button cannot be read.']);
    expect(await holder()).toBe('U0SAM');
  },
);

test('a theft that does not say from whom only opens its form', async () => {
  await bot.after(bot.as('U0PRIYA').command('#deploys', '/lock steal payments staging --reason "just so"'));
  await bot.as('U0PRIYA').seesModal('Steal a lock');
  await bot.as('U0PRIYA').close({ all: true });
  expect(await holder()).toBe('U0SAM');
});

test('a reason that wants to be markup is only text', async () => {
  const reason = '<!channel> done <https://evil.example|click here>';
  await bot.after(bot.as('U0PRIYA').command('#deploys', `/lock payments production --reason "${reason}"`));
  await bot.after(bot.as('U0MAX').command('#deploys', '/lock'));
  const seen = await bot.everythingSeenBy(['U0MAX']);
  expect(seen).toContain('done');
  expect(seen).not.toContain('<!channel>');
  // An address may be followed where it is shown as it is; behind other words it may not.
  expect(seen).not.toContain('|click here>');
});
