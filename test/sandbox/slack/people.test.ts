import { describe, expect, test } from 'vitest';
import type { PersonClient } from '../../../src/sandbox/client.ts';
import {
  applyPatch,
  controlRoutes,
  type FeedPatch,
  type JournalEntry,
  type PersonView,
} from '../../../src/sandbox/protocol.ts';
import { talkative } from './apps.ts';
import { type Stage, socketApp, stage } from './world.ts';

const shared = async (on: Stage) => {
  await socketApp(on.box, talkative);
  await on.sandbox.as('U0DANA').command('#deploys', '/card');
  return on.sandbox.as('U0ODA').sees('A card');
};

describe('who may do what', () => {
  test('an outside member may click, and the payload says whose they are', async () => {
    const on = await stage();
    const card = await shared(on);
    await on.sandbox.as('U0ODA').click('Approve', { in: card });
    const click = (await on.sandbox.journal()).findLast(
      (entry) => entry.operation === 'envelope:block_actions',
    );
    expect(click?.request).toMatchObject({
      user: { id: 'U0ODA', team_id: 'T0GLOBEX' },
      team: { id: 'T0ACME' },
    });
  });

  test('an outside member may not run commands or shortcuts', async () => {
    const on = await stage();
    const card = await shared(on);
    const oda = on.sandbox.as('U0ODA');
    await expect(oda.command('#deploys', '/parrot hi')).rejects.toMatchObject({ code: 'not_allowed' });
    await expect(oda.shortcut('Ask about this', card)).rejects.toMatchObject({ code: 'not_allowed' });
    await expect(oda.shortcut('Ask')).rejects.toMatchObject({ code: 'not_allowed' });
  });

  test('a guest sees only their channel, and may run commands there', async () => {
    const on = await stage();
    await socketApp(on.box, talkative);
    const gil = on.sandbox.as('U0GIL');
    expect((await gil.view()).channels.map((channel) => channel.id)).toEqual(['C0REQUESTS', 'D0GIL']);
    await gil.command('#platform-requests', '/parrot hello');
    await gil.sees('hello', { ephemeral: true });
    await expect(gil.say('#general', 'hi')).rejects.toMatchObject({ code: 'channel_not_found' });
  });

  test('somebody who was deactivated can do nothing', async () => {
    const { sandbox } = await stage();
    await expect(sandbox.as('U0RON').say('#general', 'hi')).rejects.toMatchObject({
      code: 'account_inactive',
    });
    await expect(sandbox.as('U0GREENLIGHT').say('#general', 'hi')).rejects.toMatchObject({
      code: 'no_such_person',
    });
  });

  test('nobody can click in a message or modal that they do not see', async () => {
    const { box, sandbox } = await stage();
    await socketApp(box, talkative);
    const dana = sandbox.as('U0DANA');
    const lee = sandbox.as('U0LEE');
    await dana.command('#general', '/whisper');
    const whisper = await dana.sees('whispered');
    const [block] = whisper.blocks ?? [];
    const place = { message: { channel: whisper.channel, ts: whisper.ts } };
    const click = { do: 'click' as const, in: place, blockId: block?.block_id ?? '', actionId: 'only' };
    expect(await lee.perform(click)).toMatchObject({ ok: false, error: 'message_not_found' });
    await dana.command('#general', '/form');
    const modal = await dana.seesModal();
    expect(await lee.perform({ do: 'submit', modal: modal.id })).toMatchObject({
      ok: false,
      error: 'view_not_found',
    });
    expect((await lee.view()).modals).toEqual([]);
  });
});

describe('commands', () => {
  test('an unknown command, one of Slack’s own, and one in a thread are told to the person', async () => {
    const { sandbox } = await stage();
    const dana = sandbox.as('U0DANA');
    await expect(dana.command('#general', '/nothing')).rejects.toMatchObject({ code: 'not_found' });
    await dana.seesNotice('/nothing is not a valid command.');
    await expect(dana.command('#general', '/status x')).rejects.toMatchObject({ code: 'built_in' });
    expect(
      await dana.perform({ do: 'run', channel: '#general', line: '/parrot', threadTs: '1.0' }),
    ).toMatchObject({
      ok: false,
      error: 'not_in_threads',
    });
  });

  test('should_escape turns names into references, and its absence leaves the text alone', async () => {
    const { box, sandbox } = await stage();
    await socketApp(box, (app) => {
      for (const name of ['/parrot', '/escaped']) app.command(name, async ({ ack }) => ack());
    });
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/parrot ask @sam in #deploys & <now>');
    await dana.command('#general', '/escaped ask @sam in #deploys with @sre & <now>');
    const texts = (await sandbox.journal())
      .filter((entry) => entry.operation === 'envelope:slash_commands')
      .map((entry) => (entry.request as { text: string }).text);
    expect(texts).toEqual([
      'ask @sam in #deploys & <now>',
      'ask <@U0SAM|sam> in <#C0DEPLOYS|deploys> with <!subteam^S0SRE|@sre> &amp; &lt;now&gt;',
    ]);
  });

  test('autocomplete knows the commands of the manifest', async () => {
    const { sandbox } = await stage();
    expect(await sandbox.as('U0DANA').suggestions('/pa')).toEqual([
      { command: '/parrot', description: 'Says it again', usageHint: '[words]' },
    ]);
  });
});

describe('reading', () => {
  test('unread messages and mentions count until the channel is read', async () => {
    const { sandbox } = await stage();
    const counts = async () => {
      const view = await sandbox.as('U0SAM').view();
      const channel = view.channels.find((one) => one.id === 'C0GENERAL');
      return [channel?.unreadCount, channel?.mentionCount];
    };
    expect(await counts()).toEqual([0, 0]);
    await sandbox.as('U0DANA').say('#general', 'hello');
    await sandbox.as('U0DANA').say('#general', 'hello @sam');
    await sandbox.as('U0DANA').say('#general', 'hello @sre');
    expect(await counts()).toEqual([3, 2]);
    await sandbox.as('U0SAM').markRead('#general');
    expect(await counts()).toEqual([0, 0]);
  });

  test('the patches of the feed, applied one by one, give the view', async () => {
    const { box, sandbox } = await stage();
    await socketApp(box, talkative);
    const { body } = await fetch(`${box.url}${controlRoutes.feed}?person=U0DANA`);
    if (!body) throw new Error('The feed has no body.');
    const patches = eventsIn<FeedPatch>(body);
    const dana = sandbox.as('U0DANA');
    const lee = sandbox.as('U0LEE');
    await lee.command('#general', '/card');
    const card = await lee.sees('A card');
    await lee.say('#general', 'a reply', { thread: card });
    await lee.say('#general', 'a loud reply', { thread: card, broadcast: true });
    const whisper = await whispered(dana);
    await dana.perform({ do: 'dismiss', channel: whisper.channel, ts: whisper.ts });
    await dana.react(card, 'eyes');
    await dana.command('#general', '/parrot private');
    await lee.command('#general', '/parrot not for dana');
    await dana.command('#general', '/form');
    await dana.fill('Name', 'x');
    await dana.openHome();
    await dana.seesHome('Welcome');
    await dana.perform({ do: 'run', channel: '#general', line: '/nothing' });
    await dana.markRead('#general');
    await lee.say('#general', 'the last word');

    let view: PersonView | undefined;
    for await (const patch of patches) {
      if (patch.kind === 'view') view = patch.view;
      else if (view) view = applyPatch(view, patch);
      expect(JSON.stringify(patch)).not.toContain('not for dana');
      if (patch.kind === 'message' && patch.message.text === 'the last word') break;
    }
    expect(view).toEqual(await dana.view());
  });

  test('the inspector is told of every call and envelope as they happen, and never of a token', async () => {
    const { box, sandbox } = await stage();
    await socketApp(box, talkative);
    const { body } = await fetch(`${box.url}${controlRoutes.journalFeed}`);
    if (!body) throw new Error('The feed has no body.');
    await sandbox.as('U0DANA').command('#general', '/card');
    const seen: string[] = [];
    for await (const entry of eventsIn<JournalEntry>(body)) {
      seen.push(entry.operation);
      expect(JSON.stringify(entry)).not.toMatch(/xoxb-|xapp-|sandbox-verification-token/);
      if (seen.includes('chat.postMessage') && seen.includes('envelope:slash_commands')) break;
    }
    expect(seen).toContain('apps.connections.open');
  });

  test('a wait that is not met prints what the person does see', async () => {
    const { sandbox } = await stage();
    const waiting = sandbox.as('U0DANA').sees('unicorns', { withinMs: 10 });
    await expect(waiting).rejects.toThrow(
      /Dana Fox \(U0DANA\) sees:[\s\S]*Can somebody give me an environment/,
    );
  });
});

describe('the workspace changes', () => {
  test('a new group member is in the answers at once and reaches the app as an event', async () => {
    const { box, sandbox } = await stage();
    const seen: unknown[] = [];
    await socketApp(box, (app) => {
      app.event('subteam_members_changed', async ({ event }) => {
        seen.push(event);
      });
    });
    await sandbox.change({ do: 'set-group', group: 'S0SRE', members: ['U0SAM', 'U0DANA'] });
    await expect
      .poll(() => seen)
      .toMatchObject([{ subteam_id: 'S0SRE', added_users: ['U0DANA'], removed_users: ['U0OLGA'] }]);
  });

  test('a reset brings the seed back, with a new boot id', async () => {
    const { sandbox } = await stage();
    const dana = sandbox.as('U0DANA');
    const { bootId } = await dana.view();
    await dana.say('#general', 'gone soon');
    await sandbox.reset();
    await dana.doesNotSee('gone soon');
    expect((await dana.view()).bootId).not.toBe(bootId);
  });

  test('a page of another origin cannot drive the people', async () => {
    const { box } = await stage();
    const body = JSON.stringify({
      person: 'U0DANA',
      command: { do: 'say', channel: '#general', text: 'evil' },
    });
    const from = (origin: string) =>
      fetch(`${box.url}${controlRoutes.command}`, { method: 'POST', headers: { origin }, body });
    expect((await from('https://evil.example')).status).toBe(403);
    expect((await from(box.url)).status).toBe(200);
  });
});

async function whispered(person: PersonClient) {
  await person.command('#general', '/whisper');
  return person.sees('whispered');
}

async function* eventsIn<Event>(body: ReadableStream<Uint8Array>): AsyncGenerator<Event> {
  let text = '';
  for await (const part of body.pipeThrough(
    new TextDecoderStream() as never,
  ) as unknown as AsyncIterable<string>) {
    text += part;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = text.slice(0, end);
      text = text.slice(end + 2);
      if (event.startsWith('data: ')) yield JSON.parse(event.slice('data: '.length)) as Event;
    }
  }
}
