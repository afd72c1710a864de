/** Cards that are one too many or missing, in a channel of the Slack box; and what Slack refuses for good. */
import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { quorumAsRecorded } from '../../src/approvals/quorum.ts';
import { hourMs } from '../../src/core/duration.ts';
import { type RequestId, requestIdOf } from '../../src/core/ids.ts';
import type { Messenger, PostedCard } from '../../src/core/ports.ts';
import { connectSandbox, type Sandbox } from '../../src/sandbox/client.ts';
import { createWorldClock, type WorldClock } from '../../src/sandbox/clock.ts';
import { type SlackBox, startSlackBox } from '../../src/sandbox/slack/box.ts';
import { createChannelGuard } from '../../src/slack/channels.ts';
import { createClients } from '../../src/slack/clients.ts';
import { manifestOf } from '../../src/slack/manifest.ts';
import { createMessenger } from '../../src/slack/messenger.ts';
import { createStrayCards, type StrayCards } from '../../src/slack/stray-cards.ts';
import { actions, collectingLog } from '../handlers/world.ts';
import { seed } from '../sandbox/slack/world.ts';
import { now, sample } from './samples.ts';

const channel = 'C0REQUESTS';
const logged: { fields: Readonly<Record<string, unknown>>; message: string }[] = [];
const log = collectingLog(logged);

let box: SlackBox;
let sandbox: Sandbox;
let clock: WorldClock;
let client: WebClient;
let messenger: Messenger;
/** As the store knows them. */
let cards: Map<RequestId, PostedCard>;
/** Of these the store does not know yet where they are shown anew. */
let beingShown: Set<RequestId>;
let missed: RequestId[];
/** One by one. */
let lookedUp: RequestId[];
let strays: StrayCards;

beforeEach(async () => {
  logged.length = 0;
  clock = createWorldClock({ mode: 'still', startAt: now });
  await start();
});
afterEach(() => box.stop());

describe('a card that was lost on its way', () => {
  test('is found with all its copies: the first stays, is brought up to date, and the others go', async () => {
    const first = await post();
    await post();
    await post();
    const shown = await messenger.showCard(sample('succeeded', { version: 9 }), [], undefined, {
      mayBeThere: true,
    });
    expect(shown).toEqual({ ...first, shownVersion: 9 });
    expect(await standing()).toEqual([first.ts]);
  });

  test('is posted again where we may not look, and the log says so once', async () => {
    await box.stop();
    const { oauth_config, ...manifest } = manifestOf(actions, { mode: 'socket' });
    const { scopes } = oauth_config as { scopes: { bot: readonly string[] } };
    await start({ ...manifest, oauth_config: { scopes: { bot: scopes.bot } } });
    for (const id of [12, 13]) {
      const request = sample('waiting', { id: requestIdOf(id) });
      await messenger.showCard(request, [], undefined, { mayBeThere: true });
    }
    expect(logged.filter(({ message }) => message.startsWith('we may not read'))).toHaveLength(1);
    await strays.sweep({});
  });
});

describe('a sweep', () => {
  test('takes away what is one too many, and leaves what nobody has written down yet', async () => {
    const known = await post();
    cards.set(requestIdOf(12), known);
    await post();
    const unknown = await post(13);
    await strays.sweep({});
    expect(await standing()).toEqual([known.ts, unknown.ts]);
    expect(missed).toEqual([]);
    // A thousand cards that are where they were posted are read at once.
    expect(lookedUp).toEqual(['REQ-13', 'REQ-12']);
  });

  test('leaves a card that was just posted in place of one that is gone, as does a click on it', async () => {
    cards.set(requestIdOf(12), { channel, ts: '1700000000.000100', shownVersion: 1 });
    beingShown.add(requestIdOf(12));
    const anew = await post();
    await strays.sweep({});
    await strays.met(requestIdOf(12), anew);
    expect(await standing()).toEqual([anew.ts]);
  });

  test('has a card that somebody deleted drawn again, also when its request is over', async () => {
    const [known, other] = [await post(12), await post(13)];
    cards.set(requestIdOf(12), known).set(requestIdOf(13), other);
    await client.chat.delete({ channel, ts: known.ts });
    await strays.sweep({});
    expect(missed).toEqual(['REQ-12']);
  });

  test('looks no further back than a day', async () => {
    const known = await post();
    await post();
    cards.set(requestIdOf(12), { ...known, ts: '1.000001' });
    await clock.advance(25 * hourMs);
    await strays.sweep({});
    expect(await standing()).toHaveLength(2);
    expect(missed).toEqual([]);
  });

  test('edits into a pointer what may not be deleted, once', async () => {
    refuse('delete', 'compliance_exports_prevent_deletion');
    const known = await post();
    cards.set(requestIdOf(12), known);
    const copy = await post();
    await strays.sweep({});
    const said = await sandbox
      .as('U0DANA')
      .sees('REQ-12 is followed elsewhere', { in: '#platform-requests' });
    expect(said.ts).toBe(copy.ts);
    expect(JSON.stringify(said.blocks)).toContain(known.ts.replace('.', ''));
    expect(JSON.stringify(said.blocks)).not.toContain('button');
    const calls = await asked('chat.update');
    await strays.sweep({});
    expect(await asked('chat.update')).toBe(calls);
  });
});

describe('what Slack refuses for good', () => {
  test('a card that it does not take as it is drawn is shown plain, in the same place', async () => {
    const posted = await messenger.showCard(sample('waiting'), [], undefined);
    refuse('update', 'msg_too_long', 1);
    const shown = await messenger.showCard(sample('succeeded', { version: 9 }), [], posted);
    expect(shown).toEqual({ ...posted, shownVersion: 9 });
    await sandbox.as('U0DANA').sees('Slack does not take this card', { in: '#platform-requests' });
    refuse('postMessage', 'invalid_blocks', 1);
    const other = await messenger.showCard(sample('waiting', { id: requestIdOf(13) }), [], undefined);
    expect(await standing()).toEqual([posted.ts, other.ts]);
  });

  test('a line that it does not take as it is drawn is said in words alone', async () => {
    const request = sample('succeeded');
    const posted = await messenger.showCard(request, [], undefined);
    refuse('postMessage', 'invalid_blocks', 1);
    await messenger.tell({ key: 'k', kind: 'ended', requestId: request.id }, request, posted);
    const said = await sandbox.as('U0DANA').sees('is done', { in: '#platform-requests' });
    expect(said.threadTs).toBe(posted.ts);
    expect(said.blocks).toHaveLength(1);
    // Also one for somebody alone.
    refuse('postMessage', 'msg_too_long', 1);
    const alone = { key: 'l', kind: 'lock_idle', requestId: request.id } as const;
    expect(await messenger.tell(alone, request, posted)).toBe(true);
  });

  test.each(['user_not_found', 'cannot_dm_bot', 'user_disabled'])(
    'a line to somebody alone is dropped when Slack says %s',
    async (code) => {
      const request = sample('succeeded');
      const posted = await messenger.showCard(request, [], undefined);
      refuse('postMessage', code);
      const notice = { key: 'k', kind: 'lock_idle', requestId: request.id } as const;
      expect(await messenger.tell(notice, request, posted)).toBe(true);
      expect(logged.at(-1)?.message).toBe('somebody cannot be written to');
    },
  );

  test.each(['edit_window_closed', 'cant_update_message', 'is_archived'])(
    'a card that cannot be edited (%s) is posted anew',
    async (code) => {
      const posted = await messenger.showCard(sample('waiting'), [], undefined);
      refuse('update', code);
      const shown = await messenger.showCard(sample('succeeded', { version: 9 }), [], posted);
      expect(shown.ts).not.toBe(posted.ts);
    },
  );

  test('a notice says that its card is gone, and is not said in the open', async () => {
    const request = sample('succeeded');
    const gone = { channel, ts: '1700000000.000100', shownVersion: 1 };
    const notice = { key: 'k', kind: 'ended', requestId: request.id } as const;
    expect(await messenger.tell(notice, request, gone)).toBe(false);
    expect(await standing()).toEqual([]);
  });
});

async function start(manifest: unknown = manifestOf(actions, { mode: 'socket' })): Promise<void> {
  box = await startSlackBox({ port: 0, seed, manifest, clock, rateLimits: false });
  sandbox = connectSandbox(box.url);
  client = createClients({ token: 'xoxb-sandbox-greenlight', apiUrl: box.apiUrl, log }).background;
  messenger = createMessenger({
    client,
    channels: { requests: channel, deploys: channel },
    cards: { actions, groupTitle: (name) => name, quorumOf: quorumAsRecorded },
    guard: createChannelGuard({ client, clock, allowedSharedChannels: [] }),
    log,
    endChoices: async () => [],
  });
  cards = new Map();
  beingShown = new Set();
  missed = [];
  lookedUp = [];
  strays = createStrayCards({
    ...{ client, messenger, clock, log },
    channels: [channel],
    store: {
      async settledCard(id) {
        lookedUp.push(id);
        return beingShown.has(id) ? undefined : cards.get(id);
      },
      postedCards: async (_channel, sinceTs) =>
        [...cards].map(([requestId, { ts }]) => ({ requestId, ts })).filter(({ ts }) => ts >= sinceTs),
      cardMissed: async (id) => void missed.push(id),
    },
  });
}

function post(id = 12): Promise<PostedCard> {
  return messenger.showCard(sample('waiting', { id: requestIdOf(id) }), [], undefined);
}

/** As Slack does where a rule of the workspace forbids it. */
function refuse(method: 'delete' | 'update' | 'postMessage', error: string, times = 100): void {
  let left = times;
  const real = client.chat[method].bind(client.chat) as (...args: readonly unknown[]) => Promise<unknown>;
  const refusing = async (...args: readonly unknown[]) => {
    if (left-- > 0) throw new WebAPIPlatformError({ ok: false, error });
    return real(...args);
  };
  Object.assign(client.chat, { [method]: refusing });
}

/** What stands in the channel, the oldest first. */
async function standing(): Promise<readonly string[]> {
  const { messages = [] } = await client.conversations.history({ channel });
  return messages.flatMap(({ ts, bot_id }) => (ts && bot_id ? [ts] : [])).reverse();
}

async function asked(method: string): Promise<number> {
  return (await sandbox.journal()).filter((entry) => JSON.stringify(entry).includes(`"${method}"`)).length;
}
