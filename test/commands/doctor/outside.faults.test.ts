/** What the doctor says of Slack, GitHub, the cluster and Prometheus: of real ones in their box, of wrong tokens, of nobody there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkOutside } from '../../../src/commands/doctor/outside.ts';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { type RealConfig, readConfig } from '../../../src/settings/config.ts';
import { openSandbox } from '../../../src/start-sandboxed.ts';

let folder: string;
let sandbox: Sandbox;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-doctor-'));
  ({ sandbox } = await openSandbox({
    port: 0,
    mode: 'socket',
    dataFolder: 'data',
    database: join(folder, 'x.db'),
  }));
  writeFileSync(join(folder, 'kubeconfig'), sandbox.credentials.kubeconfig);
});
afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true });
});

function config(more: Record<string, string> = {}): RealConfig {
  const { slack, github, prometheus } = sandbox.credentials;
  const read = readConfig(
    {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_TEAM_ID: slack.teamId,
      SLACK_API_URL: slack.apiUrl,
      GREENLIGHT_REQUESTS_CHANNEL: 'C0000001',
      GREENLIGHT_DEPLOYS_CHANNEL: 'C0000002',
      GITHUB_TOKEN: github.token,
      GITHUB_API_URL: github.apiUrl,
      KUBECONFIG: join(folder, 'kubeconfig'),
      PROMETHEUS_URL: prometheus.url,
      PROMETHEUS_TOKEN: prometheus.token,
      ...more,
    },
    (path) => readFileSync(path, 'utf8'),
  );
  if (read.kind !== 'real') throw new Error('that is the sandbox');
  return read;
}

const told = async (more?: Record<string, string>, now = Date.now) =>
  (await checkOutside(config(more), now)).map(
    ({ state, check, sentence }) => `${state} ${check}: ${sentence}`,
  );

test('with the right settings all of it answers', async () => {
  const found = await told();
  expect(found.filter((line) => !line.startsWith('ok'))).toEqual([]);
  for (const check of ['slack', 'github', 'cluster', 'prometheus', 'clock']) {
    expect(found.join('\n')).toContain(`ok ${check}`);
  }
});

test('wrong tokens, another workspace and another time are told apart, and no token is repeated', async () => {
  const later = () => Date.now() + 600_000;
  const found = await told(
    {
      SLACK_TEAM_ID: 'T0OTHER',
      SLACK_APP_TOKEN: 'xapp-hunter2hunter2',
      GITHUB_TOKEN: 'ghp_hunter2hunter2hunter2',
    },
    later,
  );
  const text = found.join('\n');
  expect(text).toMatch(/fail slack: SLACK_BOT_TOKEN is of the workspace/);
  expect(text).toMatch(/fail slack: Slack refuses SLACK_APP_TOKEN/);
  expect(text).toMatch(/fail github: /);
  expect(text).toMatch(/fail clock: 600 s ahead of Slack/);
  expect(text).not.toContain('hunter2');
  expect((await told({ SLACK_BOT_TOKEN: 'xoxb-hunter2hunter2' })).join('\n')).toMatch(
    /fail slack: Slack refuses SLACK_BOT_TOKEN \(invalid_auth\)/,
  );
});

test('where nobody is there, each says so by itself', async () => {
  const nobody = 'http://127.0.0.1:9';
  const found = await told({
    SLACK_API_URL: `${nobody}/`,
    GITHUB_API_URL: nobody,
    PROMETHEUS_URL: nobody,
    VAULT_ADDR: nobody,
    VAULT_TOKEN: 'hunter2hunter2',
  });
  const text = found.join('\n');
  for (const name of ['slack', 'github', 'prometheus', 'vault']) expect(text).toContain(`fail ${name}: `);
  expect(text).not.toContain('hunter2');
});
