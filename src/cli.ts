#!/usr/bin/env node
/** `greenlight <command>`: everything that is not the bot itself. */
import { Command } from 'commander';
import { createLog } from './log.ts';

const program = new Command('greenlight').description('You ask, policy gives the green light.');

program
  .command('start')
  .description('start the bot: in its sandbox without any setting, for real with all of them')
  .action(async () => {
    await import('./main.ts');
  });

program
  .command('demo')
  .description('play the stories of the main job in a sandbox, and print them')
  .option('--mode <mode>', 'how Slack reaches the bot: socket or http', 'socket')
  .action(async ({ mode }: { mode: string }) => {
    const { playDemo } = await import('./demo/play.ts');
    const isTold = await playDemo({
      mode: mode === 'http' ? 'http' : 'socket',
      dataFolder: 'data',
      log: createLog({ level: 'error', form: 'lines' }),
      write: (line) => process.stdout.write(`${line}\n`),
    });
    process.exitCode = isTold ? 0 : 1;
  });

program
  .command('manifest')
  .description('print the Slack app manifest that fits the actions (manifest.yml is the one for socket mode)')
  .option('--url <url>', 'for http mode: where Slack reaches the bot, https://greenlight.example.com')
  .action(async ({ url }: { url?: string }) => {
    const [{ loadActions }, { manifestText }] = await Promise.all([
      import('./actions/load.ts'),
      import('./manifest-text.ts'),
    ]);
    const mode =
      url === undefined ? ({ mode: 'socket' } as const) : ({ mode: 'http', publicUrl: url } as const);
    process.stdout.write(manifestText(await loadActions(), mode));
  });

await program.parseAsync();
