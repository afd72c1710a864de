/** What the guardrails have said: of a request with its events (requests.ts), of a look alone. */
import type { Store } from '../core/store.ts';
import { insertEvaluation } from './requests.ts';
import { numberOf, readEvaluation } from './rows.ts';
import type { Sql } from './sql.ts';

export function createEvaluations(sql: Sql): Pick<Store, 'recordEvaluation' | 'evaluations' | 'countReads'> {
  return {
    countReads: (since) =>
      sql.read(async (db) => {
        const { reads } = await db
          .selectFrom('evaluations')
          .select((row) => row.fn.countAll<number>().as('reads'))
          .where('stage', '=', 'read')
          .where('at', '>=', since)
          .executeTakeFirstOrThrow();
        return Number(reads);
      }),
    recordEvaluation: (evaluation) => sql.write((trx) => insertEvaluation(trx, null, evaluation)),
    evaluations: (id) =>
      sql.read(async (db) => {
        const rows = await db
          .selectFrom('evaluations')
          .selectAll()
          .where('request_number', '=', numberOf(id))
          .orderBy('id', 'desc')
          .execute();
        return rows.map(readEvaluation);
      }),
  };
}
