/** `greenlight migrate`: an SQLite history into an empty PostgreSQL, its chain intact. */
import { ProblemError, problem } from '../../core/problem.ts';
import { count } from '../../core/text.ts';
import { expectThisSchema } from '../../store/migrate.ts';
import { type Moved, moveHistory } from '../../store/move-history.ts';
import { type DatabasePlace, openStore } from '../../store/open-store.ts';
import { kyselyOverPostgres } from '../../store/postgres.ts';
import { postgresDialect } from '../../store/postgres-dialect.ts';
import { translating } from '../../store/sql.ts';
import { expectDatabase, kyselyOver } from '../../store/sqlite.ts';
import { sqliteDialect } from '../../store/sqlite-dialect.ts';
import { holdSqliteFile } from '../../store/sqlite-files.ts';
import { existing } from './files.ts';
import { headInWords, type Write } from './words.ts';

export interface MigrateCommand {
  /** The SQLite file; it stays as it is. */
  readonly from: string;
  readonly to: DatabasePlace;
}

/**
 * The file is held all the while, so that no bot writes what would not be copied.
 * @throws ProblemError when nothing was copied: a bot runs on the file, the target is no PostgreSQL or holds something.
 */
export async function migrateHistory({ from, to }: MigrateCommand, write: Write): Promise<void> {
  if (!('url' in to)) {
    throw new ProblemError(
      problem(
        'bad_input',
        'The target is no PostgreSQL.',
        'Set DATABASE_URL, or name one with --to postgresql://….',
      ),
    );
  }
  const file = existing(from, 'Name the file that the bot has written until now.');
  const moved = await moveFile(file, to);
  write(`Copied ${file}:`);
  for (const line of movedInWords(moved)) write(line);
  write('Now start the bot with DATABASE_URL, and without GREENLIGHT_DATABASE.');
  write(
    `Keep ${file} as a backup, and start no bot on it any more: it would do again what is done from the PostgreSQL.`,
  );
}

/**
 * @param signal ends it early: the PostgreSQL holds nothing then.
 * @throws ProblemError as above.
 */
export async function moveFile(
  file: string,
  to: Extract<DatabasePlace, { url: unknown }>,
  signal?: AbortSignal,
): Promise<Moved> {
  const { database, release } = holdSqliteFile(file);
  try {
    if (!database) throw damaged(file);
    expectDatabase(database, file);
    const from = { db: kyselyOver(database), dialect: sqliteDialect };
    await translating(sqliteDialect, () => expectThisSchema(from.db));
    // As a bot would: the tables are made where there are none.
    await (await openStore(to)).close();
    const target = kyselyOverPostgres({ url: to.url.reveal(), isUnhurried: true });
    try {
      return await translating(postgresDialect, () =>
        moveHistory({
          from,
          to: { db: target, dialect: postgresDialect },
          copied: () => signal?.throwIfAborted(),
        }),
      );
    } finally {
      await target.destroy();
    }
  } finally {
    release();
  }
}

/** What was copied, and what of it was verified. */
export function movedInWords({ counts, head, compared }: Moved): readonly string[] {
  const tables = Object.entries(counts).filter(([, rows]) => rows > 0);
  return [
    ...tables.map(([table, rows]) => `  ${table}: ${count(rows, 'row')}`),
    `Verified: every table has as many rows here as there, ${headInWords(head)} on both sides, every entry follows the one before, and ${count(compared, 'request')} fold to the same.`,
  ];
}

function damaged(file: string): ProblemError {
  return new ProblemError(
    problem('bad_input', `${file} cannot be read as a database.`, 'Restore its last backup first.'),
  );
}
