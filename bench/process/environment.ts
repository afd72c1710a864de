/** What connects a bot in a process of its own to a sandbox, but for how Slack reaches it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

/** @param folder of the bot's own: its database and its kubeconfig are there. */
export async function environmentOf(
  { credentials }: Sandbox,
  folder: string,
): Promise<Record<string, string>> {
  const { slack, github, kubeconfig } = credentials;
  const kubeconfigFile = join(folder, 'kubeconfig');
  await writeFile(kubeconfigFile, kubeconfig);
  const channel = (name: string) => slack.channels[name] ?? name;
  return {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_TEAM_ID: slack.teamId,
    SLACK_API_URL: slack.apiUrl,
    GREENLIGHT_REQUESTS_CHANNEL: channel('platform-requests'),
    GREENLIGHT_DEPLOYS_CHANNEL: channel('deploys'),
    GREENLIGHT_SHARED_CHANNELS: channel('deploys'),
    GITHUB_API_URL: github.apiUrl,
    GITHUB_TOKEN: github.token,
    KUBECONFIG: kubeconfigFile,
    GREENLIGHT_DATA_DIR: new URL('../../data', import.meta.url).pathname,
    GREENLIGHT_DATABASE: join(folder, 'greenlight.db'),
  };
}
