/** Nothing that is looked for is looked for through all of history: indexes, and until when each environment was there. */
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  const index = async (name: string, table: string, columns: readonly string[]) => {
    await db.schema
      .createIndex(name)
      .on(table)
      .columns([...columns])
      .execute();
  };
  await index('requests_by_action', 'requests', ['action', 'number']);
  await index('requests_by_age', 'requests', ['created_at', 'number']);
  await index('requests_by_requester_and_age', 'requests', ['requester', 'created_at', 'number']);
  await index('evaluations_by_stage', 'evaluations', ['stage', 'at']);

  await db.schema.alterTable('requests').addColumn('lived_until', 'bigint').execute();
  await db.schema
    .createIndex('requests_by_life')
    .on('requests')
    .columns(['lived_until', 'number'])
    .where(sql`lived_until is not null` as never)
    .execute();
  await fillLivedUntil(db as Kysely<Database>);
}

/** As request-rows.ts writes it for one that lives. */
const stillThere = 8_640_000_000_000_000;
/** Those that made environments until now. */
const makers = ['environment.create', 'environment.adopt'];
const batch = 500;

const rows = z.array(z.object({ number: z.int(), has_living_environment: z.number(), snapshot: z.string() }));
const lifeSchema = z.object({
  updatedAt: z.number(),
  outputs: z.object({ environment: z.object({}) }),
  life: z.object({ endedAt: z.number().optional() }).optional(),
});

async function fillLivedUntil(db: Kysely<Database>): Promise<void> {
  for (let after = 0; ; ) {
    const found = rows.parse(
      await db
        .selectFrom('requests')
        .select(['number', 'has_living_environment', 'snapshot'])
        .where('action', 'in', makers)
        .where('status', '=', 'succeeded')
        .where('number', '>', after)
        .orderBy('number')
        .limit(batch)
        .execute(),
    );
    for (const { number, has_living_environment, snapshot } of found) {
      const until = has_living_environment === 1 ? stillThere : endOf(snapshot);
      if (until === undefined) continue;
      await db.updateTable('requests').set({ lived_until: until }).where('number', '=', number).execute();
    }
    const last = found.at(-1);
    if (!last) return;
    after = last.number;
  }
}

/** One that cannot be read has none: a damaged row must not keep a bot from starting. */
function endOf(snapshot: string): number | undefined {
  try {
    const { life, updatedAt } = lifeSchema.parse(JSON.parse(snapshot));
    return life?.endedAt ?? updatedAt;
  } catch {
    return undefined;
  }
}
