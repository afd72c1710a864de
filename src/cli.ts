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

await program.parseAsync();
