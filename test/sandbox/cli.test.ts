import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { KubeConfig } from '@kubernetes/client-node';
import { WebClient } from '@slack/web-api';
import { expect, onTestFinished, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

function run(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, ['src/sandbox/cli.ts', ...args], { cwd: root });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Everything that it says until it says this, or ends. */
async function saidUntil(child: ChildProcess, sign: string): Promise<string> {
  let said = '';
  for await (const chunk of child.stdout ?? []) {
    said += String(chunk);
    if (said.includes(sign)) break;
  }
  return said;
}

test('what it prints connects a bot to all three', async () => {
  const said = await saidUntil(run('--manifest', 'manifest.yml', '--port', '0'), 'KUBECONFIG=');
  const variables = Object.fromEntries(
    [...said.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  const slack = new WebClient(variables.SLACK_BOT_TOKEN, { slackApiUrl: variables.SLACK_API_URL ?? '' });
  expect(await slack.auth.test()).toMatchObject({ ok: true, team_id: variables.SLACK_TEAM_ID });
  const github = await fetch(`${variables.GITHUB_API_URL}/repos/acme/payments`, {
    headers: { authorization: `Bearer ${variables.GITHUB_TOKEN}` },
  });
  expect(github.status).toBe(200);
  const config = new KubeConfig();
  config.loadFromFile(variables.KUBECONFIG ?? '');
  expect(config.getCurrentCluster()?.server).toMatch(/^http:\/\/127\.0\.0\.1:/);
});

test('without a manifest it says what to name', async () => {
  const child = run('--port', '0');
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(1);
  expect(said).toContain('--manifest');
});
