/** Text of people and of the outside is only ever text, and what is secret is in none of ours. */
import { describe, expect, test } from 'vitest';
import { fresh, type Payload, siege } from './siege.ts';

const bot = siege();

const loud =
  '<!channel> <@U0LEE> <!subteam^S0SRE> <https://evil.example|approved by Lee>\n</quote> &lt;!here&gt; *x* \u202egnp';

describe('text that wants to be more', () => {
  test('in a reason pings nobody, links nowhere and breaks out of nothing', async () => {
    const { id, card } = await bot.asksForMuch('loud');
    await bot.as('U0LEE').click('Deny', { in: card });
    await bot.stage.until(bot.as('U0LEE').seesModal(`Deny ${id}`));
    await bot.as('U0LEE').fill('Reason', loud);
    await bot.after(bot.as('U0LEE').submit());
    await bot.after(bot.as('U0DANA').command('#platform-requests', `/requests ${id}`));
    expect((await bot.request(id)).reviews[0]?.note).toBe(loud);
    await nothingIsLoud();
  });

  test("in a person's name pings nobody on any surface", async () => {
    const { seed, reset } = bot.stage.world.slack;
    const dana = seed.people.find((one) => one.id === 'U0DANA');
    if (!dana) throw new Error('the seed has no Dana');
    dana.realName = `<!channel> <@U0LEE> *Dana* & "Fox" of ${'long'.repeat(9)}\u202e`;
    reset();
    await bot.stage.people.advance(61_000);
    const { card } = await bot.asksForMuch('by-somebody-loud');
    await bot.after(bot.as('U0LEE').click('Details', { in: card }));
    await nothingIsLoud();
    await bot.as('U0LEE').close({ all: true });
    await bot.as('U0LEE').command('#platform-requests', '/requests');
    await bot.after(bot.as('U0DANA').command('#deploys', '/deploy payments v1.4.2 to production'));
    await nothingIsLoud();
  });

  test('in a typo is given back as text', async () => {
    for (const line of [
      '/env <!channel>',
      '/requests <!here>',
      '/env create x --<!channel>',
      '/svc <@U0LEE>',
    ]) {
      const [name = '', ...rest] = line.split(' ');
      await bot.send(fresh({ ...bot.captured('slash_commands'), command: name, text: rest.join(' ') }));
    }
    await nothingIsLoud();
  });
});

test('no secret was in any message or line of the log, also when everything outside fails', async () => {
  const { stage, as, after } = bot;
  const failing = { kind: 'status', status: 500 } as const;
  for (const [box, operation] of [
    ['slack', 'response_url'],
    ['slack', 'views.*'],
    ['github', '*'],
    ['cluster', '*'],
  ] as const) {
    await stage.people.breakOn({ box, operation, fault: failing });
  }
  for (const line of ['/svc payments', '/env create', '/deploy payments v1.4.1 to staging', '/requests']) {
    await after(as('U0PRIYA').command('#deploys', line));
  }
  await stage.people.mend();
  const seen = await bot.everythingSeenBy(['U0DANA', 'U0LEE', 'U0SAM', 'U0GIL', 'U0ODA']);
  const log = bot.lines.join('');
  const journal = bot.stage.world.journal.since(0).filter((one) => one.kind === 'envelope');
  const payloads = journal.map((one) => one.request as Payload);
  const passing = payloads.flatMap((one) => [one.trigger_id, one.response_url]).filter(Boolean);
  expect(passing.length).toBeGreaterThan(10);
  const lasting = [
    'xoxb-sandbox-greenlight',
    'xapp-sandbox-greenlight',
    'sandbox-signing-secret',
    'ghs_sandboxGreenlightInstallation',
    'sandbox-cluster-token',
    '/hooks/',
  ];
  for (const secret of [...lasting, ...passing]) {
    expect(seen).not.toContain(secret);
    expect(log).not.toContain(secret);
  }
});

/** What the bot sent with somebody's text in it: as mrkdwn it must be escaped, elsewhere it is only text. */
async function nothingIsLoud() {
  const sent = bot.stage.world.journal
    .since(0)
    .filter((one) => /^(chat|views)\.|^response_url/u.test(one.operation) && one.kind === 'call')
    .map((one) => one.request);
  // Nor does it turn round what stands beside it.
  expect(/\u202e|\\u202e/u.test(JSON.stringify(sent))).toBe(false);
  const texts = sent.flatMap((one) => markup(one));
  expect(texts.join()).toContain('&lt;!channel&gt;');
  for (const text of texts) {
    expect(text).not.toMatch(/<!(?:channel|here|everyone|subteam)|<https:\/\/evil/u);
    if (!text.includes('Please answer on the card')) expect(text).not.toContain('<@U0LEE>');
  }
}

/** Every text that Slack would read as markup. */
function markup(node: unknown): string[] {
  if (typeof node === 'string') return maybeJson(node).flatMap(markup);
  if (Array.isArray(node)) return node.flatMap(markup);
  if (typeof node !== 'object' || node === null) return [];
  const { type, text, ...rest } = node as Record<string, unknown>;
  const isMarkup = typeof text === 'string' && (type === undefined || type === 'mrkdwn');
  return [...(isMarkup ? [text] : markup(text)), ...Object.values(rest).flatMap(markup)];
}

/** Over the wire, blocks and views are JSON inside of forms. */
function maybeJson(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? [value] : [];
  } catch {
    return [];
  }
}
