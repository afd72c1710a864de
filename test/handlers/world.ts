/** Real Bolt with our handlers against the Slack box, over either transport, in front of a small desk. */

import { onTestFinished } from 'vitest';
import deploy from '../../src/actions/deploy.ts';
import environmentCreate from '../../src/actions/environment.create.ts';
import environmentDestroy from '../../src/actions/environment.destroy.ts';
import environmentExtend from '../../src/actions/environment.extend.ts';
import environmentList from '../../src/actions/environment.list.ts';
import environmentShow from '../../src/actions/environment.show.ts';
import serviceLogs from '../../src/actions/service.logs.ts';
import serviceOverview from '../../src/actions/service.overview.ts';
import serviceRestart from '../../src/actions/service.restart.ts';
import serviceScale from '../../src/actions/service.scale.ts';
import serviceStatus from '../../src/actions/service.status.ts';
import type { Actions, Answer } from '../../src/core/action.ts';
import { codesOff } from '../../src/core/codes.ts';
import type { Chance, Log, Messenger, PostedCard } from '../../src/core/ports.ts';
import { ok, refuse } from '../../src/core/problem.ts';
import { freePort } from '../../src/free-port.ts';
import { drawHome } from '../../src/handlers/draw-home.ts';
import { registerHandlers } from '../../src/handlers/register.ts';
import { createReplies, type Replies } from '../../src/handlers/replies.ts';
import { createSlackApp, type SlackApp } from '../../src/handlers/slack-app.ts';
import { createTrail, type Trail } from '../../src/handlers/trail.ts';
import { connectSandbox, type Sandbox } from '../../src/sandbox/client.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { startSlackBox } from '../../src/sandbox/slack/box.ts';
import type { CardContext } from '../../src/slack/cards.ts';
import { createChannelGuard } from '../../src/slack/channels.ts';
import { createClients } from '../../src/slack/clients.ts';
import { createDirectory } from '../../src/slack/directory.ts';
import { createFileSender } from '../../src/slack/files.ts';
import { createHomes } from '../../src/slack/homes.ts';
import { readIdentity } from '../../src/slack/identity.ts';
import { manifestOf } from '../../src/slack/manifest.ts';
import { createMessenger } from '../../src/slack/messenger.ts';
import { createStrayCards } from '../../src/slack/stray-cards.ts';
import { seed } from '../sandbox/slack/world.ts';
import { type DeskScript, quorumOf, type TestDesk, testDesk } from './desk.ts';

export const actions: Actions = new Map([
  ['deploy', deploy],
  ['environment.create', environmentCreate],
  ['environment.destroy', environmentDestroy],
  ['environment.extend', environmentExtend],
  ['environment.list', environmentList],
  ['environment.show', environmentShow],
  ['service.logs', serviceLogs],
  ['service.overview', serviceOverview],
  ['service.restart', serviceRestart],
  ['service.scale', serviceScale],
  ['service.status', serviceStatus],
]);

export const cards: CardContext = {
  actions,
  groupTitle: (name) => ({ sre: 'SRE', 'platform-leads': 'Platform leads' })[name] ?? name,
  quorumOf,
};

export interface TestWorld {
  readonly sandbox: Sandbox;
  readonly desk: TestDesk;
  readonly slack: SlackApp;
  readonly messenger: Messenger;
  readonly replies: Replies;
  readonly logged: { readonly message: string; readonly fields: Readonly<Record<string, unknown>> }[];
  /** What was begun to be followed. */
  readonly watched: {
    readonly by: string;
    readonly channel: string | undefined;
    readonly follow: Answer['follow'];
  }[];
}

/** `refused`: optional scopes that the administrator has not granted. */
export async function world(
  script: DeskScript = {},
  mode: 'socket' | 'http' = 'socket',
  refused: readonly string[] = [],
): Promise<TestWorld> {
  const logged: TestWorld['logged'] = [];
  const watched: TestWorld['watched'] = [];
  const log = collectingLog(logged);
  const clock = createWorldClock({ mode: 'still', startAt: Date.parse('2026-11-21T09:00:00Z') });
  const port = mode === 'http' ? await freePort() : 0;
  const target = `http://127.0.0.1:${port}`;
  const box = await startSlackBox({
    port: 0,
    seed,
    manifest: granted(manifestOf(actions, mode === 'http' ? { mode, publicUrl: target } : { mode }), refused),
    clock,
    rateLimits: false,
    ...(mode === 'http' ? { httpTarget: target } : {}),
  });
  onTestFinished(() => box.stop());

  const token = 'xoxb-sandbox-greenlight';
  const clients = createClients({ token, apiUrl: box.apiUrl, log });
  const identity = await readIdentity(clients.interactive);
  const directory = createDirectory({ client: clients.interactive, teamIds: identity.teamIds, clock });
  const guard = createChannelGuard({ client: clients.background, clock, allowedSharedChannels: [] });
  const channels = { requests: 'C0REQUESTS', deploys: 'C0REQUESTS' };
  const messenger = createMessenger({
    client: clients.background,
    channels,
    cards,
    guard,
    log,
    endChoices: async () => [],
  });
  const posted = new Map<string, PostedCard>();
  const desk = testDesk(
    actions,
    {
      ...script,
      changed: async (request) => {
        posted.set(request.id, await messenger.showCard(request, [], posted.get(request.id)));
        homes.changed(request);
        await script.changed?.(request);
      },
    },
    clock,
  );
  const homes = createHomes({
    client: clients.background,
    clock,
    scheduler: clock,
    log,
    drawn: (id) => drawHome({ desk, directory, cards, clock }, id),
  });
  onTestFinished(() => homes.close());
  const replies = createReplies({ client: clients.interactive, log, apiUrl: box.apiUrl });
  const seen = new Set<string>();
  let references = 0;
  const chance = { reference: () => `ref${String(++references).padStart(5, '0')}` };
  const trail = keepingTrail(logged, chance);
  const slack = createSlackApp({
    transport:
      mode === 'socket'
        ? { mode, appToken: 'xapp-sandbox-greenlight' }
        : { mode, signingSecret: 'sandbox-signing-secret', port, host: '127.0.0.1' },
    botToken: token,
    apiUrl: box.apiUrl,
    identity,
    replies,
    trail,
    deliveries: {
      wasHandled: async (key) => seen.has(key),
      handled: async (key) => void seen.add(key),
      keepClick: async (key) => !seen.has(key) && seen.add(key) !== undefined,
      isOurs: () => true,
    },
    hasActedSince: async () => false,
    log,
  });
  registerHandlers(slack.app, {
    desk,
    actions,
    directory,
    codes: {
      begin: async () => (script.newKey ? ok(script.newKey) : refuse(codesOff())),
      confirm: async () => refuse(codesOff()),
    },
    cards,
    channels,
    alerts: 'C0INCIDENTS',
    client: clients.interactive,
    guard,
    replies,
    homes,
    strays: createStrayCards({
      ...{ client: clients.background, messenger, clock, log, channels: [channels.requests] },
      store: {
        settledCard: async (id) => posted.get(id),
        postedCards: async () => [],
        cardMissed: async () => {},
      },
    }),
    watches: {
      async begin(person, channel, { follow }) {
        watched.push({ by: person.id, channel, follow });
        return ok(undefined);
      },
      stop: async () => false,
      carry: () => ({ stop: async () => {} }),
    },
    trail,
    files: createFileSender(clients.interactive, log),
    mentioned: () => script.mentioned ?? [],
    log,
    chance,
    rush: slack.ingress.rush,
  });
  await slack.start();
  onTestFinished(async () => {
    await slack.stop(200);
  });
  return { sandbox: connectSandbox(box.url), desk, slack, messenger, replies, logged, watched };
}

function granted(manifest: Record<string, unknown>, refused: readonly string[]): unknown {
  const { scopes } = manifest.oauth_config as { scopes: { bot: string[]; bot_optional: string[] } };
  const bot_optional = scopes.bot_optional.filter((scope) => !refused.includes(scope));
  return { ...manifest, oauth_config: { scopes: { ...scopes, bot_optional } } };
}

/** Refusals end in the log alone. */
export function keepingTrail(logged: TestWorld['logged'], chance: Chance): Trail {
  return createTrail({
    keep: async () => {},
    clock: { now: () => 0 },
    scheduler: { after: () => ({ cancel() {} }) },
    log: collectingLog(logged),
    chance,
  });
}

export function collectingLog(into: TestWorld['logged']): Log {
  const keep = (fields: Readonly<Record<string, unknown>>, message: string) =>
    void into.push({ fields, message });
  return { info: keep, warn: keep, error: keep };
}
