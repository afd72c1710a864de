/** The peer: the same receiver with the same check of the signature, and nothing behind it but an ack. Prints its port. */
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { slackPath } from '../../src/slack/manifest.ts';
import { signingSecret } from './secret.ts';

const receiver = new HTTPReceiver({ signingSecret, endpoints: slackPath, logLevel: LogLevel.ERROR });
const app = new App({
  receiver,
  authorize: async () => ({ botToken: 'xoxb-none', botId: 'B0NONE', botUserId: 'U0NONE' }),
  logLevel: LogLevel.ERROR,
});
app.command('/lock', async ({ ack }) => ack());
const server = await receiver.start({ port: 0, host: '127.0.0.1' });
const address = server.address();
process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
process.on('SIGTERM', () => process.exit(0));
