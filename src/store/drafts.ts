/** Forms of several pages, half filled in. */
import { z } from 'zod';
import { personIdSchema } from '../core/ids.ts';
import type { Store } from '../core/store.ts';
import type { Writer } from './dialect.ts';
import type { Sql } from './sql.ts';

export function createDrafts(sql: Sql): Pick<Store, 'saveDraft' | 'loadDraft'> {
  return {
    saveDraft: (draft, keepMs) => sql.write((trx) => save(trx, draft, keepMs)),
    loadDraft: (id) =>
      sql.read(async (db) => {
        const row = await db.selectFrom('drafts').selectAll().where('id', '=', id).executeTakeFirst();
        return (
          row && {
            id: row.id,
            owner: personIdSchema.parse(row.owner),
            values: valuesSchema.parse(JSON.parse(row.body)),
            savedAt: row.saved_at,
          }
        );
      }),
  };
}

const valuesSchema = z.record(z.string(), z.unknown());

async function save(trx: Writer, draft: Parameters<Store['saveDraft']>[0], keepMs: number): Promise<boolean> {
  await trx
    .deleteFrom('drafts')
    .where('saved_at', '<', draft.savedAt - keepMs)
    .execute();
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('drafts')
    .values({ id: draft.id, owner: draft.owner, body: JSON.stringify(draft.values), saved_at: draft.savedAt })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ body: JSON.stringify(draft.values), saved_at: draft.savedAt })
        .where('drafts.owner', '=', draft.owner),
    )
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}
