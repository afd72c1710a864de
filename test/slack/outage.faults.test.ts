/** An hour without Slack, with the real messenger in front of the Slack box: what people find when it is back. */
import { expect, onTestFinished, test } from 'vitest';
import { quorumAsRecorded } from '../../src/approvals/quorum.ts';
import { hourMs, minuteMs } from '../../src/core/duration.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import { connectSandbox } from '../../src/sandbox/client.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { startSlackBox } from '../../src/sandbox/slack/box.ts';
import { createChannelGuard } from '../../src/slack/channels.ts';
import { createClients } from '../../src/slack/clients.ts';
import { manifestOf } from '../../src/slack/manifest.ts';
import { createMessenger } from '../../src/slack/messenger.ts';
import { createOutbox } from '../../src/slack/outbox.ts';
import { actions, collectingLog } from '../handlers/world.ts';
import { seed } from '../sandbox/slack/world.ts';
import { evaluated, monday, noticeOf, person, submit, write } from '../store/example-requests.ts';
import { memoryStore } from '../store/ready-store.ts';

const channel = 'C0REQUESTS';

test('an hour without Slack: then each card once at its newest, each end told, and nobody is asked what is over', async () => {
  const world = await start();
  const [early, late] = [await world.ask('early'), await world.ask('late', false)];
  await world.outbox.flush();
  await world.sandbox.breakOn({ box: 'slack', operation: '*', fault: { kind: 'status', status: 503 } });
  const asked = await world.remind(late);
  const lost = await world.ask('meanwhile');
  for (let minute = 0; minute < 60; minute += 10) {
    world.outbox.wake();
    await world.outbox.flush();
    await world.clock.advance(10 * minuteMs);
  }
  const ended = [];
  for (const one of [early, asked, lost]) ended.push(await world.cancel(one));
  await world.sandbox.mend();
  // Each waits a minute at most, and then for its place.
  for (let i = 0; i < 6; i++) {
    await world.clock.advance(minuteMs / 2);
    await world.outbox.flush();
  }
  const standing = await world.standing();
  expect(standing.map(({ text }) => text).filter((text) => text.includes('cancelled'))).toHaveLength(3);
  expect(standing).toHaveLength(3);
  const lines = await Promise.all(standing.map(({ ts }) => world.thread(ts)));
  // The first was asked while it waited; the others were over before anybody could be.
  expect(lines.map((said) => said.filter((text) => text.includes('Please answer')).length)).toEqual([
    1, 0, 0,
  ]);
  expect(lines.map((said) => said.filter((text) => text.includes('was cancelled')).length)).toEqual([
    1, 1, 1,
  ]);
  expect(await world.store.nextOutboxAt()).toBeUndefined();
  expect(world.clock.now() - monday).toBeLessThan(hourMs + 5 * minuteMs);
});

async function start() {
  const clock = createWorldClock({ mode: 'still', startAt: monday });
  const manifest = manifestOf(actions, { mode: 'socket' });
  const box = await startSlackBox({ port: 0, seed, manifest, clock, rateLimits: false });
  onTestFinished(() => box.stop());
  const log = collectingLog([]);
  const { background: client } = createClients({
    token: 'xoxb-sandbox-greenlight',
    apiUrl: box.apiUrl,
    log,
  });
  const messenger = createMessenger({
    ...{ client, log, endChoices: async () => [] },
    channels: { requests: channel, deploys: channel },
    cards: { actions, groupTitle: (name) => name, quorumOf: quorumAsRecorded },
    guard: createChannelGuard({ client, clock, allowedSharedChannels: [] }),
  });
  const store = await memoryStore();
  onTestFinished(() => store.close());
  const outbox = createOutbox({ store, messenger, clock, log, scheduler: clock, draw: () => 0 });
  onTestFinished(() => outbox.stop());

  const remind = (request: PlatformRequest) =>
    write(
      store,
      request,
      [{ type: 'asked', at: clock.now(), people: [{ id: person('lee').id, name: 'Lee' }] }],
      [{ ...noticeOf(request.id), key: `${request.id}:waiting:${request.version + 1}` }],
    );

  return {
    ...{ clock, store, outbox, remind, sandbox: connectSandbox(box.url) },
    async ask(key: string, isAsking = true) {
      const request = await submit(store, key, { channel: 'requests' });
      const waiting = await write(store, request, [evaluated('require_approval', clock.now())]);
      return isAsking ? remind(waiting) : waiting;
    },
    cancel: (request: PlatformRequest) =>
      write(
        store,
        request,
        [{ type: 'cancelled', at: clock.now(), by: request.requester }],
        [noticeOf(request.id, 'ended')],
      ),
    async standing() {
      const { messages = [] } = await client.conversations.history({ channel });
      return messages
        .flatMap(({ ts, text, bot_id }) => (ts && text && bot_id ? [{ ts, text }] : []))
        .toReversed();
    },
    async thread(ts: string) {
      const { messages = [] } = await client.conversations.replies({ channel, ts });
      return messages.slice(1).map(({ text }) => text ?? '');
    },
  };
}
