/**
 * The bot alone, in a process of its own that a test can kill. Its time runs many times as fast as the machine's, from
 * an origin that the test gives, so that a restarted bot goes on in the same time.
 */
import { startApp } from '../../src/app.ts';
import { systemChance } from '../../src/chance.ts';
import type { AppSettings } from '../../src/settings/app-settings.ts';
import { speed } from './speed.ts';

const { settings, origin } = JSON.parse(process.env.BOT_ORDER ?? '') as {
  settings: AppSettings;
  origin: number;
};

const clock = { now: () => Math.floor(origin + (Date.now() - origin) * speed) };
const scheduler = {
  after(delayMs: number, fire: () => void) {
    const timer = setTimeout(fire, Math.max(1, delayMs / speed));
    return { cancel: () => clearTimeout(timer) };
  },
};
const say = (fields: Readonly<Record<string, unknown>>, message: string) =>
  process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);

await startApp(settings, {
  clock,
  scheduler,
  chance: systemChance,
  draw: () => 0.5,
  log: { info: () => {}, warn: () => {}, error: say },
});
process.send?.('ready');
