/**
 * `npm run sandbox -- --manifest your-manifest.yml`: the world alone, for whoever's bot that manifest describes.
 * Prints the one address, and the environment variables that connect a bot to it.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Sandbox, startSandbox } from './sandbox.ts';

const usage = `Usage: npm run sandbox -- --manifest <file> [--port 4300] [--app http://127.0.0.1:3000] [--seed <file>]

  --manifest  your Slack app's manifest, YAML or JSON: its commands, shortcuts, scopes and events
  --port      the one address; GitHub and the cluster take the next two (0: free ones)
  --app       without Socket Mode: where your app listens
  --seed      another workspace, in the form of src/sandbox/seed/slack.yml
`;

const defaultPort = '4300';

class UsageError extends Error {}

try {
  await main();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      manifest: { type: 'string' },
      port: { type: 'string', default: defaultPort },
      app: { type: 'string' },
      seed: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void process.stdout.write(usage);
  if (values.manifest === undefined) throw new UsageError('Which app? Name its manifest with --manifest.');
  const port = z.coerce.number().int().min(0).max(65_532).parse(values.port);
  const sandbox = await startSandbox({
    ports: { slack: port, github: port && port + 1, cluster: port && port + 2, prometheus: port && port + 3 },
    manifest: await readYaml(values.manifest),
    ...(values.seed === undefined ? {} : { slackSeed: await readYaml(values.seed) }),
    ...(values.app === undefined ? {} : { httpTarget: values.app }),
  });
  const kubeconfig = join(tmpdir(), `sandbox-${new URL(sandbox.url).port}.kubeconfig`);
  await writeFile(kubeconfig, sandbox.credentials.kubeconfig, { mode: 0o600 });
  process.stdout.write(welcome(sandbox, kubeconfig));
  const end = async () => {
    await sandbox.stop();
    await rm(kubeconfig, { force: true });
    process.exit(0);
  };
  process.once('SIGINT', () => void end());
  process.once('SIGTERM', () => void end());
}

async function readYaml(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Lines that a shell, a `.env` file and a person can read. */
function welcome({ url, credentials: { slack, github, prometheus } }: Sandbox, kubeconfig: string): string {
  const variables = {
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_TEAM_ID: slack.teamId,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_TOKEN: github.token,
    KUBECONFIG: kubeconfig,
    PROMETHEUS_URL: prometheus.url,
    PROMETHEUS_TOKEN: prometheus.token,
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${value}`);
  return `
  A Slack, a GitHub, a cluster and a Prometheus run on this machine alone. Open ${url}

  Connect a bot with these. They are made up, and open nothing else.

${lines.join('\n')}

`;
}

function explain(error: unknown): string {
  const message =
    error instanceof z.ZodError
      ? z.prettifyError(error)
      : String(error instanceof Error ? error.message : error);
  if (error instanceof UsageError || error instanceof TypeError) return `${message}\n\n${usage}`;
  if (error instanceof Error && error.name === 'PortInUseError')
    return `${message}\nChoose another one with --port.`;
  return message;
}
