/**
 * kill -9 at the worst moment: after an effect has taken place outside, before its answer has come back. A new process
 * goes on, and the outside has seen each effect once.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connectSandbox } from '../../src/sandbox/client.ts';
import { openSandbox } from '../../src/start-sandboxed.ts';
import { type Bot, createBots } from '../chaos/bots.ts';
import type { Pace } from '../chaos/fast-clock.ts';
import { dataFolder } from './support.ts';

/** Of all lives of a bot: one that is started again goes on in the same time. */
const pace: Pace = { at: Date.now(), realAt: Date.now(), speed: 20 };

type World = Awaited<ReturnType<typeof openWorld>>;

async function openWorld() {
  const folder = await mkdtemp(join(tmpdir(), 'greenlight-kill-'));
  const database = join(folder, 'greenlight.db');
  const { sandbox, settings } = await openSandbox({ port: 0, mode: 'socket', dataFolder, database });
  let hurrying: NodeJS.Timeout | undefined;
  const bots = createBots(false);

  const startBot = async () => {
    const bot = bots.start({ settings, database: { file: database }, pace, clockOffsetMs: 0 });
    if (!(await bot.ready)) throw new Error(`${bot.name} did not start: ${JSON.stringify(bots.log.at(-1))}`);
    return bot;
  };

  return {
    sandbox,
    people: connectSandbox(sandbox.url),
    startBot,
    /** From here on the sandbox's time keeps pace with the bot's; before, its 3 seconds for an answer would be short. */
    hurry() {
      hurrying = setInterval(() => void sandbox.clock.advance(100 * (pace.speed - 1)), 100);
    },
    /** Kills the bot the moment a call that matches has had its effect; resolves when it is dead. */
    async killAfter(bot: Bot, operation: RegExp) {
      const stop = sandbox.journal.subscribe((entry) => {
        if (!operation.test(entry.operation) || Number(entry.outcome) >= 300) return;
        stop();
        bot.signal('SIGKILL');
      });
      await bot.exited;
      expect(bot.ended()?.signal).toBe('SIGKILL');
    },
    /** Successful calls of an operation, over all lives of the bot. */
    calls: (operation: RegExp) =>
      sandbox.journal
        .since(0)
        .filter((entry) => operation.test(entry.operation) && Number(entry.outcome) < 300),
    async close() {
      clearInterval(hurrying);
      await bots.stop();
      await sandbox.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function inWorld(play: (world: World) => Promise<void>) {
  const world = await openWorld();
  try {
    await play(world);
  } finally {
    await world.close();
  }
}

/** A loaded machine takes its time to start eight processes; nothing here measures it. */
const patience = 100_000;

describe.concurrent('killed in the middle', () => {
  test.each([
    ['the namespace was made', /^POST \/api\/v1\/namespaces$/],
    ['the workload was made', /^PATCH .*\/deployments\//],
  ])('an environment is made once, though the bot died when %s', { timeout: 120_000 }, (_when, operation) =>
    inWorld(async (world) => {
      const bot = await world.startBot();
      const killed = world.killAfter(bot, operation);
      await world.people.as('U0DANA').command('#platform-requests', '/env create kill-test');
      await killed;
      world.hurry();
      await world.startBot();
      await world.people
        .as('U0DANA')
        .sees('kill-test is done', { in: '#platform-requests', withinMs: patience });

      const { control } = world.sandbox.cluster;
      const namespace = control.read({ apiVersion: 'v1', kind: 'Namespace', name: 'env-kill-test' });
      expect(namespace?.metadata.labels?.['greenlight.dev/request']).toMatch(/^REQ-1-/);
      const deployment = control.read({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        namespace: 'env-kill-test',
        name: 'web',
      });
      // Applied again, it is the same object: it was never changed by a second attempt.
      expect(deployment?.metadata.generation).toBe(1);
    }),
  );

  test.each([
    ['the deployment was recorded', /^POST \/repos\/acme\/payments\/deployments$/],
    ['the workflow was dispatched', /^POST .*\/dispatches$/],
  ])('a deploy goes out once, though the bot died when %s', { timeout: 120_000 }, (_when, operation) =>
    inWorld(async (world) => {
      const bot = await world.startBot();
      const killed = world.killAfter(bot, operation);
      await world.people.as('U0PRIYA').command('#deploys', '/deploy payments v1.4.2 to staging');
      await killed;
      world.hurry();
      await world.startBot();
      await world.people
        .as('U0PRIYA')
        .sees('payments v1.4.2 runs in staging now', { in: '#deploys', withinMs: patience });

      expect(world.calls(/^POST \/repos\/acme\/payments\/deployments$/)).toHaveLength(1);
      expect(world.calls(/^POST .*\/dispatches$/)).toHaveLength(1);
    }),
  );
});
