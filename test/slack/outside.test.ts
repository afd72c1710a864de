import { createServer } from 'node:http';
import type { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { quorumAsRecorded } from '../../src/approvals/quorum.ts';
import { hourMs, minuteMs } from '../../src/core/duration.ts';
import { apply } from '../../src/core/fold.ts';
import { personIdSchema, requestIdOf } from '../../src/core/ids.ts';
import type { PostedCard } from '../../src/core/ports.ts';
import { ProblemError } from '../../src/core/problem.ts';
import { createReplies } from '../../src/handlers/replies.ts';
import { connectSandbox, type Sandbox } from '../../src/sandbox/client.ts';
import { createWorldClock, type WorldClock } from '../../src/sandbox/clock.ts';
import { type SlackBox, startSlackBox } from '../../src/sandbox/slack/box.ts';
import { type ChannelGuard, createChannelGuard } from '../../src/slack/channels.ts';
import { createClients, type SlackClients } from '../../src/slack/clients.ts';
import { createDirectory, personCacheMs } from '../../src/slack/directory.ts';
import { readIdentity } from '../../src/slack/identity.ts';
import { cardMark, createLostMessages } from '../../src/slack/lost-message.ts';
import { manifestOf } from '../../src/slack/manifest.ts';
import { createMessenger } from '../../src/slack/messenger.ts';
import { createUserGroups } from '../../src/slack/user-groups.ts';
import { actions, collectingLog } from '../handlers/world.ts';
import { seed } from '../sandbox/slack/world.ts';
import { dana, extreme, person, planted, sample } from './samples.ts';

let box: SlackBox;
let sandbox: Sandbox;
let clients: SlackClients;
let clock: WorldClock;
const log = collectingLog([]);

beforeEach(async () => {
  clock = createWorldClock({ mode: 'still', startAt: Date.parse('2026-11-21T09:00:00Z') });
  box = await startSlackBox({
    port: 0,
    seed,
    manifest: manifestOf(actions, { mode: 'socket' }),
    clock,
    rateLimits: false,
  });
  sandbox = connectSandbox(box.url);
  clients = createClients({ token: 'xoxb-sandbox-greenlight', apiUrl: box.apiUrl, log });
});
afterEach(() => box.stop());

const calls = async (method: string) =>
  (await sandbox.journal()).filter((entry) => JSON.stringify(entry).includes(`"${method}"`)).length;
const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof ProblemError ? error.problem : error),
  );

describe('user groups', () => {
  const source = () =>
    createUserGroups(
      clients.background,
      createDirectory({ client: clients.interactive, teamIds: ['T0ACME'], clock }),
    );

  test('are people of ours by their addresses, found by id or by handle', async () => {
    const sre = ['sam@acme.example', 'olga@acme.example'];
    expect(await source().members('S0SRE')).toEqual(sre);
    expect(await source().members('@sre')).toEqual(sre);
  });

  test('that are not there are told as such', async () => {
    for (const ref of ['S0NOBODY', '@nobody']) {
      expect(await problemOf(source().members(ref))).toMatchObject({ code: 'not_found' });
    }
  });
});

describe('the directory', () => {
  const directory = () => createDirectory({ client: clients.interactive, teamIds: ['T0ACME'], clock });
  const kindOf = async (id: string) => (await directory().person(personIdSchema.parse(id))).kind;

  test.each([
    ['U0DANA', 'member'],
    ['U0GIL', 'guest'],
    ['U0ODA', 'outside'],
    ['U0RON', 'deactivated'],
    ['U0GREENLIGHT', 'bot'],
  ])('%s is a %s', async (id, kind) => {
    expect(await kindOf(id)).toBe(kind);
  });

  test('a member of a workspace that is not ours is outside', async () => {
    const other = createDirectory({ client: clients.interactive, teamIds: ['T0OTHER'], clock });
    expect((await other.person(dana.id)).kind).toBe('outside');
  });

  test('a person has the name, address and zone of their profile', async () => {
    expect(await directory().person(dana.id)).toEqual({
      id: 'U0DANA',
      name: 'Dana Fox',
      kind: 'member',
      email: 'dana@acme.example',
      emailBy: 'slack_confirmed',
      timeZone: 'Europe/Berlin',
    });
    expect((await directory().personByEmail('DANA@acme.example'))?.id).toBe('U0DANA');
    expect(await directory().personByEmail('nobody@acme.example')).toBeUndefined();
  });

  test('who becomes a guest is one within a minute', async () => {
    const known = directory();
    expect((await known.person(dana.id)).kind).toBe('member');
    await sandbox.change({ do: 'set-person', user: 'U0DANA', kind: 'guest' });
    expect((await known.person(dana.id)).kind).toBe('member');
    await sandbox.advance(personCacheMs);
    expect((await known.person(dana.id)).kind).toBe('guest');
  });

  test('whom an hour ago will do for is asked for once in it; at a click a minute counts all the same', async () => {
    const known = directory();
    const dana = () => known.personByEmail('dana@acme.example', hourMs);
    await dana();
    await sandbox.change({ do: 'set-person', user: 'U0DANA', kind: 'guest' });
    await sandbox.advance(hourMs - minuteMs);
    expect((await dana())?.kind).toBe('member');
    expect((await known.personByEmail('dana@acme.example'))?.kind).toBe('guest');
    expect((await dana())?.kind).toBe('guest');
    await sandbox.change({ do: 'set-person', user: 'U0DANA', kind: 'member' });
    await sandbox.advance(hourMs);
    expect((await dana())?.kind).toBe('member');
  });

  test('whoever has no account yet is looked for again after an hour, whatever would do for others', async () => {
    let asked = 0;
    const { users } = clients.interactive;
    const lookupByEmail = (order: { email: string }) => {
      asked++;
      return users.lookupByEmail(order);
    };
    const client = { users: { lookupByEmail } } as unknown as typeof clients.interactive;
    const known = createDirectory({ client, teamIds: ['T0ACME'], clock });
    const newcomer = () => known.personByEmail('nora@acme.example', 8 * hourMs);
    expect(await newcomer()).toBeUndefined();
    await sandbox.advance(hourMs - minuteMs);
    expect(await newcomer()).toBeUndefined();
    expect(asked).toBe(1);
    await sandbox.advance(minuteMs);
    expect(await newcomer()).toBeUndefined();
    expect(asked).toBe(2);
  });

  test('when Slack does not answer nobody is anybody', async () => {
    await sandbox.breakOn({ box: 'slack', operation: 'users.info', fault: { kind: 'status', status: 503 } });
    expect(await problemOf(directory().person(dana.id))).toMatchObject({
      code: 'outside_unavailable',
      isTransient: true,
    });
    await sandbox.mend();
    expect(await problemOf(directory().person(personIdSchema.parse('U0NOBODY')))).toMatchObject({
      code: 'not_found',
    });
  });
});

describe('the messenger', () => {
  const messenger = (channel = 'C0REQUESTS', allowedSharedChannels: string[] = []) =>
    createMessenger({
      client: clients.background,
      channels: { requests: channel, deploys: channel },
      cards: { actions, groupTitle: (name) => name, quorumOf: quorumAsRecorded },
      guard: createChannelGuard({ client: clients.background, clock, allowedSharedChannels }),
      log,
      endChoices: async () => [],
    });
  const messengerTo = (channels: { requests: string; deploys: string }, guard: ChannelGuard) =>
    createMessenger({
      ...{ client: clients.background, channels, guard, log, endChoices: async () => [] },
      cards: { actions, groupTitle: (name) => name, quorumOf: quorumAsRecorded },
    });
  const dana_ = () => sandbox.as('U0DANA');

  test('posts a card once and edits it in place from then on', async () => {
    const posted = await messenger().showCard(sample('waiting'), [], undefined);
    const again = await messenger().showCard(sample('succeeded', { version: 9 }), [], posted);
    expect(again).toEqual({ ...posted, shownVersion: 9 });
    const card = await dana_().sees('Deploy payments v1.4.2 to production', { in: '#platform-requests' });
    expect(card).toMatchObject({ ts: posted.ts, metadata: { event_payload: { request_id: 'REQ-12' } } });
    expect(Object.keys(card.metadata?.event_payload ?? {})).toEqual(['request_id']);
  });

  test('posts it anew when the old message is gone', async () => {
    const gone: PostedCard = { channel: 'C0REQUESTS', ts: '1700000000.000100', shownVersion: 1 };
    const posted = await messenger().showCard(sample('waiting'), [], gone);
    expect(posted.ts).not.toBe(gone.ts);
  });

  test('finds a card whose posting was not answered, and posts no second one', async () => {
    const lost = await messenger().showCard(sample('waiting'), [], undefined);
    const shown = await messenger().showCard(sample('succeeded', { version: 9 }), [], undefined, {
      mayBeThere: true,
    });
    expect(shown).toEqual({ ...lost, shownVersion: 9 });
    const other = sample('waiting', { id: requestIdOf(13) });
    expect((await messenger().showCard(other, [], undefined, { mayBeThere: true })).ts).not.toBe(lost.ts);
  });

  test('takes no message of another app or of a person for its own, whatever it claims to be', async () => {
    const metadata = cardMark(requestIdOf(12));
    const messages = [
      { ts: '3.000001', bot_id: 'B0OTHER', metadata },
      { ts: '2.000001', metadata },
      { ts: '1.000001', bot_id: 'B0GREENLIGHT', metadata },
    ];
    const client = {
      auth: { test: async () => ({ bot_id: 'B0GREENLIGHT' }) },
      conversations: { history: async () => ({ messages }) },
    } as unknown as WebClient;
    const stretch = { channel: 'C0REQUESTS', since: clock.now() };
    expect(await createLostMessages(client, log).find(stretch, metadata)).toEqual(['1.000001']);
  });

  test('posts a second one where it may not look', async () => {
    const { oauth_config, ...manifest } = manifestOf(actions, { mode: 'socket' });
    const { scopes } = oauth_config as { scopes: { bot: readonly string[] } };
    const narrow = { ...manifest, oauth_config: { scopes: { bot: scopes.bot } } };
    const strict = await startSlackBox({ port: 0, seed, manifest: narrow, clock, rateLimits: false });
    onTestFinished(() => strict.stop());
    clients = createClients({ token: 'xoxb-sandbox-greenlight', apiUrl: strict.apiUrl, log });
    const lost = await messenger().showCard(sample('waiting'), [], undefined);
    const shown = await messenger().showCard(sample('waiting'), [], undefined, { mayBeThere: true });
    expect(shown.ts).not.toBe(lost.ts);
  });

  test('mentions those who were asked in the thread, in their order', async () => {
    const people = [person('U0LEE', 'Lee Winter'), person('U0OLGA', 'Olga Petrova')];
    const request = apply(sample('waiting'), { type: 'asked', at: 1_000, people });
    const posted = await messenger().showCard(request, [], undefined);
    const key = `REQ-12:waiting:${request.version}`;
    await messenger().tell({ key, kind: 'waiting', requestId: request.id }, request, posted);
    const said = await sandbox.as('U0SAM').sees('asks to deploy payments', { in: '#platform-requests' });
    expect(said.threadTs).toBe(posted.ts);
    expect(said.text).toMatch(
      /^<@U0LEE> <@U0OLGA>: Dana Fox asks to deploy payments v1\.4\.2 to production\./,
    );
  });

  test('says a line once, though Slack did not answer the first time', async () => {
    const people = [person('U0LEE', 'Lee Winter')];
    const request = apply(sample('waiting'), { type: 'asked', at: 1_000, people });
    const posted = await messenger().showCard(request, [], undefined);
    const notice = {
      ...{ key: `REQ-12:waiting:${request.version}`, kind: 'waiting' as const, requestId: request.id },
    };
    const saidOf = async () =>
      (await clients.background.conversations.replies({ channel: posted.channel, ts: posted.ts })).messages ??
      [];
    await messenger().tell(notice, request, posted, { mayBeThere: true });
    expect(await saidOf()).toHaveLength(2);
    await messenger().tell(notice, request, posted, { mayBeThere: true });
    expect(await saidOf()).toHaveLength(2);
    // Another line of the same request is another matter.
    await messenger().tell({ ...notice, key: 'k', kind: 'ended' }, sample('succeeded'), posted, {
      mayBeThere: true,
    });
    expect(await saidOf()).toHaveLength(3);
  });

  test("finds a line that was said, though our clock was days ahead of Slack's when it was asked for", async () => {
    const request = sample('succeeded', { createdAt: clock.now() + 2 * 24 * 3_600_000 });
    const posted = await messenger().showCard(request, [], undefined);
    const ended = { key: 'k', kind: 'ended' as const, requestId: request.id };
    await messenger().tell(ended, request, posted, { mayBeThere: true });
    await messenger().tell(ended, request, posted, { mayBeThere: true });
    const { messages } = await clients.background.conversations.replies({
      ...{ channel: posted.channel, ts: posted.ts },
    });
    expect(messages).toHaveLength(2);
  });

  test('mentions the requester at the end, with what was handed over', async () => {
    const request = sample('succeeded');
    const posted = await messenger().showCard(request, [], undefined);
    await messenger().tell({ key: 'k', kind: 'ended', requestId: request.id }, request, posted);
    const said = await dana_().sees('is done', { in: '#platform-requests' });
    expect(said.text).toContain('<@U0DANA>');
    expect(JSON.stringify(said.blocks)).toContain('https://github.example/run/1');
  });

  test('tells the alarm of an emergency where there is no card to tell it under, by the name of its request', async () => {
    const request = sample('running');
    await messenger().tell({ key: 'k', kind: 'glass_broken', requestId: request.id }, request, undefined);
    const said = await dana_().sees('Glass broken', { in: '#platform-requests' });
    expect(said.threadTs).toBeUndefined();
    expect(said.text).toContain('(REQ-12)');
  });

  test('tells no alarm of an emergency where another company reads along', async () => {
    const request = sample('running');
    const alarm = { key: 'k', kind: 'glass_broken', requestId: request.id } as const;
    expect(await problemOf(messenger('C0DEPLOYS').tell(alarm, request, undefined))).toMatchObject({
      code: 'outside_refused',
      sentence: expect.stringContaining('shared with another company'),
    });
    expect(await calls('chat.postMessage')).toBe(0);
  });

  test('posts nothing where another company reads along, unless that channel is allowed', async () => {
    expect(await problemOf(messenger('C0DEPLOYS').showCard(sample('waiting'), [], undefined))).toMatchObject({
      code: 'outside_refused',
      sentence: expect.stringContaining('shared with another company'),
    });
    await messenger('C0DEPLOYS', ['C0DEPLOYS']).showCard(sample('waiting'), [], undefined);
  });

  test('a card whose channel is shared goes where nobody else reads along, and its requester is told', async () => {
    const guard = createChannelGuard({ client: clients.background, clock, allowedSharedChannels: [] });
    const posted = await messengerTo({ requests: 'C0REQUESTS', deploys: 'C0DEPLOYS' }, guard).showCard(
      sample('waiting'),
      [],
      undefined,
    );
    expect(posted.channel).toBe('C0REQUESTS');
    await dana_().sees('the card of REQ-12 is in', { ephemeral: false });
    await sandbox.as('U0ODA').doesNotSee('payments v1.4.2');
  });

  test('a card whose channel becomes shared goes on elsewhere, and says nothing more there', async () => {
    const guard = createChannelGuard({ client: clients.background, clock, allowedSharedChannels: [] });
    const ours = messengerTo({ requests: 'C0REQUESTS', deploys: 'C0INCIDENTS' }, guard);
    const posted = await ours.showCard(sample('waiting'), [], undefined);
    expect(posted.channel).toBe('C0INCIDENTS');
    await sandbox.change({ do: 'share', channel: 'C0INCIDENTS' });
    // As the event of Slack's does.
    guard.forget('C0INCIDENTS');
    const moved = await ours.showCard(sample('running', { version: 8 }), [], posted);
    expect(moved).toMatchObject({ channel: 'C0REQUESTS', shownVersion: 8 });
    const left = await dana_().sees('REQ-12 is no longer followed here', { in: '#incidents' });
    expect(JSON.stringify(left)).not.toContain('payments');
    const ended = { key: 'k', kind: 'ended', requestId: sample('waiting').id } as const;
    await ours.tell(ended, sample('succeeded'), posted);
    await dana_().sees('is done', { in: '#platform-requests' });
  });

  test('a card in a channel that we no longer see goes on where cards go by now, and so do its lines', async () => {
    const left: PostedCard = { channel: 'C0GONE', ts: '1700000000.000100', shownVersion: 1 };
    const moved = await messenger().showCard(sample('running', { version: 8 }), [], left);
    expect(moved).toMatchObject({ channel: 'C0REQUESTS', shownVersion: 8 });
    const ended = { key: 'k', kind: 'ended', requestId: sample('waiting').id } as const;
    await messenger().tell(ended, sample('succeeded'), left);
    await dana_().sees('is done', { in: '#platform-requests' });
    // Where they still go, somebody has to let us in again.
    expect(await problemOf(messenger('C0GONE').showCard(sample('waiting'), [], left))).toMatchObject({
      next: expect.stringContaining('/invite @greenlight'),
    });
  });

  test('what was asked of a channel before it became shared is not believed afterwards', async () => {
    const answers = [Promise.withResolvers<unknown>(), Promise.withResolvers<unknown>()];
    let asked = 0;
    const info = () => answers[asked++]?.promise;
    const client = { conversations: { info } } as unknown as WebClient;
    const guard = createChannelGuard({ client, clock, allowedSharedChannels: [] });
    const before = guard.isShared('C0X');
    guard.forget('C0X');
    answers[0]?.resolve({ channel: { is_ext_shared: false } });
    answers[1]?.resolve({ channel: { is_ext_shared: true } });
    expect([await before, await guard.isShared('C0X'), asked]).toEqual([true, true, 2]);
  });

  test.each([undefined, { is_ext_shared: 'perhaps' }])(
    'a channel of which Slack says what cannot be read is as good as shared: %o',
    async (channel) => {
      const client = { conversations: { info: async () => ({ channel }) } } as unknown as WebClient;
      const guard = createChannelGuard({ client, clock, allowedSharedChannels: [] });
      expect(await guard.refusal('C0X')).toMatchObject({ code: 'outside_refused' });
    },
  );

  test('a secret that somebody typed is in no message', async () => {
    await messenger().showCard(extreme('waiting'), [], undefined);
    const card = await dana_().sees('REQ-12', { in: '#platform-requests' });
    expect(JSON.stringify(card)).not.toContain(planted);
    expect(JSON.stringify(card)).toContain('[redacted]');
  });

  test('posts nothing when it cannot be told whether the channel is shared', async () => {
    await sandbox.breakOn({
      box: 'slack',
      operation: 'conversations.info',
      fault: { kind: 'status', status: 500 },
    });
    expect(await problemOf(messenger().showCard(sample('waiting'), [], undefined))).toMatchObject({
      isTransient: true,
    });
    expect(await calls('conversations.info')).toBeGreaterThan(0);
    expect(await calls('chat.postMessage')).toBe(0);
  });

  test('says how long Slack wants it to wait, and does not try again by itself', async () => {
    await sandbox.breakOn({
      box: 'slack',
      operation: 'chat.postMessage',
      fault: { kind: 'status', status: 429, retryAfterSeconds: 7 },
    });
    expect(await problemOf(messenger().showCard(sample('waiting'), [], undefined))).toMatchObject({
      code: 'outside_unavailable',
      isTransient: true,
      retryAfterMs: 7_000,
    });
    expect((await sandbox.faults())[0]?.hit).toBe(1);
  });

  test('a channel without the bot is an error that says what to do', async () => {
    expect(
      await problemOf(messenger('C0NOWHERE', ['C0NOWHERE']).showCard(sample('waiting'), [], undefined)),
    ).toMatchObject({
      code: 'outside_refused',
      next: expect.stringContaining('/invite @greenlight'),
    });
  });

  test('a wait that Slack asks for with one method holds up no other call of the same client', async () => {
    const posted = await messenger().showCard(sample('waiting'), [], undefined);
    await sandbox.breakOn({
      box: 'slack',
      operation: 'chat.update',
      fault: { kind: 'status', status: 429, retryAfterSeconds: 60 },
    });
    const edited = problemOf(messenger().showCard(sample('running', { version: 8 }), [], posted));
    const other = sample('waiting', { id: requestIdOf(13) });
    await messenger().showCard(other, [], undefined);
    expect(await edited).toMatchObject({ retryAfterMs: 60_000 });
  });

  test('a slow redraw does not hold up a person: the two clients share nothing', async () => {
    await sandbox.breakOn({
      box: 'slack',
      operation: 'chat.postMessage',
      fault: { kind: 'status', status: 429, retryAfterSeconds: 60 },
    });
    const slow = problemOf(messenger().showCard(sample('waiting'), [], undefined));
    expect((await clients.interactive.auth.test()).ok).toBe(true);
    await slow;
  });
});

test('who we are is asked once, and a wrong token is a clear error', async () => {
  expect(await readIdentity(clients.interactive)).toEqual({
    teamIds: ['T0ACME'],
    botUserId: 'U0GREENLIGHT',
    botId: 'B0GREENLIGHT',
    appId: 'A0GREENLIGHT',
  });
  const wrong = createClients({ token: 'xoxb-wrong', apiUrl: box.apiUrl, log });
  expect(await problemOf(readIdentity(wrong.interactive))).toMatchObject({
    code: 'outside_refused',
    next: expect.stringContaining('Install the app again'),
  });
});

describe('a private answer', () => {
  const message = { text: 'Only for you', blocks: [] };

  test('goes to the channel when there is no address to answer to', async () => {
    const replies = createReplies({ client: clients.interactive, log });
    await replies.privately({ user: 'U0DANA', channel: 'C0GENERAL', responseUrl: undefined }, message);
    await sandbox.as('U0DANA').sees('Only for you', { in: '#general', ephemeral: true });
  });

  test('goes into a direct message when the bot is not in that channel, or the address is used up', async () => {
    const server = createServer((_request, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const replies = createReplies({
      client: clients.interactive,
      log,
      apiUrl: `http://127.0.0.1:${port}/api/`,
    });
    const place = { user: 'U0DANA', channel: 'C0NOWHERE', responseUrl: `http://127.0.0.1:${port}/used-up` };
    await replies.privately(place, message);
    await sandbox.as('U0DANA').sees('Only for you', { ephemeral: false });
    expect(await replies.replace(place, message)).toBe(false);
  });
});
