/** One trial on its stage: a world, its bots, people who have lived a little, and what somebody who asks in trouble reads. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bot } from './bots.ts';
import type { DatabaseKind } from './database.ts';
import { createPeople, type People } from './people.ts';
import { type Kept, lookAtPromises } from './promises.ts';
import { comeToRest } from './rest.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

export interface Trial {
  readonly name: string;
  /** What is done, in a few words. */
  readonly tried: string;
  readonly mustHold: string;
  readonly database: DatabaseKind;
  readonly replicas: number;
  readonly options?: Partial<WorldOptions>;
  /** Nothing else runs beside it: it works more than it waits, or how long it takes is looked at. */
  readonly isAlone?: true;
  /** Before the world is opened. @returns why it cannot be tried on this machine. */
  prepare?(): Promise<Prepared | string>;
  /** Breaks something and mends it. What it asserts beyond the promises it adds to `stage.broken`. */
  play(stage: Stage): Promise<Played>;
}

export interface Prepared {
  readonly options: Partial<WorldOptions>;
  close(): Promise<void>;
}

export interface Played {
  readonly times: number;
  /** What was found, in a sentence. */
  readonly found: string;
}

export interface Stage {
  readonly world: World;
  readonly people: People;
  bots(): readonly Bot[];
  /** Somebody asks for an environment, and reads whatever comes. */
  ask(): Promise<Asked>;
  /** The same once all is well again: tries as people do when Slack says that nobody answered. */
  askAgain(): Promise<Asked>;
  /** Real time goes by with everybody busy. */
  live(realMs: number): Promise<void>;
  readonly broken: string[];
}

export interface Asked {
  readonly name: string;
  /** What Slack itself says: `taken`, or the code of an error. */
  readonly slack: string;
  /** What they read of Greenlight, without its reference. */
  readonly told: string;
  /** The operator's log has the reference that they read. */
  readonly isLogged: boolean;
}

export interface TrialOutcome {
  readonly trial: Trial;
  readonly skipped?: string;
  readonly played?: Played;
  readonly kept?: Kept;
  readonly broken: readonly string[];
}

export async function playTrial(trial: Trial, seed: number): Promise<TrialOutcome> {
  const prepared = (await trial.prepare?.()) ?? { options: {}, close: async () => undefined };
  if (typeof prepared === 'string') return { trial, skipped: prepared, broken: [] };
  const broken: string[] = [];
  try {
    const world = await openWorld({ seed, database: trial.database, ...trial.options, ...prepared.options });
    try {
      const people = createPeople(world);
      await world.readyBot();
      for (let more = 1; more < trial.replicas; more++) await world.readyBot();
      const stage = stageOf(world, people, broken);
      await stage.live(warmUpMs);
      const played = await trial.play(stage);
      await stage.live(warmUpMs);
      const { unrest } = await comeToRest(world, people);
      const kept = await lookAtPromises(world);
      return { trial, played, kept, broken: [...broken, ...unrest, ...kept.broken] };
    } finally {
      await world.close();
    }
  } catch (error) {
    return {
      trial,
      broken: [...broken, error instanceof Error ? (error.stack ?? error.message) : String(error)],
    };
  } finally {
    await prepared.close();
  }
}

/** By the machine's clock. */
const warmUpMs = 1_500;
const readsWithinMs = 8_000;
const triesMax = 8;

function stageOf(world: World, people: People, broken: string[]): Stage {
  let asked = 0;

  async function ask(): Promise<Asked> {
    const name = `t${++asked}`;
    const before = world.seen.told.length;
    const outcome = await people.type('U0DANA', `/env create ${name} --ttl 1h`);
    const reading = Date.now();
    while (world.seen.told.length === before && Date.now() - reading < readsWithinMs && outcome.ok)
      await sleep(50);
    const told = world.seen.told.slice(before);
    const reference = /Reference ([\w-]+)/.exec(told.join(' '))?.[1];
    const isLogged = reference !== undefined && world.bots.log.some((line) => line.reference === reference);
    if (reference !== undefined && !isLogged) broken.push(`the log does not know the reference ${reference}`);
    const [words = ''] = told.map((text) => text.split(' [{')[0] ?? '');
    return { name, slack: outcome.ok ? 'taken' : outcome.error, told: words, isLogged };
  }

  return {
    ...{ world, people, broken },
    bots: () => world.bots.living(),
    ask,
    async askAgain() {
      for (let tries = 1; tries < triesMax; tries++) {
        const asked = await ask();
        if (asked.slack === 'taken') return asked;
        await sleep(1_000);
      }
      const last = await ask();
      if (last.slack !== 'taken') broken.push(`nobody can ask any more: ${last.slack}`);
      return last;
    },
    async live(realMs) {
      const life = people.live({ actEveryMs: 150 });
      await sleep(realMs);
      await life.stop();
    },
  };
}

/** What was read, each sentence once: for the table. */
export function inWords(asked: readonly Asked[]): string {
  const words = asked.map(({ slack, told, isLogged }) => {
    if (slack !== 'taken') return `Slack says ${slack}`;
    return told === ''
      ? 'taken, nothing said yet'
      : `“${told}”${isLogged ? ' (same reference in the log)' : ''}`;
  });
  return [...new Set(words)].join('; ');
}
