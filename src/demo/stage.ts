/**
 * A world for stories: the real bot in a sandbox whose clock stands still until the story needs time to pass. A deploy
 * of minutes then plays in an instant, the same way every time.
 */
import type { App } from '../app.ts';
import type { Chance, Log } from '../core/ports.ts';
import { connectSandbox, type Sandbox as SandboxClient } from '../sandbox/client.ts';
import { createWorldClock, type WorldClock } from '../sandbox/clock.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { type SandboxedOptions, startSandboxed } from '../start-sandboxed.ts';

export interface Stage {
  readonly world: Sandbox;
  readonly people: SandboxClient;
  readonly app: App;
  readonly clock: WorldClock;
  /** Lets time pass until what is waited for has come; at most an hour of the sandbox's time. */
  until<Value>(waitedFor: Promise<Value>): Promise<Value>;
  /** Lets everything that is due now happen. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly mode: SandboxedOptions['mode'];
  readonly dataFolder: string;
  readonly log: Log;
  readonly vault?: NonNullable<SandboxedOptions['vault']>;
  /** A Wednesday at ten, so that no weekend window is in force. */
  readonly startAt?: number;
  /** `false`: cards go out as fast as they come. */
  readonly rateLimits?: boolean;
}

const wednesdayMorning = Date.UTC(2026, 10, 18, 9, 0);
/** Small enough that a run's jobs are seen one after the other. */
const tickMs = 500;
const ticksMax = 7_200;

export async function openStage(options: StageOptions): Promise<Stage> {
  const clock = createWorldClock({ mode: 'still', startAt: options.startAt ?? wednesdayMorning });
  const { sandbox, app, stop } = await startSandboxed(
    {
      port: 0,
      mode: options.mode,
      dataFolder: options.dataFolder,
      database: ':memory:',
      clock,
      ...(options.vault && { vault: options.vault }),
      ...(options.rateLimits === undefined ? {} : { rateLimits: options.rateLimits }),
    },
    { chance: countingChance(), log: options.log, draw: () => 0.5 },
  );
  const people = connectSandbox(sandbox.url);
  // Over http nothing connects beforehand: the first payload shows that the bot is there.
  if (options.mode === 'socket') await people.appIs('connected');

  return {
    world: sandbox,
    people,
    app,
    clock,
    settle: () => app.settle(),
    async until(waitedFor) {
      let isOver = false;
      const over = waitedFor.finally(() => {
        isOver = true;
      });
      // Whoever awaits `over` below hears of a failure; this only keeps it from counting as unhandled until then.
      over.catch(() => undefined);
      for (let tick = 0; !isOver && tick < ticksMax; tick++) {
        await app.settle();
        // What was just posted reaches the one who waits for it over a socket: give it a turn before time moves on.
        await new Promise(setImmediate);
        if (!isOver) await clock.advance(tickMs);
      }
      return over;
    },
    async close() {
      // Timers of the drain stand on the same clock, which somebody must move.
      const stopped = stop();
      let isStopped = false;
      void stopped.finally(() => {
        isStopped = true;
      });
      for (let tick = 0; !isStopped && tick < ticksMax; tick++) {
        await clock.advance(tickMs);
        await new Promise(setImmediate);
      }
      await stopped;
    },
  };
}

/** The same references in every run: a transcript is compared by people. */
function countingChance(): Chance {
  let last = 0;
  return { reference: () => `ref${String(++last).padStart(5, '0')}` };
}
