import { WebClient } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import { appToken, botToken, manifest, type Stage, scopes, stage } from './world.ts';

const client = ({ box }: Stage, token = botToken) =>
  new WebClient(token, {
    slackApiUrl: box.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });
const refuses = (call: Promise<unknown>, error: string) =>
  expect(call).rejects.toMatchObject({ data: { error } });
const without = (...scope: string[]) => ({
  manifest: manifest('socket', { scopes: scopes.filter((one) => !scope.includes(one)) }),
});

describe('tokens and scopes', () => {
  test('no token, a wrong one and one of the wrong kind are three different errors', async () => {
    const on = await stage();
    const bare = await fetch(`${on.box.apiUrl}auth.test`, { method: 'POST' });
    expect(await bare.json()).toEqual({ ok: false, error: 'not_authed' });
    await refuses(client(on, 'xoxb-other').auth.test(), 'invalid_auth');
    await refuses(
      client(on, 'xapp-sandbox-greenlight').users.info({ user: 'U0DANA' }),
      'not_allowed_token_type',
    );
  });

  test('missing_scope names what is needed and what was given', async () => {
    const on = await stage(without('chat:write'));
    await expect(client(on).chat.postMessage({ channel: 'C0GENERAL', text: 'x' })).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'chat:write', provided: expect.stringContaining('users:read') },
    });
  });

  test('an e-mail address is there only with its own scope', async () => {
    const { user } = await client(await stage(without('users:read.email'))).users.info({ user: 'U0DANA' });
    expect(user?.profile).not.toHaveProperty('email');
  });

  test('a method that is not served is unknown_method', async () => {
    await refuses(client(await stage()).apiCall('admin.users.list'), 'unknown_method');
    await refuses(client(await stage()).apiCall('toString'), 'unknown_method');
  });
});

describe('people', () => {
  test('the flags tell a member, a guest, an outsider, somebody who left, and a bot', async () => {
    const on = await stage();
    const flags = async (user: string) => (await client(on).users.info({ user })).user;
    expect(await flags('U0DANA')).toMatchObject({
      is_restricted: false,
      deleted: false,
      team_id: 'T0ACME',
      tz: 'Europe/Berlin',
      tz_offset: 3600,
    });
    expect(await flags('U0GIL')).toMatchObject({ is_restricted: true, is_ultra_restricted: false });
    expect(await flags('U0ODA')).toMatchObject({ is_stranger: true, team_id: 'T0GLOBEX' });
    expect((await flags('U0ODA'))?.profile).not.toHaveProperty('email');
    expect(await flags('U0RON')).toMatchObject({ deleted: true });
    expect(await flags('U0GREENLIGHT')).toMatchObject({ is_bot: true, profile: { bot_id: 'B0GREENLIGHT' } });
    await refuses(flags('U0NOBODY'), 'user_not_found');
  });

  test('lists come in pages that the official paginator follows', async () => {
    const on = await stage();
    const ids: string[] = [];
    for await (const page of client(on).paginate('users.list', { limit: 3 })) {
      ids.push(...((page as { members?: { id: string }[] }).members ?? []).map((one) => one.id));
    }
    expect(ids).toContain('U0RON');
    expect(ids).not.toContain('U0ODA');
    expect(new Set(ids).size).toBe(10);
    await refuses(client(on).users.list({ cursor: 'nonsense' }), 'invalid_cursor');
  });

  test('somebody is found by address, unless outside or gone', async () => {
    const on = await stage();
    expect((await client(on).users.lookupByEmail({ email: 'Sam@acme.example' })).user?.id).toBe('U0SAM');
    await refuses(client(on).users.lookupByEmail({ email: 'oda@globex.example' }), 'users_not_found');
  });

  test('user groups and their members', async () => {
    const on = await stage();
    const { usergroups } = await client(on).usergroups.list({ include_users: true });
    expect(usergroups?.map((group) => [group.handle, group.users])).toContainEqual([
      'sre',
      ['U0SAM', 'U0OLGA'],
    ]);
    await refuses(client(on).usergroups.users.list({ usergroup: 'S0NONE' }), 'no_such_subteam');
  });
});

describe('channels', () => {
  test('a shared channel says so, and with whom', async () => {
    const { channel } = await client(await stage()).conversations.info({ channel: 'C0DEPLOYS' });
    expect(channel).toMatchObject({ is_ext_shared: true, connected_team_ids: ['T0GLOBEX'], is_member: true });
  });

  test('history is newest first, a thread oldest first, with the parent in front', async () => {
    const on = await stage();
    const { messages } = await client(on).conversations.history({ channel: 'C0REQUESTS' });
    const parent = messages?.find((one) => one.reply_count === 2);
    const ordered = messages?.map((one) => Number(one.ts)) ?? [];
    expect(ordered).toEqual(ordered.toSorted((a, b) => b - a));
    const replies = await client(on).conversations.replies({ channel: 'C0REQUESTS', ts: parent?.ts ?? '' });
    expect(replies.messages?.map((one) => one.user)).toEqual(['U0DANA', 'U0LEE', 'U0DANA']);
  });

  test('not in the channel, archived, or unknown', async () => {
    const on = await stage();
    const say = (channel: string) => client(on).chat.postMessage({ channel, text: 'x' });
    await refuses(say('C0NOWHERE'), 'channel_not_found');
    await on.sandbox.change({ do: 'leave', channel: 'C0GENERAL', user: 'U0GREENLIGHT' });
    await refuses(say('C0GENERAL'), 'not_in_channel');
    await on.sandbox.change({ do: 'archive', channel: 'C0DEPLOYS' });
    await refuses(say('C0DEPLOYS'), 'is_archived');
  });
});

describe('messages', () => {
  test('text without blocks drops the blocks on update', async () => {
    const on = await stage();
    const web = client(on);
    const { ts = '' } = await web.chat.postMessage({
      channel: 'C0GENERAL',
      text: 'with',
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'block' } }],
    });
    const { message } = await web.chat.update({ channel: 'C0GENERAL', ts, text: 'without' });
    expect(message).not.toHaveProperty('blocks');
    const seen = await on.sandbox.as('U0DANA').sees('without');
    expect(seen.editedTs).toBeDefined();
  });

  test('only the app’s own messages can be changed, and only what is there', async () => {
    const on = await stage();
    const ts = await on.sandbox.as('U0DANA').say('#general', 'mine');
    const update = (at: string) => client(on).chat.update({ channel: 'C0GENERAL', ts: at, text: 'yours' });
    await refuses(update(ts), 'cant_update_message');
    await refuses(client(on).chat.delete({ channel: 'C0GENERAL', ts }), 'cant_delete_message');
    await refuses(update('1.000001'), 'message_not_found');
    await refuses(client(on).chat.postMessage({ channel: 'C0GENERAL', text: '' }), 'no_text');
  });

  test('a text over 4,000 characters is msg_too_long on update, and a very long one is cut when posted', async () => {
    const on = await stage();
    const web = client(on);
    const { ts = '', message } = await web.chat.postMessage({
      channel: 'C0GENERAL',
      text: 'x'.repeat(40_001),
    });
    expect(message?.text).toHaveLength(40_000);
    await refuses(web.chat.update({ channel: 'C0GENERAL', ts, text: 'x'.repeat(4001) }), 'msg_too_long');
  });

  test('an ephemeral message is seen by one person, and cannot be updated, deleted or found', async () => {
    const on = await stage();
    const web = client(on);
    const { message_ts: ts = '' } = await web.chat.postEphemeral({
      channel: 'C0GENERAL',
      user: 'U0DANA',
      text: 'psst',
    });
    await on.sandbox.as('U0DANA').sees('psst', { ephemeral: true });
    await on.sandbox.as('U0LEE').doesNotSee('psst');
    await refuses(web.chat.update({ channel: 'C0GENERAL', ts, text: 'x' }), 'message_not_found');
    const { messages } = await web.conversations.history({ channel: 'C0GENERAL' });
    expect(messages?.map((one) => one.text)).not.toContain('psst');
    await refuses(
      web.chat.postEphemeral({ channel: 'C0GENERAL', user: 'U0GIL', text: 'x' }),
      'user_not_in_channel',
    );
  });

  test('a user id as the channel is the direct message with them', async () => {
    const on = await stage();
    const { channel } = await client(on).chat.postMessage({ channel: 'U0DANA', text: 'only for you' });
    expect(channel).toBe('D0DANA');
    await on.sandbox.as('U0DANA').sees('only for you', { in: 'D0DANA' });
    await refuses(client(on).chat.postMessage({ channel: 'U0RON', text: 'x' }), 'user_disabled');
  });

  test('a broadcast reply shows in the thread and in the channel', async () => {
    const on = await stage();
    const web = client(on);
    const { ts = '' } = await web.chat.postMessage({ channel: 'C0GENERAL', text: 'parent' });
    await web.chat.postMessage({ channel: 'C0GENERAL', thread_ts: ts, reply_broadcast: true, text: 'loud' });
    await web.chat.postMessage({ channel: 'C0GENERAL', thread_ts: ts, text: 'quiet' });
    const view = await on.sandbox.as('U0DANA').view();
    const messages = view.channels.find((one) => one.id === 'C0GENERAL')?.messages ?? [];
    expect(messages.slice(-2).map((one) => one.text)).toEqual(['parent', 'loud']);
    expect(messages.find((one) => one.ts === ts)?.thread).toMatchObject({ replyCount: 2 });
    await refuses(
      web.chat.postMessage({ channel: 'C0GENERAL', thread_ts: '1.000001', text: 'x' }),
      'thread_not_found',
    );
  });

  test('metadata is kept and given back only when asked for', async () => {
    const on = await stage();
    const web = client(on);
    const metadata = { event_type: 'request', event_payload: { id: 'REQ-1' } };
    await web.chat.postMessage({ channel: 'C0GENERAL', text: 'm', metadata });
    const [plain] = (await web.conversations.history({ channel: 'C0GENERAL', limit: 1 })).messages ?? [];
    expect(plain).not.toHaveProperty('metadata');
    const [whole] =
      (await web.conversations.history({ channel: 'C0GENERAL', limit: 1, include_all_metadata: true }))
        .messages ?? [];
    expect(whole?.metadata).toEqual(metadata);
    await refuses(
      web.chat.postMessage({ channel: 'C0GENERAL', text: 'm', metadata: { event_type: '' } as never }),
      'invalid_metadata_format',
    );
  });

  test('files go up in three steps with the official helper', async () => {
    const on = await stage();
    await client(on).filesUploadV2({
      channel_id: 'C0GENERAL',
      filename: 'run.log',
      content: 'line one',
      title: 'The log',
    });
    const message = await on.sandbox.as('U0DANA').sees('The log');
    expect(message.files[0]).toMatchObject({ name: 'run.log', sizeBytes: 8 });
    const response = await fetch(new URL(message.files[0]?.url ?? '', on.box.url));
    expect(await response.text()).toBe('line one');
    expect(response.headers.get('content-disposition')).toBe('attachment');
  });
});

describe('rates', () => {
  test('a burst is allowed, then 429 with Retry-After, then time heals', async () => {
    const on = await stage();
    const lookup = () =>
      fetch(`${on.box.apiUrl}conversations.info`, {
        method: 'POST',
        headers: { authorization: `Bearer ${botToken}`, 'content-type': 'application/x-www-form-urlencoded' },
        body: 'channel=C0GENERAL',
      });
    for (let call = 0; call < 100; call++) expect((await lookup()).status).toBe(200);
    const refused = await lookup();
    expect(refused.status).toBe(429);
    expect(await refused.json()).toEqual({ ok: false, error: 'ratelimited' });
    await on.sandbox.advance(Number(refused.headers.get('retry-after')) * 1000);
    expect((await lookup()).status).toBe(200);
  });

  test('posting is counted per channel', async () => {
    const on = await stage();
    const post = (channel: string) => client(on).chat.postMessage({ channel, text: 'x' });
    for (let call = 0; call < 30; call++) await post('C0GENERAL');
    await expect(post('C0GENERAL')).rejects.toMatchObject({ retryAfter: 1 });
    await post('C0DEPLOYS');
  });

  test('one method can be left without a limit, and no other is', async () => {
    const on = await stage({ rateLimits: { except: ['apps.connections.open'] } });
    const sockets = new WebClient(appToken, { slackApiUrl: on.box.apiUrl, rejectRateLimitedCalls: true });
    for (let call = 0; call < 50; call++) await sockets.apps.connections.open();
    const post = () => client(on).chat.postMessage({ channel: 'C0GENERAL', text: 'x' });
    for (let call = 0; call < 30; call++) await post();
    await expect(post()).rejects.toMatchObject({ retryAfter: 1 });
  });
});

describe('faults on calls', () => {
  test('429 with Retry-After, before anything happens', async () => {
    const on = await stage();
    await on.sandbox.breakOn({
      box: 'slack',
      operation: 'chat.*',
      fault: { kind: 'status', status: 429, retryAfterSeconds: 7 },
      times: 1,
    });
    await expect(client(on).chat.postMessage({ channel: 'C0GENERAL', text: 'x1' })).rejects.toMatchObject({
      retryAfter: 7,
    });
    await on.sandbox.as('U0DANA').doesNotSee('x1');
    await client(on).chat.postMessage({ channel: 'C0GENERAL', text: 'x1' });
  });

  test('a lost response: the message is there, the caller cannot know', async () => {
    const on = await stage();
    await on.sandbox.breakOn({
      box: 'slack',
      operation: 'chat.postMessage',
      fault: { kind: 'lost-response' },
      times: 1,
    });
    await expect(client(on).chat.postMessage({ channel: 'C0GENERAL', text: 'once' })).rejects.toThrow();
    await on.sandbox.as('U0DANA').sees('once');
    expect((await on.sandbox.journal()).at(-1)).toMatchObject({
      operation: 'chat.postMessage',
      fault: 'lost-response',
    });
  });
});
