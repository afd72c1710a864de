/** What comes by Slack's door without being Slack's, or comes twice. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { click, fresh, type Payload, siege, signatureOf } from './siege.ts';

const bot = siege();
let command: Payload = {};
let details: Payload = {};

beforeAll(async () => {
  const { card } = await bot.asksForMuch('first');
  command = bot.captured('slash_commands');
  await bot.after(bot.as('U0LEE').click('Details', { in: card }));
  details = bot.captured('block_actions');
  await bot.as('U0LEE').close({ all: true });
});

const fiveMinutes = 5 * 60;
const now = () => Math.floor(Date.now() / 1000);

describe('a payload that Slack did not sign', () => {
  test.each([
    ['with another secret', () => ({ secret: 'another-secret' })],
    ['with no signature', () => ({ signature: '' })],
    ['with a signature of the right length', () => ({ signature: `v0=${'0'.repeat(64)}` })],
    ['with a signature of another version', () => ({ signature: `v1=${'0'.repeat(64)}` })],
    ['six minutes ago', () => ({ at: now() - fiveMinutes - 60 })],
    ['at no time', () => ({ at: Number.NaN })],
  ])('is refused: signed %s', async (_how, signing) => {
    const { status } = await bot.send(ask('unsigned'), signing());
    expect(status).toBe(401);
    await nothingWasAsked();
  });

  test('is refused when its body was changed after it was signed', async () => {
    const at = now();
    const honest = signatureOf(new URLSearchParams(ask('honest')).toString(), String(at));
    const { status } = await bot.send(ask('changed'), { at, signature: honest });
    expect(status).toBe(401);
    await nothingWasAsked();
  });

  test('is refused when it only claims to check our certificate', async () => {
    const { status } = await bot.send({ ...ask('smuggled'), ssl_check: '1' }, { secret: 'another-secret' });
    expect([200, 401]).toContain(status);
    await nothingWasAsked();
  });
});

describe('a payload that is not ours', () => {
  test.each([
    ['another app', { api_app_id: 'A0OTHER' }],
    ['another workspace', { team_id: 'T0OTHER' }],
    ['no workspace', { team_id: '' }],
  ])('is refused: it is of %s', async (_whose, forged) => {
    bot.refusals();
    await bot.send({ ...ask('foreign'), ...forged });
    expect(bot.refusals()).toEqual(['Greenlight does not serve this workspace.']);
    await nothingWasAsked();
  });

  test('is refused as a click, too', async () => {
    bot.refusals();
    await bot.send({ ...click(details, { action: 'card.approve' }), team: { id: 'T0OTHER' } });
    expect(bot.refusals()).toEqual(['Greenlight does not serve this workspace.']);
    expect((await bot.request('REQ-1')).status).toBe('waiting');
  });
});

describe('a payload that comes again', () => {
  test('is one request, however often its signed bytes are sent', async () => {
    const { id: before } = await bot.asksForMuch('original');
    const replayed = bot.captured('slash_commands');
    for (let time = 0; time < 3; time++) expect((await bot.send(replayed)).status).toBe(200);
    await expect(bot.request(`REQ-${Number(before.slice(4)) + 1}`)).rejects.toThrow('there is no');
  });

  test('is told again which request it made; a look that comes again is not answered again', async () => {
    const { id } = await bot.asksForMuch('told-again');
    const { body } = await bot.send(bot.captured('slash_commands'));
    expect(JSON.stringify(body)).toContain(id);
    const look = fresh({ ...command, text: 'list' });
    await bot.send(look);
    const said = bot.stage.world.journal.since(0).length;
    expect(await bot.send(look)).toEqual({ status: 200, body: '' });
    expect(bot.stage.world.journal.since(0)).toHaveLength(said);
  });

  test('is one answer: a click that is sent again by itself changes nothing and says nothing', async () => {
    const { card, id } = await bot.asksForMuch('clicked-twice');
    await bot.stage.people.breakOn({
      box: 'slack',
      operation: 'envelope:block_actions',
      fault: { kind: 'duplicate' },
      times: 1,
    });
    bot.refusals();
    await bot.after(bot.as('U0LEE').click('Approve', { in: card }));
    expect((await bot.request(id)).reviews).toHaveLength(1);
    expect(bot.refusals()).toEqual([]);
  });
});

describe('an address for the answer', () => {
  test('that is not of Slack is never called', async () => {
    const called: string[] = [];
    const server = createServer((request, response) => {
      called.push(`${request.method} ${request.url}`);
      response.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;

    await bot.send(
      fresh({ ...command, text: 'help', response_url: `http://127.0.0.1:${port}/latest/meta-data` }),
    );
    expect(called).toEqual([]);
    // The person has their answer all the same, by another way.
    await bot.stage.until(bot.as('U0DANA').sees('/env create', { ephemeral: true }));
  });

  test.each([
    'http://hooks.slack.com/commands/1',
    'https://hooks.slack.com.evil.example/commands/1',
    'https://user@evil.example/https://hooks.slack.com/',
    'file:///etc/passwd',
  ])('is no way out: %s', async (address) => {
    const { status } = await bot.send(fresh({ ...command, text: 'help', response_url: address }));
    expect(status).toBe(200);
    expect(bot.lines.at(-1)).toContain('a response_url that is not of Slack was not called');
    expect(bot.lines.join('')).not.toContain(address);
  });
});

function ask(name: string): Payload {
  return fresh({ ...command, text: `create ${name} --cpu 8` });
}

async function nothingWasAsked() {
  await expect(bot.request('REQ-2')).rejects.toThrow('there is no REQ-2');
}
