/**
 * The bot without wires: the real ingress, Bolt, handlers, desk, guardrails and store, in front of a Slack that takes
 * everything and an outside that is away. So light that a hundred thousand inputs are a matter of minutes; with its
 * wires it is met at the doors where bytes count (bot.ts).
 */

import { loadActions } from '../../src/actions/load.ts';
import { readPolicy } from '../../src/approvals/policy.ts';
import { quorumAsRecorded } from '../../src/approvals/quorum.ts';
import { subjectsOf } from '../../src/approvals/subjects.ts';
import { createCodes } from '../../src/codes/create-codes.ts';
import type { Cluster } from '../../src/core/cluster.ts';
import { hourMs } from '../../src/core/duration.ts';
import type { Forge } from '../../src/core/forge.ts';
import { mentionedServices } from '../../src/core/mentioned-service.ts';
import { ok, ProblemError, problem } from '../../src/core/problem.ts';
import type { DeskContext } from '../../src/desk/context.ts';
import { createDesk } from '../../src/desk/create-desk.ts';
import type { Desk } from '../../src/desk/desk.ts';
import type { HandlerDeps } from '../../src/handlers/deps.ts';
import { drawHome } from '../../src/handlers/draw-home.ts';
import { readCommandLine } from '../../src/handlers/read-command-line.ts';
import { registerHandlers } from '../../src/handlers/register.ts';
import { createReplies } from '../../src/handlers/replies.ts';
import { createSlackApp } from '../../src/handlers/slack-app.ts';
import { createTrail } from '../../src/handlers/trail.ts';
import { createLog } from '../../src/log.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { cardOf } from '../../src/slack/cards.ts';
import { createChannelGuard } from '../../src/slack/channels.ts';
import { createDirectory } from '../../src/slack/directory.ts';
import { createFileSender } from '../../src/slack/files.ts';
import { createHomes } from '../../src/slack/homes.ts';
import { accepted, catalog, sourceOf } from '../approvals/shipped.ts';
import { memoryStore } from '../store/ready-store.ts';
import { createEasySlack, type Said } from './easy-slack.ts';
import { botToken, signingSecret, wrongIn } from './log-watch.ts';

export interface LightBot {
  readonly desk: Desk;
  /** As a receiver hands it on; resolves when the bot has done all that it does about it. */
  deliver(
    body: Record<string, unknown>,
  ): Promise<{ readonly acks: readonly unknown[]; readonly said: readonly Said[] }>;
  /** All that has been shown while it remembered: messages, forms, Homes, and the cards of what is open. */
  shown(): Promise<readonly unknown[]>;
  remember(isOn: boolean): void;
  /** What the log says since the last call that should not be there; and when a delivery was refused and yet wrote something. */
  wrongInLog(): string | undefined;
  close(): Promise<void>;
}

const actions = await loadActions();
const policy = accepted(readPolicy(sourceOf('data/policy.yml'), subjectsOf(actions), catalog));
/** Wednesday 2026-11-18 10:00 in Berlin: no window is in force. */
const wednesday = Date.UTC(2026, 10, 18, 9);

export async function openLightBot(): Promise<LightBot> {
  const lines: string[] = [];
  const wrongs: string[] = [];
  const log = createLog({ level: 'info', form: 'json', to: { write: (line) => void lines.push(line) } });
  const clock = createWorldClock({ mode: 'still', startAt: wednesday });
  const store = await memoryStore();
  const slack = createEasySlack();
  const { client } = slack;
  let references = 0;
  const chance = { reference: () => `ref${String(++references).padStart(6, '0')}` };
  const directory = createDirectory({ client, teamIds: ['T0ACME'], clock });
  const guard = createChannelGuard({ client, clock, allowedSharedChannels: [] });
  const codes = createCodes({
    ...{ store, clock, log, keys: new Map([['test', Buffer.alloc(32, 7)]]) },
    tell: async () => {},
  });
  const context: DeskContext = {
    ...{ store, clock, codes, log, directory, actions },
    outside: { forge: away<Forge>(easyForge), cluster: () => away<Cluster>({}) },
    readLine: (line) => readCommandLine(line, actions, catalog),
    catalog: () => catalog,
    policy: () => policy,
    changed: () => {},
  };
  const desk = createDesk(context);
  const cards = {
    actions,
    groupTitle: (name: string) => catalog.groups[name]?.title ?? name,
    quorumOf: quorumAsRecorded,
  };
  const homes = createHomes({
    ...{ client, clock, scheduler: clock, log },
    drawn: (person) => drawHome({ desk, directory, cards, clock }, person),
  });
  const trail = createTrail({ clock, scheduler: clock, log, chance, keep: async () => {} });
  const replies = createReplies({ client, log });
  const app = createSlackApp({
    transport: { mode: 'http', signingSecret, port: 0, host: '127.0.0.1' },
    botToken,
    identity: {
      teamIds: ['T0ACME'],
      botUserId: 'U0GREENLIGHT',
      botId: 'B0GREENLIGHT',
      appId: 'A0GREENLIGHT',
    },
    ...{ replies, trail, log, chance },
    deliveries: {
      wasHandled: (key) => store.wasHandled(key),
      handled: (key) => store.handled(key, clock.now(), hourMs),
      keepClick: (key, click) => store.keepClick(key, click, clock.now(), hourMs),
      isOurs: () => true,
    },
    hasActedSince: async () => false,
  });
  const watches = { begin: async () => ok(undefined), stop: async () => {} };
  registerHandlers(app.app, {
    ...{ desk, homes, actions, directory, codes, cards, client, guard, replies, trail, log, chance },
    rush: app.ingress.rush,
    strays: { met: async () => undefined },
    watches: watches as unknown as HandlerDeps['watches'],
    channels: { requests: 'C0REQUESTS', deploys: 'C0DEPLOYS' },
    alerts: 'C0INCIDENTS',
    files: createFileSender(client, log),
    mentioned: (text) => mentionedServices(text, catalog),
  });
  await app.app.init();

  return {
    desk,
    async deliver(body) {
      const written = (await store.auditHead()).position;
      const acks: unknown[] = [];
      const from = slack.said.length;
      const ack = async (response?: unknown) => void acks.push(response);
      await app.ingress.run({ body, ack }, (admitted) => app.app.processEvent(admitted as never));
      await app.ingress.drain(10_000);
      const isRefused = lines.some(
        (line) => line.includes('"msg":"refused: ') && !line.includes('"outside_unavailable"'),
      );
      // Every event of every request joins the chain. What the outside could not tell yet is a request that stands.
      if (isRefused && (await store.auditHead()).position !== written)
        wrongs.push(`refused, and yet written: ${lines.join('; ')}`);
      const said = slack.said.splice(from);
      if (slack.isRemembering()) slack.shown.push(...said.map(({ sent }) => sent), ...acks);
      return { acks, said };
    },
    async shown() {
      const open = await store.list({ limit: 100 });
      return [...slack.shown, ...open.map((request) => cardOf(request, cards))];
    },
    remember: (isOn) => slack.remember(isOn),
    wrongInLog() {
      const wrong = [...wrongs.splice(0), ...lines.splice(0).flatMap((line) => wrongIn(line) ?? [])];
      return wrong.length === 0 ? undefined : wrong.join('; ');
    },
    async close() {
      await homes.close();
      await store.close();
    },
  };
}

/** Whoever is asked for anything that is not here is away: that is an answer, too, and a quick one. */
function away<Port extends object>(known: Partial<Port>): Port {
  return new Proxy(known, {
    get: (port, name) =>
      Reflect.get(port, name) ??
      (() => {
        throw new ProblemError(
          problem('outside_unavailable', 'It is away.', 'Try again.', { isTransient: true }),
        );
      }),
  }) as Port;
}

const commit = {
  sha: 'a'.repeat(40),
  title: 'x',
  author: 'P',
  authorEmail: 'p@acme.example',
  url: 'https://x.example',
};
const easyForge: Partial<Forge> = {
  repositoryUrl: (name) => `https://github.example/${name}`,
  resolve: async () => ({ ...commit, as: 'tag' }),
  tags: async () => ['v1.4.2', 'v1.4.1'],
  compare: async () => ({ commits: [commit], total: 1, behind: 0, url: 'https://x.example', files: [] }),
  checks: async () => ({ state: 'green', names: [], all: [] }),
  deployments: async () => [],
  recentDeployments: async () => [],
};
