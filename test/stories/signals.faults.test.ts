/**
 * What a supervisor's signals do to the bot as people start it: it is ready no more at once, what is in flight is ended or
 * left to another replica, and either way each effect outside happens once.
 */
import { describe, expect, onTestFinished, test } from 'vitest';
import { graceMs } from '../../src/end-app.ts';
import { openWholeWorld, until, type WholeWorld } from './whole-process.ts';

const makesNamespace = /^POST \/api\/v1\/namespaces$/;

async function world(): Promise<WholeWorld> {
  const opened = await openWholeWorld();
  onTestFinished(() => opened.close());
  return opened;
}

/** One replica in the middle of a step whose answer comes late, and another on its way, as in a rolling upgrade. */
async function inTheMiddle(delayMs: number) {
  const opened = await world();
  const { sandbox, people, start, stepBegun } = opened;
  sandbox.faults.add({
    ...{ box: 'cluster', operation: 'POST /api/v1/namespaces' },
    ...{ fault: { kind: 'slow', delayMs }, times: 1 },
  });
  const first = await start();
  await people.as('U0DANA').command('#platform-requests', '/env create signal-test');
  await stepBegun();
  const second = start();
  const done = async () => {
    await second;
    await people.as('U0DANA').sees('signal-test is done', { in: '#platform-requests', withinMs: 60_000 });
  };
  return { ...opened, first, done };
}

describe.concurrent('signals', { timeout: 120_000 }, () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s during a step: its result is written, the rest is done by another, and it ends by itself',
    async (signal) => {
      const { first, done, calls } = await inTheMiddle(4_000);
      first.process.kill(signal);
      await until(async () => (await first.health('/readyz')) === 503);
      expect(await first.health('/healthz')).toBe(200);
      const { code, tookMs } = await first.ended();
      expect(code).toBe(0);
      expect(tookMs).toBeLessThan(graceMs);
      await done();
      expect(calls(makesNamespace)).toBe(1);
      expect(first.lines.join('\n')).not.toContain('left something in flight');
    },
  );

  test('a second signal ends it at once, and another goes on with what was in flight', async () => {
    const { first, done, calls } = await inTheMiddle(4_000);
    first.process.kill('SIGTERM');
    await until(async () => (await first.health('/readyz')) === 503);
    first.process.kill('SIGTERM');
    const { code, tookMs } = await first.ended();
    expect(code).toBe(1);
    expect(tookMs).toBeLessThan(2_000);
    await done();
    expect(calls(makesNamespace)).toBe(1);
  });

  test('a step that takes longer than its share of the grace period is left to another', async () => {
    const { first, done, calls } = await inTheMiddle(16_000);
    first.process.kill('SIGTERM');
    const { code, tookMs } = await first.ended();
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(graceMs + 1_000);
    await done();
    expect(calls(makesNamespace)).toBe(1);
  });

  test('SIGTERM while somebody’s command is in hand: they are answered, and their card is there', async () => {
    const { sandbox, people, start } = await world();
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
  });
});
