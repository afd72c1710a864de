/** The README's example for another Bolt app, word for word. */
import { readFileSync } from 'node:fs';
import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { expect, test } from 'vitest';
import { connectSandbox } from '../../src/sandbox/client.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';

const manifest = {
  display_information: { name: 'Parrot' },
  features: {
    bot_user: { display_name: 'parrot' },
    slash_commands: [{ command: '/parrot', description: 'Says it again' }],
  },
  oauth_config: { scopes: { bot: ['commands', 'chat:write'] } },
  settings: { interactivity: { is_enabled: true }, socket_mode_enabled: true },
};

test('a Bolt app that is not ours is used as a person would', async () => {
  const logLevel = LogLevel.ERROR;
  // The README's example begins.
  const world = await startSandbox({ ports: { slack: 0, github: 0, cluster: 0 }, manifest });
  const { apiUrl: slackApiUrl, appToken, botToken: token } = world.credentials.slack;
  const installerOptions = { clientOptions: { slackApiUrl } }; // the socket client reads it only here
  const receiver = new SocketModeReceiver({ appToken, installerOptions, logLevel });
  const app = new App({ receiver, token, clientOptions: { slackApiUrl }, logLevel });
  app.command('/parrot', async ({ ack, command, say }) => {
    await ack();
    await say(`${command.text}, ${command.text}`);
  });
  await app.start();
  const dana = connectSandbox(world.url).as('U0DANA');
  await dana.command('#general', '/parrot hello');
  const message = await dana.sees('hello, hello', { in: '#general' });
  // The README's example ends.
  expect(message.user).toBe('U0GREENLIGHT');
  const { people } = await connectSandbox(world.url).world();
  expect(people.find((one) => one.id === message.user)?.name).toBe('parrot');
  await app.stop();
  await world.stop();
});

test('the example stands in the README word for word', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const [, example = ''] =
    /example begins\.\n([\s\S]*?)\n *\/\/ The README's example ends/.exec(read('./your-bot.test.ts')) ?? [];
  expect(read('../../src/sandbox/README.md')).toContain(example.replaceAll(/^ {2}/gm, ''));
});
