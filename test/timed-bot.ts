/**
 * The bot in a process of its own, in a time that is not the machine's, for a driver that tells it over IPC what to do. It
 * ends with its driver; all else as main.ts does it.
 */
import { type App, startApp } from '../src/app.ts';
import { systemChance } from '../src/chance.ts';
import type { Clock, Log, Scheduler } from '../src/core/ports.ts';
import { ProblemError } from '../src/core/problem.ts';
import type { AppSettings } from '../src/settings/app-settings.ts';
import type { AppEnvironment } from '../src/wiring/opening.ts';

export interface TimedBotOptions {
  readonly clock: Clock & Scheduler;
  readonly log: Log;
  readonly chance?: AppEnvironment['chance'];
}

/** What keeps it from starting it says in one line on standard error, and ends. */
export async function startTimedBot(
  settings: AppSettings,
  { clock, log, chance = systemChance }: TimedBotOptions,
): Promise<App> {
  process.on('unhandledRejection', (reason) => log.error({ error: reason }, 'an unhandled rejection'));
  process.on('disconnect', () => process.exit(3));
  try {
    return await startApp(settings, { clock, scheduler: clock, chance, draw: Math.random, log });
  } catch (error) {
    const words =
      error instanceof ProblemError ? [error.problem.sentence, error.problem.detail] : [String(error)];
    process.stderr.write(`${words.join(' ')}\n`);
    return process.exit(1);
  }
}
