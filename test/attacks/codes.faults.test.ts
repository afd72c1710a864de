/** The second factor in Slack: set up once in a form that keeps nothing, asked for at a click, and no way around it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { codeAt } from '../../src/codes/time-codes.ts';
import { codeLimits } from '../../src/core/codes.ts';
import { siege } from './siege.ts';

const bot = siege();
const keys = new Map<string, string>();
const step = codeLimits.stepMs.value;

beforeAll(async () => {
  for (const who of ['U0LEE', 'U0SAM']) keys.set(who, await enrol(who));
});

/** Reads the key out of the form, as a person would, and types its first code. */
async function enrol(who: string): Promise<string> {
  const me = bot.as(who);
  await me.command('#platform-requests', '/code enrol');
  const modal = await bot.stage.until(me.seesModal('Second factor'));
  const key = /`((?:[A-Z2-7]{4} ?){8})`/.exec(JSON.stringify(modal))?.[1]?.replaceAll(' ', '') ?? '';
  expect(key).toHaveLength(32);
  await me.fill('Code of the new key', codeNow(key));
  await bot.after(me.submit());
  expect(JSON.stringify((await me.view()).modals)).toContain('Your second factor is set up.');
  await me.close({ all: true });
  await bot.stage.people.advance(step);
  return key;
}

function codeNow(key: string): string {
  return codeAt(key, bot.stage.world.clock.now());
}

/** Priya asks for what only a platform lead with a code lets through. */
async function asksToStop(service = 'payments', by = 'U0PRIYA') {
  await bot.as(by).command('#platform-requests', `/svc scale ${service} to 0 in production`);
  const card = await bot.stage.until(
    bot.as('U0LEE').sees(`Scales ${service} in production`, { in: '#deploys' }),
  );
  const id = /REQ-\d+/.exec(JSON.stringify(card.blocks))?.[0] ?? '';
  return { id, card };
}

async function approves(who: string, card: Awaited<ReturnType<typeof asksToStop>>['card'], code: string) {
  const me = bot.as(who);
  await me.click('Approve', { in: card, confirm: true });
  await bot.stage.until(me.seesModal());
  await me.fill('Code', code);
  await bot.after(me.submit());
}

const wrong = 'This code does not count: it is wrong, too old, or was used before.';

describe('a requirement with step_up', () => {
  test('a wrong code, one of another person, then the right one; it counts once', async () => {
    const { id, card } = await asksToStop();
    bot.refusals();
    const lee = bot.as('U0LEE');
    for (const guess of ['000000', codeNow(keys.get('U0SAM') ?? '')]) {
      await approves('U0LEE', card, guess);
      // Said where it can be mended: the form stays.
      expect(JSON.stringify((await lee.view()).modals)).toContain(wrong);
      await lee.close({ all: true });
    }
    expect(bot.lines.join('\n').split(wrong)).toHaveLength(3);
    expect((await bot.request(id)).reviews).toEqual([]);

    const code = codeNow(keys.get('U0LEE') ?? '');
    await approves('U0LEE', card, code);
    expect((await bot.request(id)).reviews).toMatchObject([{ by: 'U0LEE', factor: 'code' }]);
    const shown = await bot.everythingSeenBy(['U0LEE', 'U0PRIYA']);
    expect(shown).toContain('Lee Winter approved with a code');
    for (const secret of [code, ...keys.values()]) {
      expect(shown).not.toContain(secret);
      expect(bot.lines.join('\n')).not.toContain(secret);
    }
    const inFours = (keys.get('U0LEE') ?? '').slice(0, 4);
    expect(shown).not.toContain(`${inFours} `);
  });

  test('what is no code is said at its field and costs no try', async () => {
    const { card } = await asksToStop('checkout', 'U0DANA');
    const me = bot.as('U0LEE');
    await me.click('Approve', { in: card, confirm: true });
    await bot.stage.until(me.seesModal());
    await me.fill('Code', '12345a');
    await bot.after(me.submit());
    expect(JSON.stringify((await me.view()).modals)).toContain('Type the six digits that your app shows.');
    await me.close({ all: true });
  });
});

test('a guess at the old code of another key is said at its field, and kept', async () => {
  const me = bot.as('U0SAM');
  await me.command('#platform-requests', '/code enrol');
  const modal = await bot.stage.until(me.seesModal('Second factor'));
  const key = /`((?:[A-Z2-7]{4} ?){8})`/.exec(JSON.stringify(modal))?.[1]?.replaceAll(' ', '') ?? '';
  await me.fill('Code of the new key', codeNow(key));
  await me.fill('Code of the old key', '000000');
  bot.refusals();
  await bot.after(me.submit());
  expect(bot.refusals()).toContain('This code does not count: it is wrong, too old, or was used before.');
  const { modals } = await me.view();
  expect(modals.at(-1)?.errors).toEqual({
    old_code: expect.stringMatching(
      /^This code does not count: .* Wait for the next code .* Reference \S+\.$/,
    ),
  });
  await me.close({ all: true });
});

test('nobody resets their own; a lead resets another one, who is told; everybody else is refused', async () => {
  bot.refusals();
  await bot.after(bot.as('U0LEE').command('#platform-requests', '/code reset @U0LEE'));
  await bot.after(bot.as('U0DANA').command('#platform-requests', '/code reset @U0LEE'));
  await bot.after(bot.as('U0LEE').command('#platform-requests', '/code reset @U0SAM'));
  await bot.stage.settle();
  expect(await bot.everythingSeenBy(['U0LEE'])).toContain('Nobody resets their own second factor.');
  const told = await bot.everythingSeenBy(['U0SAM']);
  expect(told).toContain('Lee Winter has reset your second factor');
  expect(told).toContain('A second factor was set up for you');
});

test('what waits in the name of somebody whose account is deactivated is cancelled at once', async () => {
  const { id } = await bot.asksForMuch('left-behind', 'U0MAX');
  await bot.stage.people.change({ do: 'set-person', user: 'U0MAX', kind: 'deactivated' });
  await bot.stage.until(
    bot.as('U0LEE').sees('the account of Max Brandt was deactivated', { in: '#platform-requests' }),
  );
  expect(await bot.request(id)).toMatchObject({ status: 'cancelled', cancelledBecause: 'deactivated' });
});
