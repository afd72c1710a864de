/** One message that follows something for a while: against the sandbox's Slack, with the real store. */
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { Answer } from '../../src/core/action.ts';
import { type PersonId, personIdSchema } from '../../src/core/ids.ts';
import type { Person } from '../../src/core/person.ts';
import { ok, type Problem, problem, type Result, refuse } from '../../src/core/problem.ts';
import type { Store } from '../../src/core/store.ts';
import type { Watch } from '../../src/core/watch.ts';
import { connectSandbox, type Sandbox } from '../../src/sandbox/client.ts';
import { createWorldClock, type WorldClock } from '../../src/sandbox/clock.ts';
import { startSlackBox } from '../../src/sandbox/slack/box.ts';
import { createChannelGuard } from '../../src/slack/channels.ts';
import { createClients } from '../../src/slack/clients.ts';
import { manifestOf } from '../../src/slack/manifest.ts';
import { createWatches, type Watches } from '../../src/slack/watches.ts';
import { actions, collectingLog } from '../handlers/world.ts';
import { seed } from '../sandbox/slack/world.ts';
import { memoryStore } from '../store/ready-store.ts';

const requests = 'C0REQUESTS';
const follow = { action: 'service.status', input: { service: 'search' } };

let clock: WorldClock;
let sandbox: Sandbox;
let store: Store;
let now: Result<Answer>;
let asked: Watch[];
/** One replica; `close` lets its watches go. */
let open: (options?: { readonly carries?: boolean }) => Watches & { close(): Promise<void> };
/** What Slack would say of the channel once it is shared. */
let shared: Problem | undefined;

beforeEach(async () => {
  clock = createWorldClock({ mode: 'still', startAt: Date.parse('2026-11-21T09:00:00Z') });
  const box = await startSlackBox({
    port: 0,
    seed,
    manifest: manifestOf(actions, { mode: 'socket' }),
    clock,
    rateLimits: false,
  });
  sandbox = connectSandbox(box.url);
  store = await memoryStore();
  const log = collectingLog([]);
  const { background: client } = createClients({ token: 'xoxb-sandbox-greenlight', apiUrl: box.apiUrl, log });
  asked = [];
  let references = 0;
  shared = undefined;
  const guard = createChannelGuard({ client, clock, allowedSharedChannels: [] });
  open = ({ carries = true } = {}) => {
    const watches = createWatches({
      ...{ store, client, clock, log, scheduler: clock },
      guard: { ...guard, refusal: async (channel) => shared ?? guard.refusal(channel) },
      chance: { reference: () => `watch${++references}` },
      ask: async (watch) => {
        asked.push(watch);
        return now;
      },
      nameOf: async () => 'Sam Okoye',
    });
    const carried = carries ? watches.carry() : undefined;
    if (carried) onTestFinished(() => carried.stop());
    return { ...watches, close: async () => carried?.stop() };
  };
  onTestFinished(async () => {
    await store.close();
    await box.stop();
  });
});

function person(name: string): Person {
  const id: PersonId = personIdSchema.parse(`U0${name.toUpperCase()}`);
  return { id, name, kind: 'member', email: `${name.toLowerCase()}@acme.example` };
}
const sam = person('Sam');

function status(sentence: string, footnote = 'As of now.', line = 'BackOff'): Answer {
  const sections = [{ title: 'staging', fields: [], lines: [line] }];
  return { title: 'Search', sentence, mood: 'bad', sections, links: [], next: [], footnote, follow };
}

/** What stands in the channel, one text a message. */
const shown = async () => {
  const { channels } = await sandbox.as('U0SAM').view();
  const messages = channels.find((channel) => channel.id === requests)?.messages ?? [];
  return messages.map((message) => JSON.stringify(message)).filter((text) => /Search|Watched/.test(text));
};
const edits = async () =>
  (await sandbox.journal()).filter((entry) => 'operation' in entry && entry.operation === 'chat.update')
    .length;

/** Lets time pass in small steps, so that calls over a real socket come back in between; larger where there are none. */
async function pass(ms: number, stepMs = 5_000): Promise<void> {
  for (let left = ms; left > 0; left -= stepMs) {
    await clock.advance(Math.min(stepMs, left));
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
}

test('it is edited when something has changed, and only then', async () => {
  now = ok(status('search is not well.', 'As of now.', '12s ago ×9: BackOff'));
  const watches = open();
  expect(await watches.begin(sam, requests, status('search is not well.'))).toEqual(ok(undefined));
  await pass(10_000);
  const before = await edits();
  for (const age of ['19s', '24s', '1m 5s']) {
    now = ok(status('search is not well.', `As of ${age} ago.`, `${age} ago ×9: BackOff`));
    await pass(10_000);
  }
  expect(await edits()).toBe(before);
  now = ok(status('search is healthy.'));
  await pass(10_000);
  await vi.waitFor(async () => expect((await shown()).join()).toContain('search is healthy.'));
  expect(await shown()).toHaveLength(1);
  expect(await edits()).toBe(before + 1);
});

test('it ends by itself with a last word, and asks no more', async () => {
  now = ok(status('search is healthy.'));
  await open().begin(sam, requests, status('search is not well.'));
  await pass(15 * 60_000, 60_000);
  // A look that was on its way over the socket sets its next one later: a little more time, until it has ended.
  await vi.waitFor(async () => {
    await pass(5_000);
    expect((await shown()).join()).toContain('Watched for 15 minutes.');
  });
  expect((await shown()).join()).not.toContain('Stop');
  const before = asked.length;
  await pass(60_000);
  expect(asked).toHaveLength(before);
  expect(await store.watches()).toEqual([]);
});

test('whoever sees it can stop it', async () => {
  now = ok(status('search is healthy.'));
  const watches = open();
  await watches.begin(sam, requests, status('search is not well.'));
  expect(await watches.stop('watch1', person('Dana'))).toBe(true);
  expect((await shown()).join()).toContain('Stopped by Dana.');
  expect(await watches.stop('watch1', person('Dana'))).toBe(false);
  expect(await store.watches()).toEqual([]);
});

test('after a restart of the bot it goes on, and what was never shown is forgotten', async () => {
  now = ok(status('search is not well.'));
  const before = open();
  await before.begin(sam, requests, status('search is not well.'));
  await before.close();
  await store.addWatch({
    id: 'lost',
    by: sam.id,
    ...follow,
    channel: requests,
    ts: '',
    until: clock.now() + 60_000,
  });
  now = ok(status('search is healthy.'));
  open();
  await pass(10_000);
  await vi.waitFor(async () => expect((await shown()).join()).toContain('search is healthy.'));
  expect((await store.watches()).map((one) => one.id)).toEqual(['watch1']);
});

test('after a restart that came too late it says its last word', async () => {
  now = ok(status('search is healthy.'));
  const before = open();
  await before.begin(sam, requests, status('search is not well.'));
  await before.close();
  await clock.advance(20 * 60_000);
  open();
  await pass(1_000);
  await vi.waitFor(async () => expect((await shown()).join()).toContain('Watched for 15 minutes.'));
});

test('somebody who may look no longer sees no more: it ends and says why', async () => {
  await open().begin(sam, requests, status('search is not well.'));
  now = refuse(problem('not_a_member', 'This account is deactivated.', 'Ask.'));
  await pass(10_000);
  await vi.waitFor(async () => expect((await shown()).join()).toContain('This account is deactivated.'));
  expect((await shown()).join()).not.toContain('search is not well.');
  expect(await store.watches()).toEqual([]);
});

test('a moment in which it cannot be asked ends nothing', async () => {
  await open().begin(sam, requests, status('search is not well.'));
  now = refuse(problem('outside_unavailable', 'Slack is away.', 'Wait.', { isTransient: true }));
  await pass(30_000);
  now = ok(status('search is healthy.'));
  await pass(10_000);
  await vi.waitFor(async () => expect((await shown()).join()).toContain('search is healthy.'));
});

test('three for one person are enough', async () => {
  now = ok(status('search is healthy.'));
  const watches = open();
  for (let one = 0; one < 3; one++) await watches.begin(sam, requests, status('search is not well.'));
  expect(await watches.begin(sam, requests, status('search is not well.'))).toMatchObject({
    problem: { code: 'busy', sentence: 'You watch 3 things already.' },
  });
  expect(await shown()).toHaveLength(3);
});

test('it does not begin where another company reads along', async () => {
  const refused = await open().begin(sam, 'C0DEPLOYS', status('search is not well.'));
  expect(refused.ok).toBe(false);
  expect(await store.watches()).toEqual([]);
});

test('of a message that somebody deleted nothing is left to do', async () => {
  now = ok(status('search is not well.'));
  await open().begin(sam, requests, status('search is not well.'));
  const [watch] = await store.watches();
  if (!watch) throw new Error('nothing is watched');
  await store.watchPosted({ ...watch, ts: '1.000001' });
  open();
  await pass(5_000);
  await vi.waitFor(async () => expect(await store.watches()).toEqual([]));
});

test('a channel that is shared with another company meanwhile is told no more', async () => {
  now = ok(status('search is not well.'));
  const watches = open();
  expect(await watches.begin(sam, requests, status('search is not well.'))).toEqual(ok(undefined));
  shared = problem('outside_refused', 'That channel is shared with another company.', 'Use another.');
  now = ok(status('search has a secret.'));
  await pass(10_000);
  await vi.waitFor(async () => expect((await shown()).join()).toContain('shared with another company'));
  expect((await shown()).join()).not.toContain('search has a secret');
});

test('one that was begun at another replica is carried here, and goes on here when that one is gone', async () => {
  now = ok(status('search is not well.'));
  const other = open({ carries: false });
  open();
  expect(await other.begin(sam, requests, status('search is not well.'))).toEqual(ok(undefined));
  now = ok(status('search is healthy.'));
  await pass(15_000);
  await vi.waitFor(async () => expect((await shown()).join()).toContain('search is healthy.'));
  expect(await shown()).toHaveLength(1);
});

test('one that is stopped at another replica says so there at once, and is edited no more', async () => {
  now = ok(status('search is not well.'));
  const carrying = open();
  await carrying.begin(sam, requests, status('search is not well.'));
  expect(await open({ carries: false }).stop('watch1', person('Dana'))).toBe(true);
  expect((await shown()).join()).toContain('Stopped by Dana.');
  now = ok(status('search is healthy.'));
  await pass(15_000);
  await vi.waitFor(async () => expect(await store.watches()).toEqual([]));
  const before = await edits();
  await pass(30_000);
  expect((await shown()).join()).toContain('Stopped by Dana.');
  expect(await edits()).toBe(before);
});

test('one that was stopped no longer counts against those that may be begun', async () => {
  now = ok(status('search is healthy.'));
  const watches = open({ carries: false });
  for (let one = 0; one < 3; one++) await watches.begin(sam, requests, status('search is not well.'));
  await watches.stop('watch1', sam);
  expect(await watches.begin(sam, requests, status('search is not well.'))).toEqual(ok(undefined));
});
