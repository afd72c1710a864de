/** kill -9: many times on either database, with the sandbox's faults on all the while; and how soon the work of one goes on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { badDay, type Killed, killMany } from '../kills.ts';
import type { Played, Stage, Trial } from '../stage.ts';
import { createTakeovers, seconds, type Takeovers, takeoversInWords } from '../takeovers.ts';
import { sharedSpeed, type World } from '../world.ts';

export interface KillCounts {
  readonly kills: number;
  progress?(done: number): void;
}

export function killTrials({ kills, progress }: KillCounts): readonly Trial[] {
  return [
    {
      name: 'kill -9, SQLite',
      tried:
        'killed at random moments, half of them aimed: between an effect and its record, right after a write, while it starts; faults in all boxes',
      mustHold:
        'each acknowledged command is one request, each ends, each effect and notice is there once, each card shows the record',
      ...{ database: 'sqlite', replicas: 1, isAlone: true },
      options: { isHasty: true },
      play: (stage) => killIn(stage, 1),
    },
    {
      name: 'kill -9, PostgreSQL',
      tried: 'the same with two replicas: one at a time, each tenth time both',
      mustHold: 'the same, and what a killed replica held is taken over',
      ...{ database: 'postgres', replicas: 2, isAlone: true },
      options: { isHasty: true, speed: sharedSpeed },
      play: (stage) => killIn(stage, 2),
    },
  ];

  async function killIn({ world, people, broken }: Stage, replicas: number): Promise<Played> {
    await Promise.all(world.bots.living().map((bot) => bot.kill()));
    for (const rule of badDay) world.sandbox.faults.add(rule);
    const life = people.live({ actEveryMs: actEveryMs / world.pace.speed });
    const killed = await killMany(world, { kills, replicas, ...(progress ? { progress } : {}) });
    await life.stop();
    const { takeovers } = killed;
    if (!takeovers.every(Number.isFinite)) broken.push('what a killed replica held was not taken over');
    const taken = takeovers.length === 0 ? '' : `; ${takeovers.length} requests taken over`;
    return { times: kills, found: `${momentsInWords(killed)}${taken}` };
  }
}

/** Of the bot's own time: deploys of one service wait for each other, and all of them must be over in the end. */
const actEveryMs = 1_200;

function momentsInWords({ moments }: Killed): string {
  const aimed = Object.entries(moments).filter(([name]) => name !== 'at any moment');
  const times = aimed.reduce((sum, [, count]) => sum + count, 0);
  return `${times} of them aimed, at ${aimed.length} kinds of moments`;
}

/**
 * In the machine's own time: a lease lapses after seconds that can be made to go faster, but what whoever takes over has to
 * do needs a processor's.
 */
export function takeoverTrial({ times }: { readonly times: number }): Trial {
  return {
    name: 'replica lost',
    tried: 'one of two replicas is killed while it has work in hand, in the time of the machine itself',
    mustHold: 'the other one has taken it over in less than 10 s',
    ...{ database: 'postgres', replicas: 2, isAlone: true },
    options: { speed: 1 },
    async play({ world, people, broken }) {
      const takeovers = createTakeovers(world);
      const life = people.live({ actEveryMs });
      for (let done = 0; done < times; done++) {
        const { victim, others } = await whoeverHoldsWork(world, takeovers);
        await victim.kill();
        takeovers.follow(victim, others);
        await takeovers.settled();
        await world.readyBot();
      }
      await life.stop();
      const slowest = Math.max(0, ...takeovers.spans);
      if (slowest >= takeoverMaxMs) broken.push(`a takeover took ${seconds(slowest)}`);
      return { times, found: takeoversInWords(takeovers.spans) };
    },
  };
}

/** What the issue asks for: a killed replica's work goes on elsewhere in less than this. */
const takeoverMaxMs = 10_000;

async function whoeverHoldsWork({ bots }: World, { holds }: Takeovers) {
  const until = Date.now() + workWithinMs;
  while (Date.now() < until) {
    for (const victim of bots.living())
      if (await holds(victim)) return { victim, others: bots.living().filter((bot) => bot !== victim) };
    await sleep(5);
  }
  throw new Error('nobody had work in hand');
}

const workWithinMs = 60_000;
