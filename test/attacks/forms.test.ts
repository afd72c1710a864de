/** A form that comes back other than it was opened, and input that the schema does not know. */
import { beforeAll, describe, expect, test } from 'vitest';
import { personIdSchema } from '../../src/core/ids.ts';
import { fresh, type Payload, siege, submission } from './siege.ts';

const bot = siege();
let form: Payload = {};
let denial: Payload = {};
let command: Payload = {};

beforeAll(async () => {
  const { as, stage, captured, after, asksForMuch } = bot;
  await as('U0DANA').command('#platform-requests', '/env create');
  command = captured('slash_commands');
  await stage.until(as('U0DANA').seesModal('Create an environment'));
  await as('U0DANA').fill('Name', 'honest');
  await after(as('U0DANA').submit());
  form = captured('view_submission');
  const { card } = await asksForMuch('to-deny');
  await as('U0LEE').click('Deny', { in: card });
  await stage.until(as('U0LEE').seesModal('Deny REQ-2'));
  await as('U0LEE').fill('Reason', 'honestly not');
  await after(as('U0LEE').submit());
  denial = captured('view_submission');
});

describe("a form's metadata", () => {
  test.each([
    ['another action', { action: 'deploy' }, /required|missing|invalid/iu],
    ['an action that only reads', { action: 'service.status' }, /./u],
    ['no action of ours', { action: '__proto__' }, /This form cannot be read/u],
    ['a draft id that is too short', { draftId: 'x' }, /This form cannot be read/u],
    ['a draft id that is too long', { draftId: 'x'.repeat(65) }, /This form cannot be read/u],
    ['a field more', { isApproved: true }, /This form cannot be read/u],
    ['a channel that is no id', { channel: 'x'.repeat(33) }, /This form cannot be read/u],
  ])('with %s makes no request', async (_what, change, said) => {
    const before = await count();
    const metadata = { ...JSON.parse(form.view.private_metadata), ...change };
    const { body } = await bot.send(submission(form, { metadata }));
    expect(JSON.stringify(body)).toMatch(said);
    expect(await count()).toBe(before);
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '{"action":'],
    ['three thousand characters', JSON.stringify({ action: 'x'.repeat(3000) })],
  ])('of %s makes no request', async (_what, metadata) => {
    const before = await count();
    const { body } = await bot.send(submission(form, { metadata }));
    expect(JSON.stringify(body)).toContain('This form cannot be read');
    expect(await count()).toBe(before);
  });

  test("with another person's draft id is a draft of one's own", async () => {
    const honest = await bot.request('REQ-1');
    const before = await count('U0MAX');
    await bot.send(submission(form, { user: 'U0MAX', values: named('mine') }));
    expect(await count('U0MAX')).toBe(before + 1);
    expect((await bot.request('REQ-1')).requester.id).toBe('U0DANA');
    expect((await bot.request('REQ-1')).input).toEqual(honest.input);
  });

  test('with the same draft id is the same request, whatever else it says by now', async () => {
    const before = await count();
    await bot.send(submission(form, { values: named('other') }));
    expect(await count()).toBe(before);
    expect((await bot.request('REQ-1')).input.name).toBe('honest');
  });

  test.each([
    ['another request', { id: 'REQ-1' }, 'REQ-1 has succeeded already, so nothing was changed.'],
    ['a request that does not exist', { id: 'REQ-999' }, 'There is no request REQ-999.'],
    ['no request', { id: 'x' }, 'This form cannot be read.'],
    ['a digest of its own', { digest: 'f'.repeat(64) }, 'REQ-2 was denied already, so nothing was changed.'],
    ['a field more', { by: 'U0SAM' }, 'This form cannot be read.'],
  ])('of a denial with %s denies nothing, and says so', async (_what, change, sentence) => {
    await settled('REQ-1');
    const metadata = { ...JSON.parse(denial.view.private_metadata), ...change };
    bot.refusals();
    await bot.send(submission(denial, { metadata }));
    expect(bot.refusals()).toContainEqual(sentence);
  });
});

describe('a reason', () => {
  test.each([
    ['nothing', ''],
    ['only spaces', '     '],
    ['two characters', 'no'],
  ])('of %s is asked for again, and denies nothing', async (_what, value) => {
    const { id } = await bot.asksForMuch(`reason-${value.length}`);
    const { digest } = await bot.request(id);
    const { body } = await bot.send(
      submission(denial, {
        metadata: { id, digest },
        values: { reason: { text: { type: 'plain_text_input', value } } },
      }),
    );
    expect(body).toMatchObject({ response_action: 'errors', errors: { reason: expect.any(String) } });
    expect((await bot.request(id)).status).toBe('waiting');
  });

  test('of ten thousand characters is asked for again, and denies nothing', async () => {
    const { id } = await bot.asksForMuch('reason-long');
    const { digest } = await bot.request(id);
    const { body } = await bot.send(
      submission(denial, {
        metadata: { id, digest },
        values: { reason: { text: { type: 'plain_text_input', value: 'x'.repeat(10_000) } } },
      }),
    );
    expect(body).toMatchObject({ response_action: 'errors' });
    expect((await bot.request(id)).status).toBe('waiting');
  });
});

describe('an input outside the schema', () => {
  test.each([
    ['a name with a mention', { name: '<!channel>' }],
    ['a name with somebody in it', { name: '<@U0LEE>' }],
    ['a name in letters that look alike', { name: 'раyments' }],
    ['a name that leads elsewhere', { name: '../kube-system' }],
    ['a name of 60 characters', { name: 'a'.repeat(60) }],
    ['a name with a line in it', { name: 'a\nb' }],
    ['no CPU', { cpu: '0' }],
    ['less than no CPU', { cpu: '-4' }],
    ['CPU without end', { cpu: '1e309' }],
    ['CPU that is no number', { cpu: 'NaN' }],
    ['a thousand replicas', { replicas: '1000' }],
    ['half a replica', { replicas: '1.5' }],
    ['no time', { ttl: '0h' }],
    ['a time before now', { ttl: '-8h' }],
    ['more time than there is', { ttl: '99999999999d' }],
    ['a blueprint that is not there', { blueprint: 'constructor' }],
    ['a blueprint of the language itself', { blueprint: '__proto__' }],
    ['a team that is not there', { team: '__proto__' }],
    ['a team that is not theirs', { team: 'payments' }],
  ])('is refused: %s', async (_what, input) => {
    const before = await count();
    const metadata = { ...JSON.parse(form.view.private_metadata), draftId: `draft-${Math.abs(hash(_what))}` };
    const values = Object.fromEntries(
      Object.entries({ name: 'fine', ...input }).map(([name, value]) => [
        `field:${name}`,
        { [`form.field.${name}`]: { type: 'plain_text_input', value } },
      ]),
    );
    const { body } = await bot.send(submission(form, { metadata, values: withoutOthers(values) }));
    expect(body).toMatchObject({ response_action: expect.stringMatching(/errors|push/u) });
    expect(await count()).toBe(before);
  });

  test.each([
    '../../etc/passwd',
    '--upload-pack=touch',
    '-rf',
    '/etc/passwd',
    'v1.4.2;id',
    'v1.4.2\u202egnp',
    '$(id)',
    'v1.4.2 && id',
    'ѵ1.4.2',
    'refs/../heads/main',
    'v'.repeat(101),
    '<!channel>',
    '<@U0LEE>',
    'https://evil.example/v1.4.2',
  ])('is refused as a version: %s', async (version) => {
    const before = await count();
    bot.refusals();
    await bot.send(fresh({ ...command, command: '/deploy', text: `payments "${version}" to staging` }));
    expect(bot.refusals().join()).toMatch(/version: |Version|cannot/u);
    expect(await count()).toBe(before);
  });

  test('is refused as a service: a name in letters that look alike, with the right one beside it', async () => {
    bot.refusals();
    await bot.send(fresh({ ...command, command: '/deploy', text: 'раyments v1.4.2 to staging' }));
    expect(bot.refusals().join()).toContain('There is no service "раyments". Did you mean "payments"?');
  });

  test.each([
    ['/deploy', 'constructor v1.4.2 to staging', 'There is no service "constructor".'],
    ['/deploy', 'payments v1.4.2 to toString', 'payments has no environment "toString".'],
    ['/svc', '__proto__', 'There is no service "__proto__".'],
  ])('is refused as a name that the language knows: %s %s', async (name, text, sentence) => {
    bot.refusals();
    await bot.send(fresh({ ...command, command: name, text }));
    expect(bot.refusals().join()).toContain(sentence);
  });
});

function named(name: string) {
  return withoutOthers({ 'field:name': { 'form.field.name': { type: 'plain_text_input', value: name } } });
}

/** Of the real form only what is not forged. */
function withoutOthers(values: Record<string, unknown>): Record<string, unknown> {
  return { ...form.view.state.values, ...values };
}

function hash(text: string): number {
  return [...text].reduce((sum, one) => (sum * 31 + one.charCodeAt(0)) | 0, 10_000_000);
}

async function count(by = 'U0DANA'): Promise<number> {
  const { desk } = bot.stage.app;
  return (await desk.overview({ id: personIdSchema.parse(by), name: by, kind: 'member' })).mine.length;
}

async function settled(id: string): Promise<void> {
  for (let tick = 0; tick < 200 && (await bot.request(id)).status !== 'succeeded'; tick++) {
    await bot.stage.settle();
    await bot.stage.clock.advance(500);
  }
}
