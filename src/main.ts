/** `npm start`: the sandbox without any setting, the real thing with all of them, and an orderly end of either. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, startApp } from './app.ts';
import { sharedClock } from './background/shared-time.ts';
import { systemChance } from './chance.ts';
import { systemClock, systemScheduler } from './clock.ts';
import { secondMs } from './core/duration.ts';
import type { Log } from './core/ports.ts';
import { type Problem, ProblemError } from './core/problem.ts';
import { endEarlyNoMore } from './end-early.js';
import { explainProblem } from './explain.ts';
import { createLog } from './log.ts';
import { type Config, ConfigError, readConfig, type SandboxConfig } from './settings/config.ts';
import { settingsOf } from './settings/real-settings.ts';
import { startSandboxed } from './start-sandboxed.ts';
import { clockSetBack, watchClock } from './watch-clock.ts';
import { graceMs } from './wiring/end-app.ts';

const time = sharedClock(systemClock);
/** How this process ends; at once until there is something to end in order. */
let end = (code: number): void => process.exit(code);

try {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = readConfig(process.env, (path) => readFileSync(path, 'utf8'));
  const log = createLog({ level: config.logLevel, form: process.stdout.isTTY ? 'lines' : 'json' });
  end = stopOnSignals(await start(config, log), log);
  // The sandbox has a time of its own, which never goes back.
  if (config.kind !== 'sandbox') endOnWrongTime(log);
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}

async function start(config: Config, log: Log): Promise<Pick<App, 'stop'>> {
  const environment = {
    ...{ chance: systemChance, log, draw: Math.random },
    diskFailed(cause: Problem) {
      log.error({ problem: cause }, 'the disk failed: this process ends, and goes on from what is on it');
      end(1);
    },
  };
  if (config.kind === 'sandbox') return startInSandbox(config, environment);
  const app = await startApp(settingsOf(config), {
    ...environment,
    clock: time,
    scheduler: systemScheduler,
  });
  log.info(
    { mode: config.slack.receiver.mode, ...(app.port === undefined ? {} : { port: app.port }) },
    'Greenlight is ready',
  );
  return app;
}

async function startInSandbox(
  config: SandboxConfig,
  environment: Parameters<typeof startSandboxed>[1],
): Promise<Pick<App, 'stop'>> {
  const sandboxed = await startSandboxed(
    {
      port: config.ports.slack,
      mode: config.slackMode,
      dataFolder: config.dataDir,
      database: join(config.dataDir, 'sandbox.db'),
      ...(config.health && { health: config.health }),
    },
    environment,
  );
  process.stdout.write(
    `\n  Greenlight runs in its sandbox: a Slack, a GitHub and a cluster on this machine alone.\n` +
      `  Nothing is configured, so nothing real can be touched.\n\n  Open ${sandboxed.sandbox.url}\n\n`,
  );
  return sandboxed;
}

/** Should even the end hang: before the supervisor kills us, who would not know that it was safe. */
const hardStopMs = graceMs + 3 * secondMs;

/**
 * The first signal ends what is in flight and hands the rest back; a second one ends at once, which is safe too.
 * @returns what does the same with an exit code.
 */
function stopOnSignals(app: Pick<App, 'stop'>, log: Log): (code: number) => void {
  let isStopping = false;
  const end = (code: number) => {
    if (isStopping) process.exit(1);
    isStopping = true;
    setTimeout(() => process.exit(1), hardStopMs).unref();
    app.stop().then(
      () => process.exit(code),
      (error: unknown) => {
        log.error({ error }, 'the end was not orderly; the next start goes on from the store');
        process.exit(1);
      },
    );
  };
  const stop = (signal: NodeJS.Signals) => {
    log.info({ signal }, 'stopping');
    end(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Not before: one that came just now is told to nobody when there is nobody for a moment (Node closes its handle).
  endEarlyNoMore();
  // Somebody else's fault in a library must not end what others wait for; the store knows what was done.
  process.on('unhandledRejection', (reason) => log.error({ error: reason }, 'an unhandled rejection'));
  return end;
}

function endOnWrongTime(log: Log): void {
  watchClock({
    clock: time,
    scheduler: systemScheduler,
    setBack(byMs) {
      log.error({ byMs }, clockSetBack);
      end(1);
    },
  });
}

/** For whoever starts it, who is also who reads the log. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof ProblemError) return explainProblem(error.problem);
  if (error instanceof Error && error.name === 'PortInUseError') {
    return `${error.message}\nEnd that program, or choose another port: GREENLIGHT_SANDBOX_PORT=4400 npm start`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
