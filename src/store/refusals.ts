/** Who was turned away: the newest of them, for a while. All of them join the audit, which notes what was forgotten. */
import { z } from 'zod';
import { dayMs } from '../core/duration.ts';
import { type Refusal, refusalSchema } from '../core/refusal.ts';
import type { Store } from '../core/store.ts';
import { noteRedaction } from './audit-redaction.ts';
import type { Writer } from './dialect.ts';
import type { Sql } from './sql.ts';

/** Long enough for whoever looks into a case a quarter later. */
const keptMs = 92 * dayMs;
/** About 30 MB: whoever is turned away again and again must not fill the disk. */
const keptMax = 100_000;
/** Together, as each forgetting is an entry of the audit: what would be due within a day, and a twentieth of all. */
const forgottenMs = dayMs;
const forgottenMax = keptMax / 20;

export function createRefusals(sql: Sql): Pick<Store, 'addRefusal' | 'refusals'> {
  return {
    addRefusal: (refusal) =>
      sql.write(async (trx) => {
        const { id } = await trx
          .insertInto('refusals')
          .values({ at: refusal.at, body: JSON.stringify(refusal) })
          .returning('id')
          .executeTakeFirstOrThrow();
        await forgetOldest(sql, trx, id, refusal.at);
        const { at, code, about } = refusal;
        const request = about === undefined ? {} : { request: about };
        // As it will be read: JSON knows no `undefined`.
        const body: unknown = JSON.parse(JSON.stringify(refusal));
        await sql.joinChain(trx, [{ kind: 'refusal', at, type: code, seq: id, ...request, body }]);
      }),

    refusals: (limit) =>
      sql.read(async (db) => {
        const rows = await db
          .selectFrom('refusals')
          .select('body')
          .orderBy('id', 'desc')
          .limit(limit)
          .execute();
        return rows.map(read);
      }),
  };
}

async function forgetOldest(sql: Sql, trx: Writer, newestId: number, now: number): Promise<void> {
  // One after the other: of both at once SQLite reads every row (sqlite.org/optoverview.html, MIN/MAX).
  const oldest = {
    ...(await trx
      .selectFrom('refusals')
      .select((row) => row.fn.min('id').as('id'))
      .executeTakeFirstOrThrow()),
    ...(await trx
      .selectFrom('refusals')
      .select((row) => row.fn.min('at').as('at'))
      .executeTakeFirstOrThrow()),
  };
  if (oldest.id > newestId - keptMax && oldest.at >= now - keptMs) return;
  const gone = await trx
    .deleteFrom('refusals')
    .where((row) =>
      row.or([
        row('id', '<=', newestId - keptMax + (oldest.id > newestId - keptMax ? 0 : forgottenMax)),
        row('at', '<', now - keptMs + forgottenMs),
      ]),
    )
    .returning('id')
    .execute();
  const ids = gone.map(({ id }) => id);
  const positions: number[] = [];
  for (let at = 0; at < ids.length; at += idsPerStatement) {
    const rows = await trx
      .updateTable('audit')
      .set({ salt: null })
      .where('kind', '=', 'refusal')
      .where('seq', 'in', ids.slice(at, at + idsPerStatement))
      .returning('position')
      .execute();
    positions.push(...rows.map(({ position }) => Number(position)));
  }
  await noteRedaction(sql, trx, { rule: 'refusals are kept for a quarter', positions, now });
}

/** Below what a statement of either database takes as parameters (SQLite: 32,766; sqlite.org/limits.html). */
const idsPerStatement = 500;

const rowSchema = z.object({ body: z.string() });

function read(row: unknown): Refusal {
  return refusalSchema.parse(JSON.parse(rowSchema.parse(row).body));
}
