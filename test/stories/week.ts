/** A week of a team's requests, by a seed: the real desk, runner, store and outbox against the Slack box, which fails at times. */
import type { WebClient } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import { quorumAsRecorded } from '../../src/approvals/quorum.ts';
import { codeAt } from '../../src/codes/time-codes.ts';
import { hourMs, minuteMs, secondMs } from '../../src/core/duration.ts';
import type { PersonId, RequestId } from '../../src/core/ids.ts';
import type { Person } from '../../src/core/person.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import type { Review } from '../../src/core/verdict.ts';
import type { Ask } from '../../src/desk/desk.ts';
import type { Runner } from '../../src/runner/runner.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { startSlackBox } from '../../src/sandbox/slack/box.ts';
import type { CardContext } from '../../src/slack/cards.ts';
import { createChannelGuard } from '../../src/slack/channels.ts';
import { createClients } from '../../src/slack/clients.ts';
import { createMessenger } from '../../src/slack/messenger.ts';
import { createOutbox, type Outbox } from '../../src/slack/outbox.ts';
import {
  atOnce,
  type DeskWorld,
  dana,
  deskWorld,
  max,
  onePerson,
  priya,
  sam,
  twoPeople,
} from '../desk/desk-world.ts';
import { botToken, manifest, seed } from '../sandbox/slack/world.ts';
import { quietLog } from './support.ts';

export interface Week {
  readonly world: DeskWorld;
  readonly client: WebClient;
  readonly cards: CardContext;
  /** What was done how often, for the reader of a failure. */
  readonly done: Readonly<Record<string, number>>;
  /** Lets acts follow one another until `ms` of time have passed. */
  live(ms: number): Promise<void>;
  /** Everything outside works again, and the bot has as long as it takes. */
  calmDown(): Promise<void>;
}

const people = [dana, priya, max, sam];
const lend = `
  - id: away
    on: [approver.delegate, approver.undelegate]
    allow: whoever is away says who answers for them
`;
const sizes = `
  - id: environments
    on: environment.create
    require: { count: 2, from: [sre, payments], because: somebody looks at the size }
  - id: endings
    on: environment.destroy
    allow: whatever is over is taken away
`;
const withCode = onePerson.replace('because:', 'step_up: code, because:');
const policies = [onePerson, twoPeople, atOnce, twoPeople.replace('count: 2', 'count: 3'), withCode].map(
  (one) => `${lend}${sizes}${one}`,
);
const glass = `break_glass:
  who: [sre, payments]
  on: thing.change
  bypasses: [approvals]
  review: [sre, payments]
`;
/** What Slack does on bad days; the connection is cut rather than silent, which would take real time. */
const faults: readonly Fault[] = [
  { kind: 'status', status: 429, retryAfterSeconds: 30 },
  { kind: 'status', status: 500 },
  { kind: 'reset' },
  { kind: 'lost-response' },
];

export async function startWeek(chosen: number): Promise<Week> {
  const draw = drawFrom(chosen);
  /** Of its own: how often the bot tries again must not change what people do. */
  const spread = drawFrom(chosen + 1_000_000);
  const world = await deskWorld(onePerson);
  world.enforce(policies[0] ?? '', glass);
  const { clock, desk, store } = world;
  const box = await startSlackBox({ port: 0, seed, manifest: manifest(), clock });
  onTestFinished(() => box.stop());
  const { background: client } = createClients({ token: botToken, apiUrl: box.apiUrl, log: quietLog });
  const cards: CardContext = {
    actions: world.context.actions,
    groupTitle: (name) => name,
    quorumOf: quorumAsRecorded,
  };
  const keys = new Map<PersonId, string>();
  for (const one of people) {
    const begun = await world.context.codes.begin(one);
    if (!begun.ok) throw new Error(begun.problem.sentence);
    keys.set(one.id, begun.value.key);
    await world.context.codes.confirm(one, codeAt(begun.value.key, clock.now()), undefined);
  }
  let bot = start();
  onTestFinished(() => bot.outbox.stop());
  const done: Record<string, number> = {};
  const ids: RequestId[] = [];

  function start(): { readonly outbox: Outbox; readonly runner: Runner } {
    const guard = createChannelGuard({ client, clock, allowedSharedChannels: ['C0DEPLOYS'] });
    const messenger = createMessenger({
      ...{ client, cards, guard, log: quietLog },
      channels: { requests: 'C0REQUESTS', deploys: 'C0DEPLOYS' },
      endChoices: (request) => desk.endChoices(request),
    });
    const outbox = createOutbox({ store, messenger, clock, log: quietLog, scheduler: clock, draw: spread });
    return { outbox, runner: world.startRunner() };
  }

  const acts: Readonly<Record<string, () => Promise<unknown>>> = {
    async ask() {
      ids.push(await world.ask(oneOf(people), `week ${ids.length}`));
    },
    create: () =>
      submit('environment.create', {
        input: {
          ...{ name: `load-${ids.length}`, blueprint: 'web-service', cpu: 8 },
          replicas: 3,
          ttl: '8h',
        },
      }),
    breakGlass: () =>
      submit('thing.change', {
        input: { name: 'it' },
        bypass: { kind: 'break_glass', reason: 'customers cannot pay at all' },
      }),
    lookAfterwards: () =>
      onOpen(
        ({ id }, by) => desk.reviewGlass(id, by),
        ({ glass: one }) => one !== undefined && one.reviewed === undefined,
        ids,
      ),
    approve: () => onOpen(({ id }, by) => world.review(id, by)),
    approveWithCode: () =>
      onOpen(
        ({ id }, by) => answer(id, by, 'approve', { code: codeAt(keys.get(by.id) ?? '', clock.now()) }),
        ({ status, requirements }) => status === 'waiting' && requirements.some(({ stepUp }) => stepUp),
      ),
    narrow: () =>
      onOpen(
        ({ id }, by) => answer(id, by, 'approve', { narrowTo: { cpu: oneOf([4, 2, 1]) } }),
        isEnvironment,
      ),
    approveAgain: () => onOpen(({ id }, by) => world.review(id, by)),
    deny: () => onOpen(({ id }, by) => answer(id, by, 'deny')),
    askForChanges: () => onOpen(({ id }, by) => answer(id, by, 'request_changes')),
    withdraw: () => onOpen(({ id }, by) => desk.withdraw(id, by)),
    cancel: () => onOpen(({ id }, by) => desk.cancel(id, by)),
    edit: () =>
      onOpen(async ({ id, requester: by, input, digest = '' }) => {
        await desk.edit({ id, by, input: { ...input, cpu: oneOf([8, 6]) }, digest });
      }, isEnvironment),
    async race() {
      await onOpen(({ id }) => Promise.all(people.map((by) => world.review(id, by))));
    },
    lend: () =>
      submit('approver.delegate', {
        input: { to: oneOf(people).email ?? '', until: oneOf(['3h', '2d']), note: 'holiday' },
      }),
    async changePolicy() {
      world.enforce(oneOf(policies), glass);
    },
    async moveCommit() {
      world.outside.commit = `c${Math.floor(draw() * 1_000)}`;
    },
    async breakSlack() {
      box.faults.add({
        box: 'slack',
        operation: 'chat.*',
        fault: oneOf(faults),
        times: 1 + Math.floor(draw() * 4),
      });
    },
    async mendSlack() {
      box.faults.clear();
    },
    async restart() {
      await Promise.all([bot.outbox.stop(), bot.runner.stop()]);
      bot = start();
    },
  };
  const often: Readonly<Record<string, number>> = {
    ask: 8,
    approve: 9,
    approveAgain: 6,
    approveWithCode: 5,
    moveCommit: 3,
  };
  const deck = Object.keys(acts).flatMap((name) => Array.from({ length: often[name] ?? 1 }, () => name));

  async function answer(
    id: RequestId,
    by: Person,
    decision: Review['decision'],
    more: Pick<Parameters<typeof desk.review>[0], 'code' | 'narrowTo'> = {},
  ): Promise<unknown> {
    const { digest = '' } = await world.request(id);
    return desk.review({ id, by, decision, digest, note: 'because it is so', ...more });
  }

  async function submit(action: string, asked: Pick<Ask, 'input' | 'bypass'>): Promise<void> {
    const made = await desk.submit({
      ...{ key: `${action} ${clock.now()} ${draw()}`, action, requester: oneOf(people), ...asked },
      origin: { surface: 'command' },
    });
    if (!made.ok) return;
    ids.push(made.value.id);
    await desk.decide(made.value.id);
  }

  async function onOpen(
    act: (request: PlatformRequest, by: Person) => Promise<unknown>,
    isFit: (request: PlatformRequest) => boolean = () => true,
    among: readonly RequestId[] = ids.slice(-12),
  ): Promise<void> {
    const open = await Promise.all(among.map((id) => world.request(id)));
    const fit = open.filter(isFit);
    if (fit.length > 0) await act(oneOf(fit), oneOf(people));
  }

  function oneOf<One>(list: readonly One[]): One {
    const one = list[Math.floor(draw() * list.length)];
    if (one === undefined) throw new Error('nothing to choose from');
    return one;
  }

  return {
    world,
    client,
    cards,
    done,
    async live(ms) {
      const end = clock.now() + ms;
      while (clock.now() < end) {
        const name = oneOf(deck);
        done[name] = (done[name] ?? 0) + 1;
        await acts[name]?.();
        bot.outbox.wake();
        // Sometimes the bot has no time to tell before the next act, or the next restart.
        if (draw() < 0.7) await bot.outbox.flush();
        await world.pass(Math.floor(draw() * (draw() < 0.01 ? 30 * hourMs : 8 * minuteMs)));
      }
    },
    async calmDown() {
      box.faults.clear();
      for (let turn = 0; turn < 500; turn++) {
        await world.pass(5 * secondMs);
        await bot.outbox.flush();
        if ((await store.nextOutboxAt()) === undefined) return;
      }
      throw new Error('the outbox does not come to an end');
    },
  };
}

/** All of them, the oldest first. */
export async function allRequests({ world }: Week): Promise<PlatformRequest[]> {
  return [...(await world.store.list({ limit: 10_000 }))].reverse();
}

function isEnvironment({ action, status }: PlatformRequest): boolean {
  return action === 'environment.create' && status === 'waiting';
}

/** From 0 to 1, the same for the same seed (mulberry32). */
function drawFrom(chosen: number): () => number {
  let state = chosen;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
