/** `greenlight audit …` on the command line. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { databaseOption, databasePlace } from '../database-option.ts';
import type { ExportCommand } from './export.ts';
import type { RedactCommand } from './redact.ts';

export function registerAudit(program: Command, write: (line: string) => void): void {
  const audit = program
    .command('audit')
    .description('everything that happened, in a chain that shows when it was changed');
  const database = [
    databaseOption,
    'a file or a PostgreSQL, only read; of the settings when not given',
  ] as const;

  audit
    .command('verify [export]')
    .description('whether an export, or the database, is as it was written; exits 1 when it is not')
    .option('--key <keys...>', 'public keys, as `audit key` prints them, or files of them', [])
    .option(
      '--anchor <files...>',
      'checkpoints that were kept elsewhere: what else can show that the newest were deleted',
      [],
    )
    .option(...database)
    .action(async (file: string | undefined, given: { key: string[]; anchor: string[] } & Named) => {
      const { verifyAudit } = await import('./verify.ts');
      const { key: keys, anchor: anchors } = given;
      const database = databasePlace(given.database);
      process.exitCode = await verifyAudit({ file, keys, anchors, database }, write);
    });

  audit
    .command('export')
    .description('print it: JSONL to be verified and to be read by programs, CSV for a spreadsheet')
    .option('--format <format>', 'jsonl or csv', 'jsonl')
    .option('--person <person>', 'a chat id or e-mail address: requests that they had to do with')
    .option('--service <service>', 'requests about this service')
    .option('--control <rule>', 'requests of which this rule of the guardrails has said something')
    .option('--since <time>', 'from then on: 2026-11-01, 2026-11-01T12:00Z, or 30d back from now')
    .option('--until <time>', 'before then')
    .option(...database)
    .action(async (given: Omit<ExportCommand, 'database'> & Named) => {
      const { exportAudit } = await import('./export.ts');
      process.stdout.once('error', endExport);
      await exportAudit({ ...given, database: databasePlace(given.database) }, Date.now(), async (line) => {
        if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
      });
    });

  audit
    .command('show <request>')
    .description('one request as the audit has it, with who was refused about it: REQ-12')
    .option(...database)
    .action(async (request: string, given: Named) => {
      const { showAudit } = await import('./show.ts');
      process.exitCode = await showAudit({ request, database: databasePlace(given.database) }, write);
    });

  audit
    .command('key')
    .description('make a key to sign checkpoints with, or print the public half of the one that is set')
    .action(async () => {
      const { auditKey } = await import('./key.ts');
      // As the bot does: a second key must not be made because the first was not seen.
      if (existsSync('.env')) process.loadEnvFile('.env');
      auditKey(process.env.GREENLIGHT_AUDIT_KEY || undefined, write);
    });

  audit
    .command('redact')
    .description(
      'take names, addresses, notes and inputs out of requests that are over; the chain stays whole',
    )
    .requiredOption('--older-than <span>', 'requests that nothing has happened to for so long: 365d')
    .option('--person <id>', 'only what this chat id has asked for')
    .option(
      databaseOption,
      'a file or a PostgreSQL, whose bot may run meanwhile; of the settings when not given',
    )
    .action(async (given: Omit<RedactCommand, 'database'> & Named) => {
      const { redactAudit } = await import('./redact.ts');
      await redactAudit({ ...given, database: databasePlace(given.database) }, Date.now(), write);
    });
}

/** At once: what follows would be in an export that has a hole. */
function endExport({ code, message }: NodeJS.ErrnoException): never {
  // Whoever reads it has seen enough: `… | head`.
  if (code === 'EPIPE') process.exit();
  process.stderr.write(
    `The export could not be written (${code ?? message}): make room, and export again.\n`,
  );
  process.exit(1);
}

interface Named {
  readonly database?: string;
}
