/**
 * Two questions that a supervisor asks over HTTP. `/healthz`: does this process answer at all? Then it is alive, whatever
 * the outside does, and already while it starts; killing it for that would help nobody. `/readyz`: should it be given
 * work? Not while it starts or ends, nor without Slack or a database that it can write to. Answers hold names of checks
 * and, where a problem says why, its sentence, which anybody may read; what to do is in the log.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { secondMs } from './core/duration.ts';
import type { Clock, Log, Scheduler } from './core/ports.ts';
import { type Problem, ProblemError, problem } from './core/problem.ts';

export interface HealthSettings {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
}

export interface HealthOptions extends HealthSettings {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  /**
   * By what an answer calls them; each says whether all is well. What it throws, or cannot say in time, is a no; a
   * ProblemError says why, too.
   */
  readonly checks: Readonly<Record<string, Check>>;
}

type Check = () => boolean | Promise<boolean>;

/** Or what is wrong. */
type Answer = boolean | Problem;

export interface Health {
  readonly port: number;
  close(): Promise<void>;
}

/** Below the one second that Kubernetes gives a probe (docs: Configure Probes, timeoutSeconds). */
const checkMs = 0.8 * secondMs;
/** Whoever asks more often gets the same answer: nobody can load the database by it. */
const rememberedMs = 0.5 * secondMs;
/** A probe asks in one line: whoever has not asked by then is none, and must not fill our memory. */
const askWithinMs = 2 * secondMs;
const connectionsMax = 1_000;

/** @throws ProblemError when the port is taken. */
export async function startHealth(options: HealthOptions): Promise<Health> {
  const checks = Object.entries(options.checks).map(([name, check]) => ({
    name,
    ask: remembered(() => inTime(check, options.scheduler), options.clock),
  }));
  const told = new Map<string, string>();
  const app = new Hono();
  app.get('/healthz', (context) => context.json({ alive: true }));
  app.get('/readyz', async (context) => {
    const failed: string[] = [];
    const reasons: Record<string, string> = {};
    for (const { name, answer } of await answers(checks)) {
      if (answer !== true) failed.push(name);
      const cause = typeof answer === 'object' ? answer : undefined;
      if (cause) reasons[name] = cause.sentence;
      // Supervisors ask every few seconds, for as long as it lasts.
      if (cause && told.get(name) !== cause.sentence)
        options.log.error({ check: name, problem: cause }, 'not ready');
      told.set(name, cause?.sentence ?? '');
    }
    const isReady = failed.length === 0;
    const why = Object.keys(reasons).length > 0 ? { reasons } : {};
    return context.json({ ready: isReady, failed, ...why }, isReady ? 200 : 503);
  });
  const limits = {
    headersTimeout: askWithinMs,
    requestTimeout: askWithinMs,
    connectionsCheckingInterval: secondMs,
  };
  const server = createServer(limits, getRequestListener(app.fetch));
  // Those above begin with the first letter; this also ends a connection on which there never was one.
  server.setTimeout(askWithinMs);
  server.maxConnections = connectionsMax;
  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Ask = () => Answer | Promise<Answer>;

function answers(checks: readonly { readonly name: string; readonly ask: Ask }[]) {
  return Promise.all(checks.map(async ({ name, ask }) => ({ name, answer: await ask() })));
}

/** What answers at once is asked every time; what must be waited for is asked by one at a time. */
function remembered(ask: Ask, clock: Clock): Ask {
  let last: { readonly at: number; readonly answer: Promise<Answer> } | undefined;
  return () => {
    if (last && Math.abs(clock.now() - last.at) < rememberedMs) return last.answer;
    const answer = ask();
    if (answer instanceof Promise) last = { at: clock.now(), answer };
    return answer;
  };
}

function inTime(check: Check, scheduler: Scheduler): Answer | Promise<Answer> {
  const answer = answerOf(check);
  if (!(answer instanceof Promise)) return answer;
  const late = Promise.withResolvers<Answer>();
  const timer = scheduler.after(checkMs, () => late.resolve(false));
  const said = answer.catch(problemIn).finally(() => timer.cancel());
  return Promise.race([said, late.promise]);
}

function answerOf(check: Check): Answer | Promise<Answer> {
  try {
    return check();
  } catch (error) {
    return problemIn(error);
  }
}

/** The words of any other error were written for nobody, and may hold an address with its password. */
function problemIn(error: unknown): Answer {
  return error instanceof ProblemError ? error.problem : false;
}

function listen(server: Server, { port, host }: HealthSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new ProblemError(
          problem(
            'bad_input',
            `Greenlight cannot answer health checks on port ${port}.`,
            'Choose another port as GREENLIGHT_HEALTH_PORT, or end the program that has it.',
            { detail: error.message },
          ),
          { cause: error },
        ),
      );
    });
    server.listen(port, host, resolve);
  });
}
