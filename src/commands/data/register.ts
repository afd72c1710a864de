/** `greenlight backup`, `restore` and `migrate` on the command line. */
import type { Command } from 'commander';
import { databaseOption, databasePlace } from '../database-option.ts';

export function registerData(program: Command, write: (line: string) => void): void {
  program
    .command('backup <file>')
    .description(
      'copy the database, a file or a PostgreSQL, into a new file while the bot runs, and verify the copy',
    )
    .option(databaseOption, 'a file or a PostgreSQL; the settings say which one when not given')
    .action(async (to: string, given: { database?: string }) => {
      const { backup } = await import('./backup.ts');
      const database = databasePlace(given.database);
      await untilInterrupted(async (signal) => {
        process.exitCode = await backup({ database, to, signal }, write);
      });
    });

  program
    .command('restore <backup>')
    .description(
      'put a backup in the place of the database, while no bot runs; the old one is kept aside, and a PostgreSQL must be empty',
    )
    .option(databaseOption, 'a file or a PostgreSQL; the settings say which one when not given')
    .action(async (from: string, given: { database?: string }) => {
      const { restore } = await import('./restore.ts');
      const database = databasePlace(given.database);
      await untilInterrupted((signal) => restore({ from, database, signal }, new Date(), write));
    });

  program
    .command('migrate')
    .description('copy the history of an SQLite file into an empty PostgreSQL, while no bot runs on either')
    .requiredOption('--from <file>', 'the SQLite file; it stays as it is')
    .option(
      '--to <url>',
      'a PostgreSQL; DATABASE_URL when not given, where nobody else can read its password',
    )
    .action(async ({ from, to }: { from: string; to?: string }) => {
      const { migrateHistory } = await import('./migrate.ts');
      await migrateHistory({ from, to: databasePlace(to) }, write);
    });
}

/** Ctrl-C ends it in order, so that nothing half done stays; a second one ends it at once. */
async function untilInterrupted(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
  try {
    await work(ending.signal);
  } catch (error) {
    if (!ending.signal.aborted) throw error;
    process.stderr.write('Ended before it was done: nothing was changed, and nothing is left of it.\n');
    process.exitCode = 130;
  }
}
