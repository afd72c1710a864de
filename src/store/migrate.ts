/** Brings a database to the schema of this code, and refuses one that is too far ahead of it. */
import { type Kysely, sql } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, Migrator } from 'kysely/migration';
import { z } from 'zod';
import { ProblemError, problem } from '../core/problem.ts';
import type { Reader, SqlDialect } from './dialect.ts';
import { up as requests } from './migrations/0001-requests.ts';
import { up as outbox } from './migrations/0002-outbox.ts';
import { up as deliveries } from './migrations/0003-deliveries.ts';
import { up as locks } from './migrations/0004-locks.ts';
import { up as drafts } from './migrations/0005-drafts.ts';
import { up as watches } from './migrations/0006-watches.ts';
import { up as glass } from './migrations/0007-glass.ts';
import { up as refusals } from './migrations/0008-refusals.ts';
import { up as codes } from './migrations/0009-codes.ts';
import { up as once } from './migrations/0010-once.ts';
import { up as delegations } from './migrations/0011-delegations.ts';
import { up as audit } from './migrations/0012-audit.ts';
import { up as leases } from './migrations/0013-leases.ts';
import { up as longHistories } from './migrations/0014-long-histories.ts';
import { up as chatLanes } from './migrations/0015-chat-lanes.ts';
import { up as askers } from './migrations/0016-askers.ts';
import { up as stoppedWatches } from './migrations/0017-stopped-watches.ts';
import { up as news } from './migrations/0018-news.ts';
import { up as tell } from './migrations/0019-tell.ts';
import { up as forms } from './migrations/0020-forms.ts';
import { up as onTheirWay } from './migrations/0021-on-their-way.ts';
import { up as freeFrom } from './migrations/0022-free-from.ts';
import { up as leased } from './migrations/0023-leased.ts';
import { up as byTime } from './migrations/0024-by-time.ts';
import { up as keptClicks } from './migrations/0025-kept-clicks.ts';
import { floorOf } from './schema-floor.ts';

/** Forward only, in this order. One that was released is never edited: databases have run it. */
const migrations: Readonly<Record<string, (db: Kysely<unknown>, dialect: SqlDialect) => Promise<void>>> = {
  '0001-requests': requests,
  '0002-outbox': outbox,
  '0003-deliveries': deliveries,
  '0004-locks': locks,
  '0005-drafts': drafts,
  '0006-watches': watches,
  '0007-glass': glass,
  '0008-refusals': refusals,
  '0009-codes': codes,
  '0010-once': once,
  '0011-delegations': delegations,
  '0012-audit': audit,
  '0013-leases': leases,
  '0014-long-histories': longHistories,
  '0015-chat-lanes': chatLanes,
  '0016-askers': askers,
  '0017-stopped-watches': stoppedWatches,
  '0018-news': news,
  '0019-tell': tell,
  '0020-forms': forms,
  '0021-on-their-way': onTheirWay,
  '0022-free-from': freeFrom,
  '0023-leased': leased,
  '0024-by-time': byTime,
  '0025-kept-clicks': keptClicks,
};

/** In their order. */
export const migrationNames: readonly string[] = Object.keys(migrations);

/**
 * Runs what has not been run. Nothing, where a newer version has only added to what this one knows: then both may run.
 * @param upTo the last one to run; only a test stops early, to have a database as an older version left it.
 * @throws ProblemError when a newer Greenlight has changed what this one reads: half understanding it would be worse than not starting.
 */
export async function migrate(
  db: Reader,
  dialect: SqlDialect,
  upTo = migrationNames.at(-1) ?? '',
): Promise<void> {
  const run = await migrationsOf(db);
  const unknown = run.filter((name) => !(name in migrations));
  if (unknown.length > 0) {
    if (await mayRunOn(db, run)) return;
    throw new ProblemError(
      problem(
        'internal',
        'The database was written by a newer Greenlight than this one.',
        'Start the newer version again, or restore the backup that was made before it ran.',
        {
          detail: `it has run ${unknown.join(', ')}; this code knows migrations up to ${migrationNames.at(-1)}`,
        },
      ),
    );
  }
  const migrator = new Migrator({
    db,
    provider: {
      getMigrations: async () =>
        Object.fromEntries(
          Object.entries(migrations).map(([name, one]) => [
            name,
            { up: (inner: Kysely<unknown>) => one(inner, dialect) },
          ]),
        ),
    },
  });
  const { error } = await migrator.migrateTo(upTo);
  if (error !== undefined) throw error;
}

/** Whether it has run every migration of this code, and none that this code could not run beside. */
export async function hasSchema(db: Reader): Promise<boolean> {
  return mayRunOn(db, await migrationsOf(db));
}

async function mayRunOn(db: Reader, run: readonly string[]): Promise<boolean> {
  if (!migrationNames.every((name) => run.includes(name))) return false;
  if (run.length === migrationNames.length) return true;
  const floor = await floorOf(db as unknown as Kysely<unknown>);
  return floor !== undefined && floor in migrations;
}

/** @throws ProblemError when the database has not run every migration of this code, or some that it cannot run beside. */
export async function expectSchema(db: Reader): Promise<void> {
  const run = await migrationsOf(db);
  if (await mayRunOn(db, run)) return;
  throw new ProblemError(
    problem(
      'bad_input',
      'The database is not of this version of Greenlight.',
      'Start this version once, or use the command of the version that runs.',
      { detail: `it has run ${run.join(', ')}; this code knows migrations up to ${migrationNames.at(-1)}` },
    ),
  );
}

/**
 * Beside a newer version this one may run, but a copy that it made would leave out what that has added.
 * @throws ProblemError when the database has run other migrations than those of this code.
 */
export async function expectThisSchema(db: Reader): Promise<void> {
  await expectSchema(db);
  if ((await migrationsOf(db)).length === migrationNames.length) return;
  throw new ProblemError(
    problem('bad_input', 'A newer Greenlight has added to it.', 'Use the command of that version.'),
  );
}

const nameRows = z.array(z.object({ name: z.string() }));

/** In the order in which they were run. */
export async function migrationsOf(db: Reader): Promise<string[]> {
  const names = async () => {
    const { rows } = await sql`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)} order by name`.execute(
      db,
    );
    return nameRows.parse(rows).map((row) => row.name);
  };
  try {
    return await names();
  } catch {
    // Looked for only now: reading what tables there are takes longer than all the rest of a start.
    const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
    // There after all: another replica has just made it, or it cannot be read.
    return tables.some((table) => table.name === DEFAULT_MIGRATION_TABLE) ? names() : [];
  }
}
