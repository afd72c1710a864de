/** What a supervisor is told, and what it is not. */
import { Server } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ProblemError, problem } from '../src/core/problem.ts';
import type { HealthOptions } from '../src/health.ts';
import { createWorldClock } from '../src/sandbox/clock.ts';
import { ownHealth } from './own-health.ts';
import { quietLog } from './stories/support.ts';

async function health(checks: HealthOptions['checks'], more: Partial<HealthOptions> = {}) {
  const started = await ownHealth({ checks, ...more });
  return async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${started.port}${path}`);
    return { status: answer.status, body: await answer.text() };
  };
}

const ready = { status: 200, body: '{"ready":true,"failed":[]}' };

test('it is ready when all is well, and says by name what is not', async () => {
  let isConnected = true;
  const ask = await health({ slack: () => isConnected, database: async () => true });
  expect(await ask('/readyz')).toEqual(ready);
  isConnected = false;
  expect(await ask('/readyz')).toEqual({ status: 503, body: '{"ready":false,"failed":["slack"]}' });
});

test('it is alive whatever the outside does', async () => {
  const ask = await health({ slack: () => false, database: () => Promise.reject(new Error('away')) });
  expect(await ask('/healthz')).toEqual({ status: 200, body: '{"alive":true}' });
});

test.each([
  ['at once', () => thrown()],
  ['later', async () => thrown()],
])('what a check throws %s is not told to those who ask', async (_, database) => {
  const ask = await health({ database });
  expect(await ask('/readyz')).toEqual({ status: 503, body: '{"ready":false,"failed":["database"]}' });
});

test('a problem is told in its sentence, and the rest of it once to the log', async () => {
  const told: unknown[] = [];
  const log = { ...quietLog, error: (fields: unknown) => told.push(fields) };
  let cause: ProblemError | undefined;
  const database = async () => {
    if (cause) throw cause;
    return true;
  };
  const clock = createWorldClock({ mode: 'still' });
  const ask = await health({ database }, { clock, scheduler: clock, log });
  const later = async () => {
    await clock.advance(500);
    return ask('/readyz');
  };
  cause = new ProblemError(
    problem('outside_unavailable', 'It only reads.', 'Look.', { detail: 'at db:5432' }),
  );
  const body = '{"ready":false,"failed":["database"],"reasons":{"database":"It only reads."}}';
  expect([await later(), await later()]).toEqual([
    { status: 503, body },
    { status: 503, body },
  ]);
  expect(told).toEqual([{ check: 'database', problem: cause.problem }]);
  cause = undefined;
  expect(await later()).toEqual(ready);
  cause = new ProblemError(problem('outside_unavailable', 'It only reads.', 'Look.'));
  await later();
  expect(told).toHaveLength(2);
});

function thrown(): never {
  throw new Error('postgresql://user:password@host');
}

test('a database that does not answer in time is none', async () => {
  const clock = createWorldClock({ mode: 'still' });
  const asked = Promise.withResolvers<void>();
  const database = () => {
    asked.resolve();
    return new Promise<boolean>(() => {});
  };
  const ask = await health({ database }, { clock, scheduler: clock });
  const answer = ask('/readyz');
  await asked.promise;
  await clock.advance(800);
  expect(await answer).toMatchObject({ status: 503 });
});

test('many who ask at once ask the database once', async () => {
  let asked = 0;
  const database = async () => {
    asked += 1;
    return true;
  };
  const clock = createWorldClock({ mode: 'still' });
  const ask = await health({ database }, { clock, scheduler: clock });
  for (let probe = 0; probe < 5; probe++) expect(await ask('/readyz')).toEqual(ready);
  expect(asked).toBe(1);
  await clock.advance(500);
  await ask('/readyz');
  expect(asked).toBe(2);
});

test('whoever says nothing is let go of, and there are never more of them than it can hold', async () => {
  const setTimeout = vi.spyOn(Server.prototype, 'setTimeout');
  onTestFinished(() => setTimeout.mockRestore());
  await ownHealth();
  expect(setTimeout).toHaveBeenCalledExactlyOnceWith(2_000);
  expect(setTimeout.mock.contexts[0]).toMatchObject({ maxConnections: 1_000, headersTimeout: 2_000 });
});

test('nothing else is answered there, and a port that is taken is a problem with a way out', async () => {
  const ask = await health({});
  expect((await ask('/')).status).toBe(404);
  const taken = await ownHealth();
  await expect(health({}, { port: taken.port })).rejects.toThrow('health checks');
});
