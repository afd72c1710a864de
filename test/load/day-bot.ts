/** The bot in a process of its own whose time stands still until the driver moves it: a day then takes minutes. */
import { setImmediate } from 'node:timers/promises';
import { secondMs } from '../../src/core/duration.ts';
import { createLog } from '../../src/log.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import type { AppSettings } from '../../src/settings/app-settings.ts';
import { startTimedBot } from '../timed-bot.ts';

export interface DayOrder {
  readonly settings: AppSettings;
  readonly startAt: number;
}

/** `leapMs`: as if the machine were asleep meanwhile. Either is answered when nothing is in flight and nothing is due. */
export type DayMessage =
  | { readonly order: DayOrder }
  | { readonly advanceMs: number }
  | { readonly leapMs: number };
/** `faults`: lines of the log that say of something that it is broken. */
export type DayReply =
  | { readonly port: number }
  | { readonly settled: true; readonly faults: readonly string[] };

let advance = async (_ms: number): Promise<void> => undefined;
let leap = (_ms: number): void => undefined;
let settle = async (): Promise<void> => undefined;
const faults: string[] = [];
const reply = (message: DayReply) => process.send?.(message);

process.on('message', async (message: DayMessage) => {
  if ('order' in message) return begin(message.order);
  if ('advanceMs' in message) await advance(message.advanceMs);
  else leap(message.leapMs);
  await settle();
  reply({ settled: true, faults: faults.splice(0) });
});

async function begin({ settings, startAt }: DayOrder): Promise<void> {
  const clock = createWorldClock({ mode: 'still', startAt });
  const write = (line: string) => {
    const { level, code } = JSON.parse(line) as { level: string; code?: string };
    if (level === 'error' || code === 'internal') faults.push(line.slice(0, 500));
  };
  const log = createLog({ level: 'info', form: 'json', to: { write } });
  const app = await startTimedBot(settings, { clock, log });
  advance = async (ms) => {
    for (let left = ms; left > 0; left -= strideMs) {
      await clock.advance(Math.min(left, strideMs));
      await diskReached();
    }
  };
  leap = (ms) => clock.leap(ms);
  settle = () => app.settle();
  reply({ port: app.port ?? 0 });
}

/**
 * Half of what a lease lasts: what is renewed in a third of it must have been written before it lapses, and the disk takes
 * the milliseconds that it takes while this time runs thousands of times as fast.
 */
const strideMs = 4 * secondMs;

/** Resolves when nothing that was begun waits for the disk. */
async function diskReached(): Promise<void> {
  for (let quietTurns = 0; quietTurns < 3; quietTurns++) {
    await setImmediate();
    if (process.getActiveResourcesInfo().includes('FSReqPromise')) quietTurns = 0;
  }
}
