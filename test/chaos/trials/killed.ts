/** kill -9, many times, on either database: the sandbox's faults are on all the while. */
import { badDay, type Killed, killMany } from '../kills.ts';
import type { Played, Trial } from '../stage.ts';
import { sharedSpeed } from '../world.ts';

export interface KillCounts {
  readonly kills: number;
  /** The machine does nothing else, so that how long a takeover takes says something. */
  readonly isQuiet: boolean;
  progress?(done: number): void;
}

export function killTrials({ kills, isQuiet, progress }: KillCounts): readonly Trial[] {
  return [
    {
      name: 'kill -9, SQLite',
      tried:
        'killed at random moments, half of them aimed: between an effect and its record, right after a write, while it starts; faults in all boxes',
      mustHold:
        'each acknowledged command is one request, each ends, each effect and notice is there once, each card shows the record',
      ...{ database: 'sqlite', replicas: 1 },
      options: { isHasty: true },
      play: (stage) => killIn(stage, 1),
    },
    {
      name: 'kill -9, PostgreSQL',
      tried: 'the same with two replicas: one at a time, each tenth time both',
      mustHold: 'the same, and what a killed replica held is taken over in less than 10 s',
      ...{ database: 'postgres', replicas: 2 },
      options: { isHasty: true, speed: sharedSpeed },
      play: (stage) => killIn(stage, 2),
    },
  ];

  async function killIn(
    { world, people, broken }: Parameters<Trial['play']>[0],
    replicas: number,
  ): Promise<Played> {
    await Promise.all(world.bots.living().map((bot) => bot.kill()));
    for (const rule of badDay) world.sandbox.faults.add(rule);
    const life = people.live({ actEveryMs: actEveryMs / world.pace.speed });
    const killed = await killMany(world, { kills, replicas, ...(progress ? { progress } : {}) });
    await life.stop();
    const slowest = Math.max(0, ...killed.takeovers);
    if (isQuiet && slowest >= takeoverMaxMs) broken.push(`a takeover took ${seconds(slowest)}`);
    return { times: kills, found: `${momentsInWords(killed)}${takeoversInWords(killed)}` };
  }
}

/** Of the bot's own time: deploys of one service wait for each other, and all of them must be over in the end. */
const actEveryMs = 1_200;

/** What the issue asks for: a killed replica's work goes on elsewhere in less than this. */
const takeoverMaxMs = 10_000;

function momentsInWords({ moments }: Killed): string {
  const aimed = Object.entries(moments).filter(([name]) => name !== 'at any moment');
  const times = aimed.reduce((sum, [, count]) => sum + count, 0);
  return `${times} of them aimed, at ${aimed.length} kinds of moments`;
}

function takeoversInWords({ takeovers }: Killed): string {
  if (takeovers.length === 0) return '';
  const sorted = takeovers.toSorted((one, other) => one - other);
  const half = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return `; ${sorted.length} requests taken over, half of them within ${seconds(half)}, all within ${seconds(sorted.at(-1) ?? 0)}`;
}

function seconds(ms: number): string {
  return Number.isFinite(ms) ? `${(ms / 1_000).toFixed(1)} s` : 'no time that was waited for';
}
