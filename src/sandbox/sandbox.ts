/**
 * A Slack, a GitHub, a cluster and a Prometheus in a box, as one world with one clock. Knows nothing of any bot: it is told an app
 * manifest, and gives back what a bot's configuration needs.
 */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { createWorldClock, type WorldClock } from './clock.ts';
import { type ClusterBox, startClusterBox } from './cluster/box.ts';
import { createFaults, type Faults } from './faults.ts';
import { type GithubBox, startGithubBox } from './github/box.ts';
import { createJournal, type Journal } from './journal.ts';
import { createPage } from './page-server.ts';
import { type PrometheusBox, startPrometheusBox } from './prometheus/box.ts';
import { type SlackBox, startSlackBox } from './slack/box.ts';
import { createWorldControl } from './world-control.ts';
import { connectBoxes } from './world-glue.ts';

export interface SandboxOptions {
  /** 0 takes a free port. */
  readonly ports: {
    readonly slack: number;
    readonly github: number;
    readonly cluster: number;
    readonly prometheus?: number;
  };
  /** The app manifest, parsed. Socket Mode or HTTP: as `settings.socket_mode_enabled` says. */
  readonly manifest: unknown;
  /** The parsed seed file of another workspace; Acme's when not given. */
  readonly slackSeed?: unknown;
  /** HTTP mode: where the app listens, `http://127.0.0.1:4303`. */
  readonly httpTarget?: string;
  /** Where the app finds the Slack box when something stands between: a proxy that a test can cut. */
  readonly slackSeenAt?: string;
  /** The running clock when not given. */
  readonly clock?: WorldClock;
  /** `false` switches Slack's rate tiers off, a list those of its methods: for tests that are about something else. */
  readonly rateLimits?: boolean | { readonly except: readonly string[] };
}

export interface Sandbox {
  /** The one address: the page, the control API, and Slack's API below `/api/`. */
  readonly url: string;
  readonly slack: SlackBox;
  readonly github: GithubBox;
  readonly cluster: ClusterBox;
  readonly prometheus: PrometheusBox;
  readonly clock: WorldClock;
  readonly faults: Faults;
  readonly journal: Journal;
  /** Environment variables that connect a bot to it. Made up: they open nothing but this sandbox. */
  readonly credentials: SandboxCredentials;
  stop(): Promise<void>;
}

export interface SandboxCredentials {
  readonly slack: {
    readonly apiUrl: string;
    readonly botToken: string;
    readonly appToken: string;
    readonly signingSecret: string;
    readonly teamId: string;
    readonly channels: Readonly<Record<string, string>>;
  };
  readonly github: { readonly apiUrl: string; readonly token: string };
  readonly prometheus: { readonly url: string; readonly token: string };
  /** A whole kubeconfig, as JSON (which is YAML). */
  readonly kubeconfig: string;
}

/** @throws PortInUseError when one of the ports is taken; what was started by then is stopped again. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const clock = options.clock ?? createWorldClock({ mode: 'running' });
  const context = { clock, faults: createFaults(), journal: createJournal() };
  const page = createPage();
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    await Promise.all(stops.map((one) => one()));
  };
  try {
    const cluster = await startClusterBox({ ...context, port: options.ports.cluster });
    stops.push(() => cluster.stop());
    const github = await startGithubBox({ ...context, port: options.ports.github });
    stops.push(() => github.stop());
    stops.push(connectBoxes(github, cluster, clock));
    const prometheus = await startPrometheusBox({
      ...context,
      port: options.ports.prometheus ?? 0,
      cluster,
      token: prometheusToken,
    });
    stops.push(() => prometheus.stop());
    const worldControl = createWorldControl({ github, cluster });
    const seed: unknown =
      options.slackSeed ?? parse(await readFile(new URL('seed/slack.yml', import.meta.url), 'utf8'));
    const slack = await startSlackBox({
      ...context,
      port: options.ports.slack,
      seed,
      manifest: options.manifest,
      page: (request) => worldControl(request) ?? page.fetch(request),
      async onReset() {
        context.faults.clear();
        github.reset();
        await cluster.reset();
      },
      ...(options.slackSeenAt === undefined ? {} : { seenAt: options.slackSeenAt }),
      ...(options.httpTarget === undefined ? {} : { httpTarget: options.httpTarget }),
      ...(options.rateLimits === undefined ? {} : { rateLimits: options.rateLimits }),
    });
    stops.push(() => slack.stop());
    return {
      url: slack.url,
      slack,
      github,
      cluster,
      prometheus,
      ...context,
      credentials: credentialsOf(slack, github, cluster, prometheus),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const prometheusToken = 'sandbox-prometheus-token';

function credentialsOf(
  slack: SlackBox,
  github: GithubBox,
  cluster: ClusterBox,
  prometheus: PrometheusBox,
): SandboxCredentials {
  const { app, channels, team } = slack.seed;
  return {
    slack: {
      apiUrl: slack.apiUrl,
      botToken: app.botToken,
      appToken: app.appToken,
      signingSecret: app.signingSecret,
      teamId: team.id,
      channels: Object.fromEntries(channels.map((channel) => [channel.name, channel.id])),
    },
    github: { apiUrl: github.url, token: 'ghs_sandboxGreenlightInstallation0000000000' },
    prometheus: { url: prometheus.url, token: prometheusToken },
    kubeconfig: kubeconfigFor(cluster.url, 'sandbox-cluster-token-greenlight'),
  };
}

/** The server speaks plain HTTP on loopback, which clients take only when told not to ask for a certificate. */
function kubeconfigFor(server: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'sandbox', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'greenlight', user: { token } }],
    contexts: [{ name: 'sandbox', context: { cluster: 'sandbox', user: 'greenlight' } }],
    'current-context': 'sandbox',
  });
}
