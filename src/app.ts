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
import { type AppEnd, createAppEnd, graceMs } from './end-app.ts';
import { drawHome } from './handlers/draw-home.ts';
import { readCommandLine } from './handlers/read-command-line.ts';
import { registerHandlers } from './handlers/register.ts';
import { createReplies } from './handlers/replies.ts';
import { createSlackApp } from './handlers/slack-app.ts';
import { createTrail } from './handlers/trail.ts';
import { openGroups } from './open-groups.ts';
import { openSlack } from './open-slack.ts';
import { openOutside } from './outside.ts';
import { startRunner } from './runner/runner.ts';
import type { AppSettings } from './settings/app-settings.ts';
import type { CardContext } from './slack/cards.ts';
import { createFileSender } from './slack/files.ts';
import { createHomes } from './slack/homes.ts';
import { createMessenger } from './slack/messenger.ts';
import { tellAlone } from './slack/tell-alone.ts';
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
  const end = createAppEnd(environment);
  try {
    return await wire(settings, environment, end);
  } catch (error) {
    // Left open, they would keep a process alive that serves nobody, and its supervisor from starting another.
    await end.run(graceMs);
    throw error;
  }
}

async function wire(settings: AppSettings, environment: AppEnvironment, end: AppEnd): Promise<App> {
  const { clock, scheduler, chance, log } = environment;
  const actions = await loadActions();
  // Each needs the other, but neither at once: clusters are looked up in the catalog when one is asked for.
  const outside = openOutside(settings, () => documents.catalog(), environment);
  end.add('parts', 'the outside', () => outside.close());
  const editNews = createEditNews(environment);
  end.add('work', 'news of edits', () => editNews.close());
  const documents = await openDocuments(settings.dataFolder, actions, {
    ...environment,
    onNews: (news) => editNews.hear(news),
    forge: () => outside.ports.forge,
  });
  end.add('parts', 'documents', () => documents.close());
  const store = await openStore(settings.database, {
    ...(environment.diskFailed && { diskFailed: environment.diskFailed }),
  });
  end.add('store', 'the database', () => store.close());
  const time = await clock.follow?.(store, environment);
  end.add('parts', 'the time', () => time?.stop());
  const brought = await store.bringForward(clock.now());
  if (brought > 0) log.warn({ rows: brought }, 'the clock was ahead before; what it had put off is due now');
  const workspace = await openSlack(settings.slack, environment);
  const { interactive, background, directory, groups: slackGroups, guard, post } = workspace;
  const members = openGroups(settings, { ...environment, slackGroups, catalog: documents.catalog });
  end.add('parts', 'groups', () => members.close());
  await members.look();
  const codes = createCodes({
    ...{ store, clock, log, keys: readKeys(settings.secretsKey ?? '') ?? new Map() },
    tell: (person, text) => tellAlone(background, person, text),
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
    client: background,
    channels: settings.slack.channels,
    ...(settings.slack.alerts === undefined ? {} : { alerts: settings.slack.alerts }),
    cards,
    guard,
    log,
    endChoices: (request) => desk.endChoices(request),
  });
  const homes = createHomes({
    client: background,
    clock,
    scheduler,
    log,
    drawn: (person) => drawHome({ desk, directory, cards, clock }, person),
  });
  end.add('cards', 'Home pages', () => homes.close());
  const homeNews = followForHomes({ store, homes, scheduler, log });
  end.add('work', 'news for Homes', () => homeNews.stop());
  const { channels, alerts = channels.requests } = settings.slack;
  const holder = chance.reference();
  const { outbox, strays } = startSpeaking({
    giveWay: () => slack.ingress.giveWay(),
    ...{ ...environment, store, messenger, holder, client: background },
    channels: [channels.requests, channels.deploys, alerts],
  });
  end.add('parts', 'the outbox', () => outbox.stop());
  const replies = createReplies({ ...settings.slack, client: interactive, log });
  const trail = createTrail({
    ...{ clock, scheduler, log, chance },
    // A person may have typed a password where none belongs.
    keep: (refusal) => store.addRefusal({ ...refusal, sentence: redactSecrets(refusal.sentence) }),
  });
  end.add('parts', 'refusals', () => trail.settled());
  const slack = createSlackApp({
    ...settings.slack,
    identity: workspace.identity,
    replies,
    trail,
    firstTime: (key) => store.firstTime(key, clock.now(), deliveryKeptMs),
    log,
    chance,
  });
  const watches = createWatches({
    store,
    client: background,
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
    client: interactive,
    guard,
    replies,
    trail,
    files: createFileSender(background, log),
    mentioned: (text) => mentionedServices(text, documents.catalog()),
    log,
    chance,
  });
  const report = startPlatformNews(settings.slack.platform, editNews, { context, scheduler, post });
  end.add('work', 'the weekly report', () => report?.stop());
  const audit = startAudit(settings.audit, { ...environment, store, post });
  end.add('parts', 'the audit', () => audit?.stop());
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
  end.add('work', 'the runner', (ms) => runner.stop(ms));
  const leader = startLeaderWork({
    ...{ store, clock, scheduler, log, holder },
    tasks: leaderTasks({ context, desk, watches, scheduler, catalog: documents.catalog }),
  });
  end.add('work', 'what the leader does', () => leader.stop());
  end.add('work', 'what came in', (ms) => slack.stop(ms));
  let isEnding = false;
  // Its server is loaded only where somebody asks.
  const health =
    settings.health &&
    (await (
      await import('./health.ts')
    ).startHealth({
      ...{ ...settings.health, clock, scheduler, log },
      checks: {
        draining: () => !isEnding,
        slack: () => slack.isReady(),
        database: async () => {
          await store.expectWritable();
          return true;
        },
      },
    }));
  end.add('store', 'health checks', () => health?.close());
  const { port } = await slack.start();
  end.add('cards', 'the last cards', () => outbox.flush());
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
      await end.run(withinMs);
    },
  };
}
