/** By which address somebody asked: what one person has asked for under all their accounts is found without reading the rest. */
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('requests').addColumn('requester_email', 'text').execute();
  await db.schema
    .createIndex('requests_by_address_and_age')
    .on('requests')
    .columns(['requester_email', 'created_at', 'number'])
    .execute();
  await fillAddresses(db as Kysely<Database>);
}

const batch = 500;
const rows = z.array(z.object({ number: z.int(), snapshot: z.string() }));
const snapshotSchema = z.object({ requester: z.object({ email: z.string().optional() }) });

async function fillAddresses(db: Kysely<Database>): Promise<void> {
  for (let after = 0; ; ) {
    const found = rows.parse(
      await db
        .selectFrom('requests')
        .select(['number', 'snapshot'])
        .where('number', '>', after)
        .orderBy('number')
        .limit(batch)
        .execute(),
    );
    for (const { number, snapshot } of found) {
      const email = addressIn(snapshot);
      if (email === undefined) continue;
      const found = { requester_email: email.toLowerCase() };
      await db.updateTable('requests').set(found).where('number', '=', number).execute();
    }
    const last = found.at(-1);
    if (!last) return;
    after = last.number;
  }
}

/** One that cannot be read has none: a damaged row must not keep a bot from starting. */
function addressIn(snapshot: string): string | undefined {
  try {
    return snapshotSchema.parse(JSON.parse(snapshot)).requester.email;
  } catch {
    return undefined;
  }
}
