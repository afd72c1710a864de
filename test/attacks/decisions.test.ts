/** Nobody decides who may not, whatever their click says and whenever it comes. */
import { beforeAll, describe, expect, test } from 'vitest';
import { personIdSchema, readRequestId } from '../../src/core/ids.ts';
import { isThere } from '../../src/demo/looks.ts';
import { click, type Payload, siege } from './siege.ts';

const bot = siege();
let details: Payload = {};
/** Dana's, waiting for a platform lead. */
let open = { id: '', value: '' };

beforeAll(async () => {
  // The same people once more, under other names and in other letters: an address is nobody's twice.
  const { seed, reset } = bot.stage.world.slack;
  for (const name of ['PRIYA', 'MAX']) {
    const real = seed.people.find((one) => one.id === `U0${name}`);
    if (!real) throw new Error(`the seed has no ${name}`);
    const email = `${name}@Acme.example`;
    seed.people.push({ ...real, id: `U0${name}2`, name: `${real.name}.private`, email });
    for (const channel of seed.channels) channel.members.push(`U0${name}2`);
  }
  reset();
  const { id, card } = await bot.asksForMuch('open');
  await bot.after(bot.as('U0LEE').click('Details', { in: card }));
  await bot.as('U0LEE').close({ all: true });
  details = bot.captured('block_actions');
  open = { id, value: details.actions[0].value };
});

describe('a yes to what one asked for', () => {
  test('does not count, nor from a second account with the same address', async () => {
    const id = await asksForProduction('U0PRIYA');
    expect(await decides('U0PRIYA', 'approve', id)).toMatch(/^You asked for this one/);
    expect(await decides('U0PRIYA2', 'approve', id)).toMatch(/^You asked for this one/);
    expect(await decides('U0PRIYA2', 'deny', id)).toMatch(/^You asked for this one/);
    expect((await bot.request(id)).reviews).toEqual([]);
    await decides('U0PRIYA2', 'cancel', id);
    // Taking back is what the one who asked may do, from whichever account.
    expect((await bot.request(id)).status).toBe('cancelled');
  });
});

describe('a quorum', () => {
  test('is not met by one person with two accounts', async () => {
    const id = await asksForProduction('U0DANA');
    expect(await decides('U0MAX', 'approve', id)).toBeUndefined();
    expect(await decides('U0MAX', 'approve', id)).toBe(`You have answered ${id} already.`);
    expect(await decides('U0MAX2', 'approve', id)).toBe(`You have answered ${id} already.`);
    expect(await bot.request(id)).toMatchObject({ status: 'waiting', reviews: [{ by: 'U0MAX' }] });
    await decides('U0DANA', 'cancel', id);
  });

  test('is met once by two who answer at the same moment with one place left, and runs once', async () => {
    const id = await asksForProduction('U0DANA');
    expect(await decides('U0PRIYA', 'approve', id)).toBeUndefined();
    await Promise.all([send('U0SAM', 'approve', id), send('U0OLGA', 'approve', id)]);
    await ends(id);
    const types = await eventsOf(id);
    expect(types.filter((one) => one === 'approved')).toHaveLength(1);
    expect(types.filter((one) => one === 'started')).toHaveLength(1);
    expect((await bot.request(id)).status).toBe('succeeded');
  });
});

describe('two who do not agree', () => {
  test.each(['yes', 'no'] as const)(
    'at the same moment, the %s first: it is one or the other',
    async (first) => {
      const id = await asksForProduction('U0DANA');
      expect(await decides('U0PRIYA', 'approve', id)).toBeUndefined();
      const yes = () => send('U0SAM', 'approve', id);
      const no = () => send('U0MAX', 'deny', id);
      await Promise.all(first === 'yes' ? [yes(), no()] : [no(), yes()]);
      const types = await eventsOf(id);
      const isDenied = types.includes('denied');
      expect(types.filter((type) => type === 'approved' || type === 'denied')).toHaveLength(1);
      expect(types.includes('started')).toBe(!isDenied);
      if (!isDenied) await decides('U0DANA', 'cancel', id);
      await ends(id);
    },
  );

  test('a request that is taken back while it is approved leaves nothing behind', async () => {
    const { id } = await bot.asksForMuch('raced');
    await Promise.all([send('U0LEE', 'approve', id), send('U0DANA', 'cancel', id)]);
    await ends(id);
    expect((await bot.request(id)).status).toBe('cancelled');
    expect(isThere(bot.stage, 'env-raced')).toBe(false);
  });
});

describe('a click that is forged', () => {
  test.each([
    ['nothing', ''],
    ['garbage', '{"id":"REQ-1"}'],
    ['an id that leads elsewhere', `../REQ-1:1:${'a'.repeat(64)}`],
    ['a number that is none', `REQ-99999999999:1:${'a'.repeat(64)}`],
    ['a digest that is none', `REQ-1:1:${'z'.repeat(64)}`],
    ['a second line', `REQ-1:1:${'a'.repeat(64)}\nREQ-1`],
    ['two thousand characters', 'REQ-1:1:'.repeat(250)],
    ['a million characters', 'x'.repeat(1_000_000)],
  ])('says %s, and cannot be read', async (_what, value) => {
    for (const action of ['card.approve', 'card.deny', 'card.details']) {
      bot.refusals();
      await bot.send(click(details, { user: 'U0LEE', action, value }));
      expect(bot.refusals()).toEqual(['This button cannot be read.']);
    }
    expect((await bot.request(open.id)).status).toBe('waiting');
    // What was forged is for the operator to see, not to drown in.
    expect(Math.max(...bot.lines.map((line) => line.length))).toBeLessThan(10_000);
  });

  test('names a request that does not exist', async () => {
    bot.refusals();
    await bot.send(click(details, { user: 'U0LEE', action: 'card.approve', value: value('REQ-4242') }));
    expect(bot.refusals()).toEqual(['There is no request REQ-4242.']);
  });

  test('says yes to something else than the card showed', async () => {
    bot.refusals();
    await bot.send(click(details, { user: 'U0LEE', action: 'card.approve', value: value(open.id) }));
    expect(bot.refusals()).toContainEqual(`${open.id} has changed since this card was drawn.`);
    await bot.send(click(details, { user: 'U0LEE', action: 'card.approve', value: `${open.id}:1:` }));
    expect(bot.refusals()).toContainEqual(`${open.id} has changed since this card was drawn.`);
    expect((await bot.request(open.id)).reviews).toEqual([]);
  });

  test("carries another request's button: the one who clicks is judged for that other request", async () => {
    const other = await asksForProduction('U0DANA');
    const { digest } = await bot.request(other);
    bot.refusals();
    // Lee's yes would count for the environment; with the deploy's id and the environment's digest it is neither.
    await bot.send(
      click(details, {
        user: 'U0LEE',
        action: 'card.approve',
        value: `${other}:1:${open.value.split(':')[2]}`,
      }),
    );
    expect(bot.refusals()).toContainEqual(`${other} has changed since this card was drawn.`);
    await bot.send(
      click(details, { user: 'U0SAM', action: 'card.approve', value: `${open.id}:1:${digest}` }),
    );
    expect(bot.refusals().join()).toContain(`${open.id} needs an answer from Platform leads`);
    expect((await bot.request(other)).reviews).toEqual([]);
    await decides('U0DANA', 'cancel', other);
  });

  test.each(['U0SAM', 'U0LEE', 'U0PRIYA'])('takes back what somebody else asked for (%s)', async (user) => {
    expect(await decides(user, 'cancel', open.id)).toBe(`${open.id} is Dana Fox's request.`);
    expect((await bot.request(open.id)).status).toBe('waiting');
  });

  test.each(['approve', 'narrow_all', 'constructor', ''])(
    'is of an entry that no menu has: "%s"',
    async (entry) => {
      bot.refusals();
      const forged = click(details, { user: 'U0DANA', action: 'card.more' });
      const [{ value: _value, ...action }] = forged.actions;
      const chosen = { value: `${entry} ${value(open.id)}` };
      await bot.send({ ...forged, actions: [{ ...action, selected_option: chosen }] });
      expect(bot.refusals()).toEqual(['This button cannot be read.']);
      expect((await bot.request(open.id)).status).toBe('waiting');
    },
  );

  test('is of a button that no card has', async () => {
    bot.refusals();
    await bot.send(click(details, { user: 'U0LEE', action: 'card.force' }));
    expect(bot.refusals()).toEqual(['This button or form is not known here, perhaps not any more.']);
  });
});

describe('an old card', () => {
  test('decides nothing once the request has ended, and says how it ended', async () => {
    const { id } = await bot.asksForMuch('ended');
    await decides('U0DANA', 'cancel', id);
    const before = await bot.request(id);
    for (const what of ['approve', 'deny', 'cancel'] as const) {
      expect(await decides('U0LEE', what, id)).toBe(`${id} was cancelled already, so nothing was changed.`);
    }
    expect((await bot.request(id)).version).toBe(before.version);
  });

  test('decides nothing once the request runs', async () => {
    const { id } = await bot.asksForMuch('under-way');
    const old = value(id, (await bot.request(id)).digest);
    expect(await decides('U0LEE', 'approve', id)).toBeUndefined();
    await ends(id);
    bot.refusals();
    await bot.send(click(details, { user: 'U0LEE', action: 'card.deny', value: old }));
    expect(bot.refusals()).toContainEqual(`${id} has succeeded already, so nothing was changed.`);
    expect((await bot.as('U0LEE').view()).modals).toEqual([]);
  });
});

describe('what changes between the asking and the answer', () => {
  test('a requester who has left since gets nothing started, whoever approves it', async () => {
    const { id } = await bot.asksForMuch('left-behind');
    await bot.stage.people.change({ do: 'set-person', user: 'U0DANA', kind: 'deactivated' });
    await bot.stage.people.advance(61_000);
    expect(await decides('U0LEE', 'approve', id)).toBe(
      `${id} was cancelled already, so nothing was changed.`,
    );
    expect((await bot.request(id)).cancelledBy?.kind).toBe('system');
    expect(isThere(bot.stage, 'env-left-behind')).toBe(false);
    await bot.stage.people.change({ do: 'set-person', user: 'U0DANA', kind: 'member' });
    await bot.stage.people.advance(61_000);
  });

  test('an approver who became a guest since approves nothing any more', async () => {
    const { id } = await bot.asksForMuch('demoted');
    await bot.stage.people.change({ do: 'set-person', user: 'U0LEE', kind: 'guest' });
    await bot.stage.people.advance(61_000);
    expect(await decides('U0LEE', 'approve', id)).toBe('Guests of this workspace cannot use Greenlight.');
    await bot.stage.people.change({ do: 'set-person', user: 'U0LEE', kind: 'member' });
    await bot.stage.people.advance(61_000);
    expect((await bot.request(id)).reviews).toEqual([]);
  });

  test('somebody whom Slack cannot tell us anything of just now decides nothing', async () => {
    const { id } = await bot.asksForMuch('unknown');
    await bot.stage.people.advance(61_000);
    await bot.stage.people.breakOn({
      box: 'slack',
      operation: 'users.info',
      fault: { kind: 'status', status: 500 },
    });
    expect(await decides('U0LEE', 'approve', id)).toBe('Slack does not answer just now.');
    await bot.stage.people.mend();
    expect((await bot.request(id)).reviews).toEqual([]);
  });
});

describe('a channel that another company reads', () => {
  test('is shown no private answer unless it is on the list', async () => {
    const { as, stage, captured } = bot;
    await as('U0LEE').command('#incidents', '/svc payments');
    const answer = await stage.until(as('U0LEE').sees('Payments', { in: '#incidents', ephemeral: true }));
    const incidents = stage.world.slack.seed.channels.find((one) => one.name === 'incidents');
    if (!incidents) throw new Error('the seed has no #incidents');
    await bot.after(as('U0LEE').click('Refresh', { in: answer }));
    const shown = { ...captured('block_actions') };
    // Shared since: Slack is asked again before anything is posted there.
    incidents.isExtShared = true;
    stage.world.slack.reset();
    bot.refusals();
    await bot.send(click(shown, { user: 'U0LEE', action: 'answer.show' }));
    expect(bot.refusals()).toEqual([
      'That channel is shared with another company, so nothing of ours is posted there.',
    ]);
  });
});

function value(id: string, digest = 'f'.repeat(64)): string {
  return `${id}:1:${digest}`;
}

async function asksForProduction(by: string, what = 'payments v1.4.2'): Promise<string> {
  await bot.after(bot.as(by).command('#deploys', `/deploy ${what} to production`));
  const { mine } = await bot.stage.app.desk.overview({
    id: personIdSchema.parse(by),
    name: by,
    kind: 'member',
  });
  const id = mine[0]?.id ?? '';
  expect((await bot.request(id)).status).toBe('waiting');
  return id;
}

async function send(user: string, what: 'approve' | 'deny' | 'cancel', id: string): Promise<void> {
  const seen = value(id, (await bot.request(id)).digest);
  if (what === 'approve')
    return void (await bot.send(click(details, { user, action: 'card.approve', value: seen })));
  if (what === 'deny') return void (await bot.send(denial(user, id, seen.split(':')[2] ?? '')));
  const forged = click(details, { user, action: 'card.more' });
  const [{ value: _, ...action }] = forged.actions;
  await bot.send({ ...forged, actions: [{ ...action, selected_option: { value: `cancel ${seen}` } }] });
}

/** The sentence with which it was refused, if it was. */
async function decides(...what: Parameters<typeof send>): Promise<string | undefined> {
  bot.refusals();
  await send(...what);
  return bot.refusals().filter((one) => one !== 'a review was refused')[0];
}

/** What a form for a reason sends when it is submitted. */
function denial(user: string, id: string, digest: string): Payload {
  const { message: _, container: __, actions: ___, ...rest } = click(details, { user });
  const view = {
    id: 'V0FORGED',
    type: 'modal',
    callback_id: 'deny.submit',
    private_metadata: JSON.stringify({ id, digest, channel: 'C0REQUESTS' }),
    state: { values: { reason: { text: { type: 'plain_text_input', value: 'not like this' } } } },
  };
  return { ...rest, type: 'view_submission', view };
}

async function eventsOf(id: string): Promise<string[]> {
  const known = readRequestId(id);
  const dana = await bot.request(id);
  const seen = known && (await bot.stage.app.desk.view(known, dana.requester));
  return seen?.ok ? seen.value.history.map(({ event }) => event.type) : [];
}

async function ends(id: string): Promise<void> {
  const over = ['succeeded', 'failed', 'denied', 'cancelled', 'expired'];
  for (let tick = 0; tick < 500; tick++) {
    await bot.stage.settle();
    if (over.includes((await bot.request(id)).status)) return;
    await bot.stage.clock.advance(500);
  }
  throw new Error(`${id} does not end: ${JSON.stringify(await bot.request(id))}`);
}
