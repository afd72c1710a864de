/** Peers on the same PostgreSQL: five jobs for each request, each of which puts the next one into the queue. */
import { Logger, type Runner, run } from 'graphile-worker';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { stepsEach } from './five-steps.ts';

export interface Peer {
  /** Puts one request in, and resolves when its fifth job is done. */
  run(): Promise<void>;
  stop(): Promise<void>;
}

interface Job {
  readonly request: number;
  readonly step: number;
}

/** Its workers are woken by NOTIFY, and fetch on for as long as they find something. */
export async function pgBoss(url: string, concurrency: number): Promise<Peer> {
  const requests = waiters();
  const boss = new PgBoss({ connectionString: url, max: concurrency, useListenNotify: true });
  boss.on('error', () => undefined);
  await boss.start();
  await boss.createQueue(queue, { notify: true });
  await boss.work<Job>(
    queue,
    { localConcurrency: concurrency, pollingIntervalSeconds: 0.5 },
    async (jobs) => {
      for (const { data } of jobs) {
        if (data.step + 1 < stepsEach) await boss.send(queue, { ...data, step: data.step + 1 });
        else requests.done(data.request);
      }
    },
  );
  return {
    async run() {
      const { request, over } = requests.next();
      await boss.send(queue, { request, step: 0 });
      await over;
    },
    stop: () => boss.stop({ graceful: false }),
  };
}

export async function graphileWorker(url: string, concurrency: number): Promise<Peer> {
  const requests = waiters();
  const pool = new pg.Pool({ connectionString: url, max: concurrency + 2 });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const runner: Runner = await run({
    ...{ pgPool: pool, concurrency, noHandleSignals: true },
    logger: new Logger(() => () => undefined),
    taskList: {
      async step(payload, { addJob }) {
        const job = payload as Job;
        if (job.step + 1 < stepsEach) await addJob('step', { ...job, step: job.step + 1 });
        else requests.done(job.request);
      },
    },
  });
  return {
    async run() {
      const { request, over } = requests.next();
      await runner.addJob('step', { request, step: 0 } satisfies Job);
      await over;
    },
    async stop() {
      await runner.stop();
      await pool.end();
    },
  };
}

const queue = 'steps';

/** By number, who waits for the end of a request. */
function waiters() {
  const waiting = new Map<number, () => void>();
  let last = 0;
  return {
    next() {
      const request = ++last;
      return { request, over: new Promise<void>((resolve) => waiting.set(request, resolve)) };
    },
    done: (request: number) => waiting.get(request)?.(),
  };
}
