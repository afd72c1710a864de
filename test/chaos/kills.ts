/** Killing: -9 at moments drawn by the seed, some of them aimed at the worst ones. What runs again goes on from the store. */
import { watch } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultRuleInput } from '../../src/sandbox/protocol.ts';
import type { Bot } from './bots.ts';
import { createTakeovers, type Takeovers } from './takeovers.ts';
import type { World } from './world.ts';

export interface Killed {
  /** How often, by the moment. */
  readonly moments: Readonly<Record<string, number>>;
  /** From a kill until another replica has what it held, in milliseconds of the bot's time. */
  readonly takeovers: readonly number[];
}

export interface KillOptions {
  readonly kills: number;
  /** 1 on SQLite. */
  readonly replicas: number;
  progress?(done: number): void;
}

/** The outside on a bad day, for as long as people are about. */
export const badDay: readonly FaultRuleInput[] = [
  ...(['slack', 'github', 'cluster'] as const).flatMap((box): FaultRuleInput[] => {
    const operation = box === 'slack' ? 'chat.*' : '*';
    return [
      { box, operation, fault: { kind: 'lost-response' }, probability: 0.03, seed: 1 },
      { box, operation, fault: { kind: 'reset' }, probability: 0.02, seed: 2 },
      { box, operation, fault: { kind: 'status', status: 503 }, probability: 0.02, seed: 3 },
    ];
  }),
  {
    box: 'slack',
    operation: 'chat.*',
    fault: { kind: 'status', status: 429, retryAfterSeconds: 5 },
    probability: 0.01,
    seed: 4,
  },
  { box: 'slack', operation: 'envelope:*', fault: { kind: 'duplicate' }, probability: 0.05, seed: 5 },
  { box: 'slack', operation: 'envelope:*', fault: { kind: 'drop-socket' }, probability: 0.01, seed: 6 },
];

/** A moment to kill at: waits for it, for so long at most. */
interface Moment {
  readonly name: string;
  wait(world: World, bot: Bot, signal: AbortSignal): Promise<unknown>;
}

const afterCall = (name: string, operation: RegExp): Moment => ({
  name,
  wait: (world, _bot, signal) =>
    new Promise<void>((resolve) => {
      const stop = world.seen.onEntry((entry) => {
        if (operation.test(entry.operation)) resolve();
      });
      signal.addEventListener('abort', () => stop());
    }),
});

const anyTime: Moment = {
  name: 'at any moment',
  wait: async (world, bot) => {
    await bot.ready;
    await sleep(world.draw() * 700);
  },
};

const moments: readonly Moment[] = [
  { name: 'while it starts', wait: (world) => sleep(world.draw() * 400) },
  anyTime,
  anyTime,
  anyTime,
  afterCall('a command was acknowledged', /^envelope:slash_commands$/),
  afterCall('a click was acknowledged', /^envelope:block_actions$/),
  afterCall('a message was posted, not yet recorded', /^chat\.postMessage$/),
  afterCall('a card was edited, not yet recorded', /^chat\.update$/),
  afterCall('a workflow was dispatched', /dispatches$/),
  afterCall('a deployment was recorded at GitHub', /^POST .*\/deployments$/),
  afterCall('a pull request was made or merged', /^(POST|PUT) .*\/pulls/),
  afterCall(
    'a namespace was made or taken away',
    /^(POST \/api\/v1\/namespaces|DELETE .*\/namespaces\/[^/]+)$/,
  ),
  afterCall('a workload was changed', /^PATCH .*\/deployments\//),
  {
    name: 'the database was written',
    wait: ({ database }, _bot, signal) =>
      new Promise<void>((resolve) => {
        // Of a server's files nobody can say whose write it was: there, any moment will do.
        if (database.file === undefined) return void sleep(100).then(resolve);
        const watcher = watch(`${database.file}-wal`, () => resolve());
        watcher.on('error', () => resolve());
        signal.addEventListener('abort', () => watcher.close());
      }).catch(() => undefined),
  },
];

/** How often the others are left in peace until they have taken over. */
const inPeace = 0.2;

/** How long a moment is waited for that does not come, by the machine's clock. */
const momentMs = 1_200;

export async function killMany(world: World, options: KillOptions): Promise<Killed> {
  const { kills, replicas } = options;
  const counts: Record<string, number> = {};
  const takeovers = replicas > 1 ? createTakeovers(world) : undefined;
  const living: Bot[] = [];
  const fill = () => {
    while (living.length < replicas) living.push(world.startBot());
  };
  fill();
  await Promise.all(living.map((bot) => bot.ready));
  for (let done = 0; done < kills; ) {
    fill();
    // Started every other second, bots read more than GitHub's 5,000 an hour: with these they would wait for the next one.
    world.sandbox.github.control.setRateLimitRemaining(5_000);
    const all = replicas > 1 && world.draw() < 0.1;
    const victim = living.splice(all ? 0 : Math.floor(world.draw() * living.length), 1);
    const victims = all ? [...victim, ...living.splice(0)] : victim;
    const [first] = victims;
    if (!first) continue;
    const moment = drawMoment(world);
    await momentOf(moment, world, first);
    await endAll(victims, takeovers, living);
    // Killed faster than that, nobody would be there to take over.
    if (world.draw() < inPeace) await takeovers?.settled();
    counts[moment.name] = (counts[moment.name] ?? 0) + victims.length;
    done += victims.length;
    options.progress?.(done);
  }
  fill();
  await Promise.all(living.map((bot) => bot.ready));
  await takeovers?.settled();
  return { moments: counts, takeovers: takeovers?.spans ?? [] };
}

function drawMoment({ draw }: World): Moment {
  return moments[Math.floor(draw() * moments.length)] ?? anyTime;
}

async function momentOf(moment: Moment, world: World, bot: Bot): Promise<void> {
  const over = new AbortController();
  const isStarting = moment.name === 'while it starts';
  if (!isStarting) await bot.ready;
  await Promise.race([
    moment.wait(world, bot, over.signal),
    sleep(momentMs, undefined, { signal: over.signal }).catch(() => undefined),
    bot.exited,
  ]);
  over.abort();
}

async function endAll(
  victims: readonly Bot[],
  takeovers: Takeovers | undefined,
  left: readonly Bot[],
): Promise<void> {
  await Promise.all(victims.map((bot) => bot.kill()));
  const others = left.filter((bot) => bot.isReady());
  for (const bot of victims) if (others.length > 0) takeovers?.follow(bot, others);
}
