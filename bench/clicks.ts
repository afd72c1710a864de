/**
 * `npm run bench`: how soon a click is answered with 1,000 requests open: signed payloads over HTTP to the whole bot in
 * the sandbox, its store a real file. Beside it the same payloads to a bare Bolt app with an empty handler, by turns in
 * the same run. Ends with 1 when the limit of issue 6 is passed.
 */
import { createHmac } from 'node:crypto';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { hourMs, minuteMs, secondMs } from '../src/core/duration.ts';
import { personIdSchema, type RequestId } from '../src/core/ids.ts';
import type { Person } from '../src/core/person.ts';
import { openStage, type Stage } from '../src/demo/stage.ts';
import { cardActions } from '../src/slack/cards/buttons.ts';
import { slackPath } from '../src/slack/manifest.ts';

const open = 1_000;
const clicks = 200;
/** Of the 99th percentile, from the click's delivery to its acknowledgement, in ms. */
const answeredMsMax = 100;
/** Below what the guardrails let one person ask for in an hour. */
const askedPerHour = 50;
const signingSecret = 'sandbox-signing-secret';

const member = (id: string, name: string): Person => ({
  ...{ id: personIdSchema.parse(id), name, kind: 'member' },
  email: `${name.toLowerCase()}@acme.example`,
});
const requesters = [
  member('U0DANA', 'Dana'),
  member('U0SAM', 'Sam'),
  member('U0OLGA', 'Olga'),
  member('U0LEE', 'Lee'),
];
const priya = member('U0PRIYA', 'Priya');

const dataFolder = new URL('../data', import.meta.url).pathname;
const quiet = { info: () => {}, warn: () => {}, error: () => {} };
const stage = await openStage({ mode: 'http', dataFolder, log: quiet, rateLimits: false });
const bare = await bareBolt();
try {
  const ids = await fill(stage);
  const measured = await clickOn(stage, ids);
  report([
    [`click to its acknowledgement, ${open} open`, measured.acked, `limit ${answeredMsMax} ms at p99`],
    ['the same to a bare Bolt app', measured.bare, ''],
    ['click to the card that shows it', measured.shown, ''],
  ]);
  const ratio = measured.acked.p50 / measured.bare.p50;
  process.stdout.write(`an acknowledgement beside a bare Bolt app's: ${ratio.toFixed(1)} times\n`);
  if (measured.acked.p99 > answeredMsMax) process.exitCode = 1;
} finally {
  await bare.stop();
  await stage.close();
}

/** Deploys to production, each waiting for two people, with their cards posted. */
async function fill({ app, clock, settle }: Stage): Promise<readonly RequestId[]> {
  const ids: RequestId[] = [];
  while (ids.length < open) {
    for (let turn = 0; turn < askedPerHour; turn++) {
      for (const requester of requesters) ids.push(await ask(app, requester, ids.length));
    }
    await settle();
    await clock.advance(hourMs + secondMs);
    await settle();
  }
  // Of those who were asked three hours ago all are reminded now: Slack takes an edit every 1.2 s, and clicks would wait.
  await clock.advance(10 * minuteMs);
  return ids;
}

async function ask(app: Stage['app'], requester: Person, number: number): Promise<RequestId> {
  const asked = await app.desk.submit({
    key: `bench ${number}`,
    action: 'deploy',
    input: { service: 'payments', version: 'v1.4.2', environment: 'production' },
    requester,
    origin: { surface: 'command' },
  });
  const decided = asked.ok ? await app.desk.decide(asked.value.id) : asked;
  if (!decided.ok) throw new Error(decided.problem.sentence);
  if (decided.value.status !== 'waiting') throw new Error(`${decided.value.id} is ${decided.value.status}`);
  return decided.value.id;
}

/** Each click is the first of two yeses to another request, as soon as its card may be edited again. */
async function clickOn({ app, clock, world, settle }: Stage, ids: readonly RequestId[]) {
  const acked: number[] = [];
  const beside: number[] = [];
  const shown: number[] = [];
  for (const id of ids.slice(0, clicks)) {
    await settle();
    await clock.advance(5 * secondMs);
    const seen = await app.desk.view(id, priya);
    if (!seen.ok) throw new Error(seen.problem.sentence);
    const body = clickOf(id, seen.value.request.digest ?? '');
    beside.push(await timed(() => post(bare.url, body)));
    const from = performance.now();
    const isShown = new Promise<void>((resolve) => {
      const stop = world.slack.journal.subscribe(({ operation, request }) => {
        if (operation !== 'chat.update' || !JSON.stringify(request).includes(id)) return;
        stop();
        resolve();
      });
    });
    await post(`http://127.0.0.1:${app.port}${slackPath}`, body);
    acked.push(performance.now() - from);
    await isShown;
    shown.push(performance.now() - from);
    const after = await app.desk.view(id, priya);
    if (!after.ok || after.value.request.reviews.length !== 1) throw new Error(`${id} was not answered`);
  }
  return { acked: spread(acked), bare: spread(beside), shown: spread(shown) };
}

function clickOf(id: RequestId, digest: string): string {
  const [channel, at] = [{ id: 'C0DEPLOYS', name: 'deploys' }, String(Date.now() / 1_000)];
  const payload = {
    type: 'block_actions',
    api_app_id: 'A0GREENLIGHT',
    team: { id: 'T0ACME', domain: 'acme' },
    user: { id: 'U0PRIYA', username: 'priya', team_id: 'T0ACME' },
    channel,
    container: { type: 'message', message_ts: at, channel_id: channel.id },
    trigger_id: `bench.${id}`,
    actions: [
      {
        type: 'button',
        action_id: cardActions.approve,
        block_id: 'b',
        action_ts: at,
        value: `${id}:2:${digest}`,
      },
    ],
  };
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

/** Signed as Slack signs; resolves with the acknowledgement. */
async function post(url: string, body: string): Promise<void> {
  const at = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', signingSecret).update(`v0:${at}:${body}`).digest('hex');
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': at,
      'x-slack-signature': `v0=${signature}`,
    },
    body,
  });
  await answer.text();
  if (answer.status !== 200) throw new Error(`a click was answered with ${answer.status}`);
}

/** The peer: the same receiver with the same check of the signature, and nothing behind it. */
async function bareBolt(): Promise<{ readonly url: string; stop(): Promise<unknown> }> {
  const receiver = new HTTPReceiver({ signingSecret, endpoints: slackPath, logLevel: LogLevel.ERROR });
  const app = new App({
    receiver,
    authorize: async () => ({ botToken: 'xoxb-none', botId: 'B0NONE', botUserId: 'U0NONE' }),
    logLevel: LogLevel.ERROR,
  });
  app.action(/./u, async ({ ack }) => ack());
  const server = await receiver.start({ port: 0, host: '127.0.0.1' });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}${slackPath}`, stop: () => receiver.stop() };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

interface Spread {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

function spread(took: readonly number[]): Spread {
  const sorted = took.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

function report(rows: readonly (readonly [what: string, measured: Spread, limit: string])[]): void {
  for (const [what, { p50, p95, p99 }, limit] of rows) {
    const words = [p50, p95, p99].map((ms) => ms.toFixed(1)).join(' / ');
    process.stdout.write(`${what.padEnd(48)}${`${words} ms`.padStart(24)}   ${limit}\n`);
  }
}
