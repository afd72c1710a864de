/**
 * Two questions that a supervisor asks over HTTP. `/healthz`: does this process answer at all? Then it is alive, whatever
 * the outside does; killing it for that would help nobody. `/readyz`: should it be given work? Not while it starts or
 * ends, nor without its database or Slack. Answers hold names of checks and nothing else.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { secondMs } from './core/duration.ts';
import type { Clock, Scheduler } from './core/ports.ts';
import { ProblemError, problem } from './core/problem.ts';

export interface HealthSettings {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
}

export interface HealthOptions extends HealthSettings {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** By what an answer calls them; each says whether all is well. What it throws, or cannot say in time, is a no. */
  readonly checks: Readonly<Record<string, () => boolean | Promise<boolean>>>;
}

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
    isWell: remembered(() => inTime(check, options.scheduler), options.clock),
  }));
  const app = new Hono();
  app.get('/healthz', (context) => context.json({ alive: true }));
  app.get('/readyz', async (context) => {
    const asked = await Promise.all(checks.map(async (one) => ((await one.isWell()) ? [] : [one.name])));
    const failed = asked.flat();
    return context.json({ ready: failed.length === 0, failed }, failed.length === 0 ? 200 : 503);
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

/** What answers at once is asked every time; what must be waited for is asked by one at a time. */
function remembered(ask: () => boolean | Promise<boolean>, clock: Clock): () => boolean | Promise<boolean> {
  let last: { readonly at: number; readonly answer: Promise<boolean> } | undefined;
  return () => {
    if (last && Math.abs(clock.now() - last.at) < rememberedMs) return last.answer;
    const answer = ask();
    if (typeof answer !== 'boolean') last = { at: clock.now(), answer };
    return answer;
  };
}

function inTime(check: () => boolean | Promise<boolean>, scheduler: Scheduler): boolean | Promise<boolean> {
  const answer = answerOf(check);
  if (typeof answer === 'boolean') return answer;
  const late = Promise.withResolvers<boolean>();
  const timer = scheduler.after(checkMs, () => late.resolve(false));
  const said = answer.catch(() => false).finally(() => timer.cancel());
  return Promise.race([said, late.promise]);
}

function answerOf(check: () => boolean | Promise<boolean>): boolean | Promise<boolean> {
  try {
    return check();
  } catch {
    return false;
  }
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
