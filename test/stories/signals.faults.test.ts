/**
 * What a supervisor's signals do to the bot as people start it: it is ready no more at once, what is in flight is ended or
 * left to another replica, and either way each effect outside happens once.
 */
import { describe, expect, test } from 'vitest';
import { graceMs } from '../../src/wiring/end-app.ts';
import { openWholeWorld, until, type WholeProcess, type WholeWorld } from './whole-process.ts';

const makesNamespace = /^POST \/api\/v1\/namespaces$/;

async function inWorld(play: (world: WholeWorld) => Promise<void>): Promise<void> {
  const world = await openWholeWorld();
  try {
    await play(world);
  } finally {
    await world.close();
  }
}

interface Scene {
  /** In the middle of a step whose answer comes late. */
  readonly first: WholeProcess;
  /** Resolves when all is done, by another that is on its way, as in a rolling upgrade. */
  done(): Promise<void>;
  namespacesMade(): number;
}

function inTheMiddle(delayMs: number, play: (scene: Scene) => Promise<void>): Promise<void> {
  return inWorld(async ({ sandbox, people, start, stepBegun, calls }) => {
    sandbox.faults.add({
      ...{ box: 'cluster', operation: 'POST /api/v1/namespaces' },
      ...{ fault: { kind: 'slow', delayMs }, times: 1 },
    });
    const first = await start();
    const dana = people.as('U0DANA');
    await dana.command('#platform-requests', '/env create signal-test');
    await stepBegun();
    const second = start();
    await play({
      first,
      async done() {
        await second;
        await dana.sees('signal-test is done', { in: '#platform-requests', withinMs: 60_000 });
      },
      namespacesMade: () => calls(makesNamespace),
    });
  });
}

describe.concurrent('signals', { timeout: 120_000 }, () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s during a step: its result is written, the rest is done by another, and it ends by itself',
    (signal) =>
      inTheMiddle(4_000, async ({ first, done, namespacesMade }) => {
        first.process.kill(signal);
        await until(async () => (await first.health('/readyz')) === 503);
        expect(await first.health('/healthz')).toBe(200);
        const { code, tookMs } = await first.ended();
        expect(code).toBe(0);
        expect(tookMs).toBeLessThan(graceMs);
        await done();
        expect(namespacesMade()).toBe(1);
        expect(first.lines.join('\n')).not.toContain('left something in flight');
      }),
  );

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('%s before it is ready ends it at once, and it says so', (signal, expected) =>
    inWorld(async ({ sandbox, begin }) => {
      const silent = { kind: 'slow', delayMs: 60_000 } as const;
      sandbox.faults.add({ box: 'slack', operation: 'auth.test', fault: silent, times: 1 });
      const first = await begin();
      await until(async () => sandbox.faults.list().some(({ matched }) => matched > 0));
      first.process.kill(signal);
      const { code, tookMs } = await first.ended();
      expect(code).toBe(expected);
      expect(tookMs).toBeLessThan(6_000);
      expect(first.lines.join('\n')).toContain(`${signal} ended it before it was ready`);
    }),
  );

  test.each(['SIGTERM', 'SIGINT'] as const)('%s in the moment that it is ready is heard', (signal) =>
    inWorld(async ({ begin }) => {
      const first = await begin();
      first.process.stdout?.on('data', (lines) => {
        if (String(lines).includes('Greenlight is ready')) first.process.kill(signal);
      });
      expect((await first.ended()).code).not.toBeNull();
      expect(first.lines.join('\n')).toMatch(/"stopping"|before it was ready/);
    }),
  );

  test('a second signal ends it at once, and another goes on with what was in flight', () =>
    // An orderly end would take 12 s; a loaded machine takes its time to reap a process.
    inTheMiddle(16_000, async ({ first, done, namespacesMade }) => {
      first.process.kill('SIGTERM');
      await until(async () => (await first.health('/readyz')) === 503);
      first.process.kill('SIGTERM');
      const { code, tookMs } = await first.ended();
      expect(code).toBe(1);
      expect(tookMs).toBeLessThan(6_000);
      await done();
      expect(namespacesMade()).toBe(1);
    }));

  test('a step that takes longer than its share of the grace period is left to another', () =>
    inTheMiddle(16_000, async ({ first, done, namespacesMade }) => {
      first.process.kill('SIGTERM');
      const { code, tookMs } = await first.ended();
      expect(code).toBe(0);
      expect(tookMs).toBeLessThan(graceMs + 1_000);
      await done();
      expect(namespacesMade()).toBe(1);
    }));

  test('SIGTERM while somebody’s command is in hand: they are answered, and their card is there', () =>
    inWorld(async ({ sandbox, people, start }) => {
      sandbox.faults.add({
        ...{ box: 'github', operation: 'GET /repos/acme/payments/*' },
        ...{ fault: { kind: 'slow', delayMs: 1_500 }, times: 3 },
      });
      const first = await start();
      const answered = people.as('U0PRIYA').command('#deploys', '/deploy payments v1.4.2 to staging');
      await until(async () => sandbox.faults.list().some(({ matched }) => matched > 0));
      first.process.kill('SIGTERM');
      await answered;
      const { code } = await first.ended();
      expect(code).toBe(0);
      await people.as('U0PRIYA').sees('v1.4.2', { in: '#deploys' });
    }));
});
