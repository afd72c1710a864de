/**
 * The peer: the same receiver with the same check of the signature, and nothing behind it but an ack; with the path of a
 * database behind it, one row of that first, which is on the disk before the ack. Prints its port.
 */
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import BetterSqlite3 from 'better-sqlite3';
import { slackPath } from '../../src/slack/manifest.ts';
import { signingSecret } from './secret.ts';

const receiver = new HTTPReceiver({ signingSecret, endpoints: slackPath, logLevel: LogLevel.ERROR });
const app = new App({
  receiver,
  authorize: async () => ({ botToken: 'xoxb-none', botId: 'B0NONE', botUserId: 'U0NONE' }),
  logLevel: LogLevel.ERROR,
});
const [, , file] = process.argv;
const keep = file === undefined ? undefined : keeperIn(file);
app.command('/lock', async ({ command, ack }) => {
  keep?.(command.user_id, command.text);
  await ack();
});
const server = await receiver.start({ port: 0, host: '127.0.0.1' });
const address = server.address();
process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
process.on('SIGTERM', () => process.exit(0));

/** As any app would do it: a commit for each. */
function keeperIn(path: string): (person: string, line: string) => void {
  const database = new BetterSqlite3(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('create table commands (id integer primary key, person text not null, line text not null)');
  const insert = database.prepare('insert into commands (person, line) values (?, ?)');
  return (person, line) => void insert.run(person, line);
}
