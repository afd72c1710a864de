/** The chain of everything that happened; what happened before joins it here. */
import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { beginning, type Head, nextEntry } from '../../audit/chain.ts';
import type { AuditSource } from '../../core/audit.ts';
import { requestIdOf, requestIdSchema } from '../../core/ids.ts';
import { bodyOf, rowOfEntry } from '../audit-rows.ts';
import type { SqlDialect } from '../dialect.ts';
import type { Database } from '../schema.ts';

export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable('audit')
    .addColumn('position', 'bigint', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('request_number', 'integer')
    .addColumn('seq', 'integer')
    .addColumn('open', 'text', (column) => column.notNull())
    .addColumn('seal', 'text', (column) => column.notNull())
    .addColumn('salt', 'text')
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('body', 'text')
    .execute();
  await db.schema
    .createIndex('audit_by_source')
    .on('audit')
    .columns(['request_number', 'kind', 'seq'])
    .execute();
  await db.schema
    .createIndex('audit_refusals')
    .on('audit')
    .column('seq')
    .where(sql`kind = 'refusal'` as never)
    .execute();
  // What a retention still has to look at, and nothing that it has seen.
  await db.schema
    .createIndex('audit_whole_events')
    .on('audit')
    .columns(['at', 'request_number'])
    .where(sql`salt is not null and kind = 'event'` as never)
    .execute();
  await db.schema
    .createTable('audit_head')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('checkpoints')
    .addColumn('position', 'bigint', (column) => column.primaryKey())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('cursors')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('position', 'bigint', (column) => column.notNull())
    .execute();
  await chainWhatThereIs(db as Kysely<Database>);

  await dialect.makeAppendOnly(db, 'audit');
  await dialect.makeAppendOnly(db, 'checkpoints');
  // A redaction takes the salt first, and then the body whose salt is gone: no other change is let through.
  const kept = ['position', 'kind', 'at', 'type', 'request_number', 'seq', 'open', 'seal', 'hash', 'body'];
  await dialect.letUpdate(db, 'audit', `new.salt is null and ${same(kept)}`);
  await dialect.letUpdate(
    db,
    'events',
    `${same(['request_number', 'seq', 'type', 'at'])} and exists (select 1 from audit where kind = 'event'
      and audit.request_number = old.request_number and audit.seq = old.seq and audit.salt is null)`,
  );
}

function same(columns: readonly string[]): string {
  return columns.map((column) => `new.${column} is not distinct from old.${column}`).join(' and ');
}

const eventRow = z.object({
  request_number: z.int(),
  seq: z.int(),
  type: z.string(),
  at: z.number(),
  body: z.string(),
});
const refusalRow = z.object({ id: z.int(), at: z.number(), body: z.string() });
/** Read and written together: a history of any length passes through a few megabytes. */
const batch = 500;

/** Request by request, as nothing says any more which of two was written first; then who was turned away. */
async function chainWhatThereIs(db: Kysely<Database>): Promise<void> {
  let head: Head = { position: 0, hash: beginning };
  let newestAt = 0;

  async function join(sources: readonly AuditSource[]): Promise<void> {
    const rows = sources.map((source) => {
      const entry = nextEntry(head, source, randomBytes(16).toString('hex'));
      head = { position: entry.link.position, hash: entry.hash };
      newestAt = Math.max(newestAt, source.at);
      return rowOfEntry(entry);
    });
    if (rows.length > 0) await db.insertInto('audit').values(rows).execute();
  }

  for (let after = { request_number: 0, seq: 0 }; ; ) {
    const found = await db
      .selectFrom('events')
      .selectAll()
      .where((row) =>
        row.or([
          row('request_number', '>', after.request_number),
          row.and([row('request_number', '=', after.request_number), row('seq', '>', after.seq)]),
        ]),
      )
      .orderBy('request_number')
      .orderBy('seq')
      .limit(batch)
      .execute();
    const rows = z.array(eventRow).parse(found);
    await join(
      rows.map(({ request_number, seq, type, at, body }) => ({
        ...{ kind: 'event', at, type, request: requestIdOf(request_number), seq, body: bodyOf(body) },
      })),
    );
    const last = rows.at(-1);
    if (!last) break;
    after = last;
  }
  for (let after = 0; ; ) {
    const found = await db
      .selectFrom('refusals')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(batch)
      .execute();
    const rows = z.array(refusalRow).parse(found);
    await join(rows.map(({ id, at, body }) => sourceOfOldRefusal(id, at, bodyOf(body))));
    const last = rows.at(-1);
    if (!last) break;
    after = last.id;
  }
  // Said once, so that nobody takes them for protected from before.
  if (head.position > 0) {
    await join([{ kind: 'chain', at: newestAt, type: 'begun', body: { entries: head.position } }]);
  }
  await db
    .insertInto('audit_head')
    .values({ name: 'chain', position: head.position, hash: head.hash })
    .execute();
}

const refusalBody = z.looseObject({ code: z.string(), about: requestIdSchema.optional() });

/** One that cannot be read joins as it stands: a damaged row must not keep a bot from starting. */
function sourceOfOldRefusal(seq: number, at: number, body: unknown): AuditSource {
  const { code = 'internal', about } = refusalBody.safeParse(body).data ?? {};
  return { kind: 'refusal', at, type: code, seq, ...(about === undefined ? {} : { request: about }), body };
}
