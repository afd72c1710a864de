/**
 * The bot alone, in a process of its own that chaos can do anything to. It begins when it is told to, so that one can wait
 * with its modules loaded. Its log goes to standard output as lines of JSON; its clock can be set wrong, and it can be
 * stopped in order, by messages.
 */
import { type SharedClock, sharedClock } from '../../src/background/shared-time.ts';
import { systemChance } from '../../src/chance.ts';
import { createLog } from '../../src/log.ts';
import type { AppSettings } from '../../src/settings/app-settings.ts';
import { Secret } from '../../src/settings/secret.ts';
import { clockSetBack, watchClock } from '../../src/watch-clock.ts';
import { startTimedBot } from '../timed-bot.ts';
import type { BotDatabase } from './database.ts';
import { fastClock, fastNow, type Pace } from './fast-clock.ts';

export interface BotOrder {
  readonly settings: Omit<AppSettings, 'database'>;
  readonly database: BotDatabase;
  readonly pace: Pace;
  /** By how much its clock is wrong. */
  readonly clockOffsetMs: number;
  /** Stands before each reference that it draws: whose lease a row shows. */
  readonly name: string;
}

export type BotMessage =
  | { readonly order: BotOrder }
  | { readonly clockOffsetMs: number }
  | { readonly stop: true };

let offsetMs = 0;
let stop = async () => process.exit(0);
const log = createLog({ level: 'info', form: 'json' });

process.on('message', (message: BotMessage) => {
  if ('order' in message) void begin(message.order);
  else if ('clockOffsetMs' in message) offsetMs = message.clockOffsetMs;
  else void stop();
});

async function begin({ settings, database, pace, name, clockOffsetMs }: BotOrder): Promise<void> {
  offsetMs = clockOffsetMs;
  const own = fastClock(pace, () => offsetMs);
  const time = sharedClock(own);
  const clock: typeof own & SharedClock = {
    ...own,
    ...{ now: time.now, furthest: time.furthest },
    // A database server tells the time of this world: fast, and right.
    follow: (store, tools) =>
      time.follow(
        { serverTime: async () => ((await store.serverTime()) === undefined ? undefined : fastNow(pace)) },
        tools,
      ),
  };
  const place = 'url' in database ? { url: new Secret(database.url) } : database;
  const chance = { reference: () => `${name}-${systemChance.reference()}` };
  const app = await startTimedBot({ ...settings, database: place }, { clock, log, chance });
  stop = () => app.stop().then(() => process.exit(0));
  // As main.ts does.
  watchClock({
    ...{ clock, scheduler: clock },
    setBack(byMs) {
      log.error({ byMs }, clockSetBack);
      void app.stop().then(() => process.exit(1));
    },
  });
  process.send?.('ready');
}
