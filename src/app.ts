/** The bot, wired: every part is made once (wiring/), and handed to those that need it. */

import type { Refusal } from './core/refusal.ts';
import type { Desk } from './desk/desk.ts';
import type { Health, HealthOptions } from './health.ts';
import type { AppSettings } from './settings/app-settings.ts';
import { createAppEnd, graceMs } from './wiring/end-app.ts';
import { openDesk } from './wiring/open-desk.ts';
import { type Foundation, openFoundation } from './wiring/open-foundation.ts';
import { openSlack } from './wiring/open-slack.ts';
import { openSlackIn, type SlackIn } from './wiring/open-slack-in.ts';
import { openSlackOut } from './wiring/open-slack-out.ts';
import type { AppEnvironment, Opening } from './wiring/opening.ts';
import { startWorking } from './wiring/start-working.ts';

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

/** @throws ProblemError with what to do about it, when a file, a token or a context is wrong. */
export async function startApp(settings: AppSettings, environment: AppEnvironment): Promise<App> {
  const end = createAppEnd(environment);
  try {
    return await wire({ settings, environment, end });
  } catch (error) {
    // Left open, they would keep a process alive that serves nobody, and its supervisor from starting another.
    await end.run(graceMs);
    throw error;
  }
}

async function wire(opening: Opening): Promise<App> {
  const { settings, environment, end } = opening;
  let isEnding = false;
  let opened: (Pick<Foundation, 'store'> & Pick<SlackIn, 'slack'>) | undefined;
  // Before the database, which may take minutes to come to our schema: that is no reason to kill a process.
  const health = await openHealth(opening, {
    draining: () => !isEnding,
    slack: () => opened?.slack.isReady() ?? false,
    async database() {
      await opened?.store.expectWritable();
      return opened !== undefined;
    },
  });
  const foundation = await openFoundation(opening);
  const { store, editNews } = foundation;
  const workspace = await openSlack(settings.slack, environment);
  const desk = await openDesk(opening, foundation, workspace, () => {
    runner.wake();
    outbox.wake();
  });
  const shared = { holder: environment.chance.reference(), giveWay: () => slack.ingress.giveWay() };
  const slackOut = openSlackOut(opening, foundation, workspace, desk, shared);
  const { outbox } = slackOut;
  const slackIn = openSlackIn(opening, foundation, workspace, desk, slackOut);
  const { slack, trail } = slackIn;
  const runner = startWorking(opening, foundation, workspace, desk, { ...shared, ...slackIn });
  opened = { store, slack };
  end.add('work', 'what came in', (ms) => slack.stop(ms));
  const { port } = await slack.start();
  end.add('cards', 'the last cards', () => outbox.flush());
  outbox.wake();
  store.listen(desk.context.changed);

  return {
    desk: desk.desk,
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

/** Its server is loaded only where somebody asks. */
async function openHealth(
  { settings, environment, end }: Opening,
  checks: HealthOptions['checks'],
): Promise<Health | undefined> {
  if (!settings.health) return undefined;
  const { startHealth } = await import('./health.ts');
  const health = await startHealth({ ...environment, ...settings.health, checks });
  end.add('store', 'health checks', () => health.close());
  return health;
}
