/** The only wiring: every part is made here once, and handed to those that need it. */

import { loadActions } from './actions/load.ts';
import { quorumAsRecorded } from './approvals/quorum.ts';
import { startAudit } from './background/audit-keeper.ts';
import { createEditNews } from './background/edit-news.ts';
import { followForHomes } from './background/home-news.ts';
import { leaderTasks } from './background/leader-tasks.ts';
import { startLeaderWork } from './background/leader-work.ts';
import { startPlatformNews } from './background/platform-news.ts';
import type { SharedClock } from './background/shared-time.ts';
import { startSpeaking } from './background/speak.ts';
import { askAgain } from './background/watch-again.ts';
import { createCodes } from './codes/create-codes.ts';
import { readKeys } from './codes/sealing.ts';
import { dayMs } from './core/duration.ts';
import { mentionedServices } from './core/mentioned-service.ts';
import type { Chance, Clock, Log, Scheduler } from './core/ports.ts';
import type { Problem } from './core/problem.ts';
import { redactSecrets } from './core/redact.ts';
import type { Refusal } from './core/refusal.ts';
import { createRunDesk } from './desk/carry.ts';
import { type DeskContext, readContext, requestKey } from './desk/context.ts';
import { createDesk } from './desk/create-desk.ts';
import type { Desk } from './desk/desk.ts';
import { openDocuments } from './documents-in-force.ts';
import { endApp, graceMs } from './end-app.ts';
import { drawHome } from './handlers/draw-home.ts';
import { readCommandLine } from './handlers/read-command-line.ts';
import { registerHandlers } from './handlers/register.ts';
import { createReplies } from './handlers/replies.ts';
import { createSlackApp } from './handlers/slack-app.ts';
import { createTrail } from './handlers/trail.ts';
import { openGroups } from './open-groups.ts';
import { openOutside } from './outside.ts';
import { startRunner } from './runner/runner.ts';
import type { AppSettings } from './settings/app-settings.ts';
import type { SlackMessage } from './slack/blocks.ts';
import type { CardContext } from './slack/cards.ts';
import { createChannelGuard } from './slack/channels.ts';
import { createClients } from './slack/clients.ts';
import { createDirectory } from './slack/directory.ts';
import { createFileSender } from './slack/files.ts';
import { createHomes } from './slack/homes.ts';
import { readIdentity } from './slack/identity.ts';
import { createMessenger } from './slack/messenger.ts';
import { postTo } from './slack/post.ts';
import { tellAlone } from './slack/tell-alone.ts';
import { createUserGroups } from './slack/user-groups.ts';
import { createWatches } from './slack/watches.ts';
import { openStore } from './store/open-store.ts';

/** What a simulation or a test replaces. */
export interface AppEnvironment {
  readonly clock: Clock & Partial<SharedClock>;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly log: Log;
  /** From 0 to 1: spreads retries. */
  draw(): number;
  /** Nothing can be kept any more: end this process with a code other than 0, so that a supervisor starts it again. */
  diskFailed?(cause: Problem): void;
}

export interface App {
  readonly desk: Desk;
  /** In http mode the port it listens on. */
  readonly port: number | undefined;
  /** Where a supervisor may ask how it is, when the settings say so. */
  readonly healthPort: number | undefined;
  isReady(): boolean;
  /** Works until nothing is in flight and nothing is due at this moment: for tests and for a drain. */
  settle(): Promise<void>;
  /** Who was turned away, the newest first. */
  refusals(limit: number): Promise<readonly Refusal[]>;
  /**
   * Ready no more, takes nothing new, ends what is in flight, hands back claims and leases, flushes cards, closes; what
   * cannot be ended within `withinMs` is left to the other replicas. Never throws.
   */
  stop(withinMs?: number): Promise<void>;
}

/** How long a delivery's key is remembered: replays were seen for up to an hour (reference: Slack, retries). */
const deliveryKeptMs = dayMs;

/** @throws ProblemError with what to do about it, when a file, a token or a context is wrong. */
export async function startApp(settings: AppSettings, environment: AppEnvironment): Promise<App> {
  const opened: Close[] = [];
  try {
    return await wire(settings, environment, (close) => opened.push(close));
  } catch (error) {
    // Left open, they would keep a process alive that serves nobody, and its supervisor from starting another.
    for (const close of opened.toReversed()) await close().catch(() => undefined);
    throw error;
  }
}

type Close = () => Promise<unknown>;

async function wire(
  settings: AppSettings,
  environment: AppEnvironment,
  opened: (close: Close) => void,
): Promise<App> {
  const { clock, scheduler, chance, log } = environment;
  const actions = await loadActions();
  // Each needs the other, but neither at once: clusters are looked up in the catalog when one is asked for.
  const outside = openOutside(settings, () => documents.catalog(), environment);
  opened(() => outside.close());
  const editNews = createEditNews(environment);
  opened(async () => editNews.close());
  const documents = await openDocuments(settings.dataFolder, actions, {
    ...environment,
    onNews: (news) => editNews.hear(news),
    forge: () => outside.ports.forge,
  });
  opened(async () => documents.close());
  const store = await openStore(settings.database, {
    ...(environment.diskFailed && { diskFailed: environment.diskFailed }),
  });
  opened(() => store.close());
  const time = await clock.follow?.(store, environment);
  opened(async () => time?.stop());
  const brought = await store.bringForward(clock.now());
  if (brought > 0) log.warn({ rows: brought }, 'the clock was ahead before; what it had put off is due now');
  const { botToken: token, apiUrl } = settings.slack;
  const slackApi = { log, ...(apiUrl === undefined ? {} : { apiUrl }) };
  const clients = createClients({ token, ...slackApi });
  const identity = await readIdentity(clients.interactive, settings.slack.teamId);
  const directory = createDirectory({ client: clients.interactive, teamIds: identity.teamIds, clock });
  const slackGroups = createUserGroups(clients.background, directory);
  const members = openGroups(settings, { slackGroups, catalog: documents.catalog, ...environment });
  opened(async () => members.close());
  await members.look();
  const guard = createChannelGuard({
    client: clients.background,
    clock,
    allowedSharedChannels: settings.slack.allowedSharedChannels,
  });
  const codes = createCodes({
    ...{ store, clock, log, keys: readKeys(settings.secretsKey ?? '') ?? new Map() },
    tell: (person, text) => tellAlone(clients.background, person, text),
  });
  const context: DeskContext = {
    store,
    directory,
    outside: outside.ports,
    codes,
    clock,
    log,
    actions,
    catalog: members.catalog,
    policy: documents.policy,
    readLine: (line) => readCommandLine(line, actions, documents.catalog()),
    changed: () => {
      runner.wake();
      outbox.wake();
    },
  };
  const desk = createDesk(context);
  const cards: CardContext = {
    actions,
    groupTitle: (name) => documents.catalog().groups[name]?.title ?? name,
    quorumOf: quorumAsRecorded,
  };
  const messenger = createMessenger({
    client: clients.background,
    channels: settings.slack.channels,
    ...(settings.slack.alerts === undefined ? {} : { alerts: settings.slack.alerts }),
    cards,
    guard,
    log,
    endChoices: (request) => desk.endChoices(request),
  });
  const homes = createHomes({
    client: clients.background,
    clock,
    scheduler,
    log,
    drawn: (person) => drawHome({ desk, directory, cards, clock }, person),
  });
  opened(() => homes.close());
  const homeNews = followForHomes({ store, homes, scheduler, log });
  opened(() => homeNews.stop());
  const { channels, alerts = channels.requests } = settings.slack;
  const holder = chance.reference();
  const { outbox, strays } = startSpeaking({
    giveWay: () => slack.ingress.giveWay(),
    ...{ ...environment, store, messenger, holder, client: clients.background },
    channels: [channels.requests, channels.deploys, alerts],
  });
  opened(() => outbox.stop());
  const replies = createReplies({ client: clients.interactive, ...slackApi });
  const trail = createTrail({
    ...{ clock, scheduler, log, chance },
    // A person may have typed a password where none belongs.
    keep: (refusal) => store.addRefusal({ ...refusal, sentence: redactSecrets(refusal.sentence) }),
  });
  opened(() => trail.settled());
  const slack = createSlackApp({
    ...settings.slack,
    identity,
    replies,
    trail,
    firstTime: (key) => store.firstTime(key, clock.now(), deliveryKeptMs),
    log,
    chance,
  });
  const watches = createWatches({
    store,
    client: clients.background,
    guard,
    clock,
    scheduler,
    chance,
    log,
    ask: (watch) => askAgain(watch, desk, directory),
    nameOf: async (id) => (await directory.person(id)).name,
  });
  registerHandlers(slack.app, {
    desk,
    watches,
    homes,
    actions,
    directory,
    codes,
    cards,
    channels,
    alerts,
    strays,
    client: clients.interactive,
    guard,
    replies,
    trail,
    files: createFileSender(clients.background, log),
    mentioned: (text) => mentionedServices(text, documents.catalog()),
    log,
    chance,
  });
  const post = (channel: string, message: SlackMessage) =>
    postTo({ client: clients.background, guard }, channel, message);
  const report = startPlatformNews(settings.slack.platform, editNews, { context, scheduler, post });
  opened(async () => report?.stop());
  const audit = startAudit(settings.audit, { ...environment, store, post });
  opened(async () => audit?.stop());
  const runner = startRunner({
    giveWay: () => slack.ingress.giveWay(),
    store,
    clock,
    scheduler,
    log,
    holder,
    desk: createRunDesk(context),
    decide: (id) => desk.decide(id),
    actions,
    reading: (requester) => readContext(context, requester),
    requestKey,
  });
  opened(() => runner.stop());
  const leader = startLeaderWork({
    ...{ store, clock, scheduler, log, holder },
    tasks: leaderTasks({ context, desk, watches, scheduler, catalog: documents.catalog }),
  });
  opened(() => leader.stop());
  opened(() => slack.stop(0));
  let isEnding = false;
  // Its server is loaded only where somebody asks.
  const health =
    settings.health &&
    (await (
      await import('./health.ts')
    ).startHealth({
      ...{ ...settings.health, clock, scheduler },
      checks: {
        draining: () => !isEnding,
        slack: () => slack.isReady(),
        database: async () => {
          await store.timer('health');
          return true;
        },
      },
    }));
  opened(async () => health?.close());
  const { port } = await slack.start();
  outbox.wake();
  store.listen(context.changed);

  return {
    desk,
    port,
    healthPort: health?.port,
    isReady: () => !isEnding && slack.isReady(),
    async settle() {
      await slack.ingress.drain(graceMs);
      await runner.settle();
      await editNews.settled();
      await outbox.flush();
      await trail.settled();
    },
    refusals: (limit) => store.refusals(limit),
    async stop(withinMs = graceMs) {
      isEnding = true;
      const doors = { slack, runner, leader, report, editNews, outbox, homes, homeNews, trail, audit };
      const places = { outside, members, documents, time, store, health };
      await endApp({ ...doors, ...places }, withinMs, environment);
    },
  };
}
