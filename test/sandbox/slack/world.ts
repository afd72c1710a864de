/** A Slack box with the shipped seed and a small app of many parts, and ways to stop everything afterwards. */
import { readFileSync } from 'node:fs';
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { connectSandbox, type Sandbox } from '../../../src/sandbox/client.ts';
import { createWorldClock, type WorldClock } from '../../../src/sandbox/clock.ts';
import { type SlackBox, type SlackBoxOptions, startSlackBox } from '../../../src/sandbox/slack/box.ts';

export const seed: unknown = parse(
  readFileSync(new URL('../../../src/sandbox/seed/slack.yml', import.meta.url), 'utf8'),
);
export const botToken = 'xoxb-sandbox-greenlight';
export const appToken = 'xapp-sandbox-greenlight';

export const scopes = [
  'commands', 'chat:write', 'users:read', 'users:read.email', 'usergroups:read', 'channels:read', 'groups:read',
  'channels:history', 'im:history', 'im:write', 'app_mentions:read', 'reactions:write', 'reactions:read',
  'files:write', 'files:read', 'team:read',
]; // biome-ignore format: a table of names

export function manifest(mode: 'socket' | 'http' = 'socket', changes: { scopes?: readonly string[] } = {}) {
  const url = mode === 'http' ? { url: 'https://bot.example/slack/events' } : {};
  const requestUrl = mode === 'http' ? { request_url: 'https://bot.example/slack/events' } : {};
  return {
    display_information: { name: 'Parrot' },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true },
      bot_user: { display_name: 'greenlight' },
      shortcuts: [
        { name: 'Ask', type: 'global', callback_id: 'ask', description: 'Ask for something' },
        {
          name: 'Ask about this',
          type: 'message',
          callback_id: 'ask_about',
          description: 'Ask about a message',
        },
      ],
      slash_commands: [
        { command: '/parrot', description: 'Says it again', usage_hint: '[words]', ...url },
        { command: '/escaped', description: 'Says it escaped', should_escape: true, ...url },
        { command: '/form', description: 'Opens a form', ...url },
        { command: '/card', description: 'Posts a card', ...url },
        { command: '/whisper', description: 'Answers by response_url', ...url },
        { command: '/silent', description: 'Never answers', ...url },
      ],
    },
    oauth_config: { scopes: { bot: changes.scopes ?? scopes } },
    settings: {
      event_subscriptions: {
        ...requestUrl,
        bot_events: [
          'app_home_opened', 'app_mention', 'message.channels', 'message.im', 'user_change', 'subteam_members_changed',
          'reaction_added', 'member_joined_channel',
        ], // biome-ignore format: a table of names
      },
      interactivity: {
        is_enabled: true,
        ...requestUrl,
        ...(mode === 'http' ? { message_menu_options_url: 'https://bot.example/slack/events' } : {}),
      },
      socket_mode_enabled: mode === 'socket',
    },
  };
}

export interface Stage {
  readonly box: SlackBox;
  readonly sandbox: Sandbox;
  readonly clock: WorldClock;
}

export async function stage(options: Partial<SlackBoxOptions> = {}): Promise<Stage> {
  const clock =
    options.clock ?? createWorldClock({ mode: 'still', startAt: Date.parse('2026-11-21T09:00:00Z') });
  const box = await startSlackBox({ port: 0, seed, manifest: manifest(), clock, ...options });
  onTestFinished(() => box.stop());
  return { box, sandbox: connectSandbox(box.url), clock };
}

/** A Bolt app over Socket Mode, connected. */
export async function socketApp(box: SlackBox, register: (app: App) => void): Promise<App> {
  const clientOptions = { slackApiUrl: box.apiUrl, retryConfig: { retries: 0 } };
  // The socket client reads its options from `installerOptions`; anywhere else they are silently ignored.
  const receiver = new SocketModeReceiver({
    appToken,
    installerOptions: { clientOptions: { ...clientOptions } },
    logLevel: LogLevel.ERROR,
  });
  const app = new App({
    receiver,
    token: botToken,
    clientOptions,
    botId: 'B0GREENLIGHT',
    botUserId: 'U0GREENLIGHT',
    convoStore: false,
    logLevel: LogLevel.ERROR,
  });
  register(app);
  await app.start();
  onTestFinished(async () => {
    await app.stop();
  });
  return app;
}

/** A Bolt app over signed HTTP, and the box that calls it. */
export async function httpApp(register: (app: App) => void, options: Partial<SlackBoxOptions> = {}) {
  const receiver = new HTTPReceiver({
    signingSecret: 'sandbox-signing-secret',
    logLevel: LogLevel.ERROR,
    port: 0,
  });
  const server = await receiver.start(0);
  onTestFinished(async () => {
    // A test may have stopped it already.
    await receiver.stop().catch(() => undefined);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const on = await stage({ manifest: manifest('http'), httpTarget: `http://127.0.0.1:${port}`, ...options });
  const app = new App({
    receiver,
    token: botToken,
    clientOptions: { slackApiUrl: on.box.apiUrl, retryConfig: { retries: 0 } },
    botId: 'B0GREENLIGHT',
    botUserId: 'U0GREENLIGHT',
    convoStore: false,
    logLevel: LogLevel.ERROR,
  });
  register(app);
  return { ...on, app };
}
