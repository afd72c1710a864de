/** Greenlight in its sandbox: nothing to configure, and nothing leaves this machine. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { loadActions } from './actions/load.ts';
import { type App, startApp } from './app.ts';
import { freePort } from './free-port.ts';
import type { SlackMode } from './handlers/slack-app.ts';
import type { WorldClock } from './sandbox/clock.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import type { AppSettings } from './settings/app-settings.ts';
import { manifestOf } from './slack/manifest.ts';
import type { AppEnvironment } from './wiring/opening.ts';

export interface SandboxedOptions {
  /**
   * The page's port; GitHub and the cluster take the next two, the bot's own in http mode the one after, Prometheus the
   * fifth. 0: free ones.
   */
  readonly port: number;
  readonly mode: SlackMode['mode'];
  readonly dataFolder: string;
  /** The SQLite file. The sandbox's world begins anew at every start, and so does this: an old one is removed. */
  readonly database: string;
  /** A secret store to use: the sandbox has none of its own. */
  readonly vault?: NonNullable<AppSettings['vault']>;
  /** The time of the world and of the bot in it: what the page advances, passes for both. The running one by default. */
  readonly clock?: WorldClock;
  /** Where the bot finds Slack when something stands between: a proxy that a test can cut. */
  readonly slackSeenAt?: string;
  /** Where health checks are answered; nowhere when not given. */
  readonly health?: NonNullable<AppSettings['health']>;
  /** `false`: the boxes take as many calls as come. A list: Slack takes as many of these methods. */
  readonly rateLimits?: boolean | { readonly except: readonly string[] };
}

export interface Sandboxed {
  readonly sandbox: Sandbox;
  readonly app: App;
  stop(): Promise<void>;
}

/** @throws PortInUseError; what was started by then is stopped again. */
export async function startSandboxed(
  options: SandboxedOptions,
  environment: Omit<AppEnvironment, 'clock' | 'scheduler'>,
): Promise<Sandboxed> {
  const { sandbox, settings } = await openSandbox(options);
  try {
    for (const suffix of ['', '-wal', '-shm']) await rm(`${options.database}${suffix}`, { force: true });
    const { clock } = sandbox;
    const app = await startApp(settings, { ...environment, clock, scheduler: clock });
    return {
      sandbox,
      app,
      async stop() {
        await app.stop();
        await sandbox.stop();
      },
    };
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}

/** The world alone, with the settings that connect a bot to it. */
export async function openSandbox(
  options: SandboxedOptions,
): Promise<{ sandbox: Sandbox; settings: AppSettings }> {
  const { startSandbox } = await import('./sandbox/sandbox.ts');
  const port = (offset: number) => (options.port === 0 ? 0 : options.port + offset);
  // Slack must be told where the bot listens before either of them is started.
  const httpPort = options.mode === 'http' ? port(3) || (await freePort()) : undefined;
  const target = httpPort === undefined ? undefined : `http://127.0.0.1:${httpPort}`;
  const actions = await loadActions();
  const sandbox = await startSandbox({
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.rateLimits === undefined ? {} : { rateLimits: options.rateLimits }),
    ...(options.slackSeenAt === undefined ? {} : { slackSeenAt: options.slackSeenAt }),
    // The bot's own stands between: it was there first, and people have it in their settings.
    ports: { slack: port(0), github: port(1), cluster: port(2), prometheus: port(4) },
    manifest: manifestOf(
      actions,
      target === undefined ? { mode: 'socket' } : { mode: 'http', publicUrl: target },
    ),
    ...(target === undefined ? {} : { httpTarget: target }),
  });
  return { sandbox, settings: settingsFor(sandbox, options, httpPort) };
}

function settingsFor(
  { credentials }: Sandbox,
  { dataFolder, database, vault, health }: SandboxedOptions,
  httpPort: number | undefined,
): AppSettings {
  const { slack, github } = credentials;
  const channel = (name: string) => slack.channels[name] ?? name;
  const transport: SlackMode =
    httpPort === undefined
      ? { mode: 'socket', appToken: slack.appToken }
      : { mode: 'http', signingSecret: slack.signingSecret, port: httpPort, host: '127.0.0.1' };
  return {
    slack: {
      transport,
      botToken: slack.botToken,
      apiUrl: slack.apiUrl,
      channels: { requests: channel('platform-requests'), deploys: channel('deploys') },
      alerts: channel('incidents'),
      platform: { channel: channel('incidents'), reportTimes: '0 9 * * 1' },
      // Deploys are watched by a partner company there, which is agreed.
      allowedSharedChannels: [channel('deploys')],
    },
    github: { auth: { token: github.token }, baseUrl: github.apiUrl },
    kubeconfig: { literal: credentials.kubeconfig },
    prometheus: credentials.prometheus,
    ...(vault && { vault }),
    ...(health && { health }),
    // The database begins anew with it.
    secretsKey: `sandbox:${randomBytes(32).toString('base64')}`,
    dataFolder,
    database: { file: database },
  };
}
