/** Copies everything that one database holds into another that holds nothing, row by row as it is. */
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { ProblemError, problem } from '../core/problem.ts';
import { listOf } from '../core/text.ts';
import type { Reader } from './dialect.ts';
import { type TableName, tableNames, tables } from './tables.ts';

/** How many rows each table has. */
export type Counts = Readonly<Record<TableName, number>>;

/** Read and written together. A snapshot has some 10 kB, so that a batch takes a few megabytes; and no row has more than 20 columns: below what a statement of either database takes (SQLite: 32,766 parameters). */
const batchRows = 200;

/**
 * Both have the schema of this code; `to` is a transaction, so that a copy which fails leaves nothing.
 * @param copied hears of each batch, and may throw to end it.
 * @throws ProblemError `conflict` when `to` holds something already.
 */
export async function copyRows(from: Reader, to: Reader, copied: (rows: number) => void): Promise<void> {
  await expectNothingIn(to);
  for (const table of tableNames) {
    const { isSeeded } = tables[table];
    if (isSeeded) await sql`delete from ${sql.table(table)}`.execute(to);
    for await (const batch of rowsOf(from, table)) {
      await loosely(to).insertInto(table).values(batch).execute();
      copied(batch.length);
    }
  }
}

export async function countRows(db: Reader): Promise<Counts> {
  const counts: Record<string, number> = {};
  for (const table of tableNames) {
    const { rows } = await sql`select count(*) as rows from ${sql.table(table)}`.execute(db);
    counts[table] = Number(countRow.parse(rows[0]).rows);
  }
  return counts as Counts;
}

const countRow = z.object({ rows: z.coerce.number() });

async function expectNothingIn(db: Reader): Promise<void> {
  const filled: string[] = [];
  for (const table of tableNames) {
    if (tables[table].isSeeded) continue;
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(db);
    if (rows.length > 0) filled.push(table);
  }
  if (filled.length === 0) return;
  throw new ProblemError(
    problem(
      'conflict',
      'The database that is to be filled holds something already, so nothing was copied.',
      'Name an empty one: two histories cannot become one.',
      { detail: `there are rows in ${listOf(filled)}` },
    ),
  );
}

/** By its key, so that no page reads again what was before it. */
async function* rowsOf(db: Reader, table: TableName): AsyncGenerator<Row[]> {
  const { key } = tables[table];
  const columns = sql.join(key.map((column) => sql.ref(column)));
  for (let last: Row | undefined; ; ) {
    const before = last;
    const rest = before
      ? sql`where (${columns}) > (${sql.join(key.map((column) => before[column]))})`
      : sql``;
    const { rows } =
      await sql`select * from ${sql.table(table)} ${rest} order by ${columns} limit ${sql.lit(batchRows)}`.execute(
        db,
      );
    const batch = rowsSchema.parse(rows);
    last = batch.at(-1);
    if (!last) return;
    yield batch;
  }
}

const rowsSchema = z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()])));
type Row = z.infer<typeof rowsSchema>[number];

/** Whatever a table's columns are: they are the same on both sides. */
function loosely(db: Reader): Kysely<Record<string, Row>> {
  return db as unknown as Kysely<Record<string, Row>>;
}
