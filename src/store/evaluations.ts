/** What the guardrails have said: of a request with its events (requests.ts), of a look alone. */
import { z } from 'zod';
import type { Evaluation, Store } from '../core/store.ts';
import { verdictSchema } from '../core/verdict.ts';
import { fromJson, parsed } from './read-row.ts';
import { numberOf } from './request-rows.ts';
import { insertEvaluation } from './requests.ts';
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

const evaluationRowSchema = z.object({
  id: z.int(),
  stage: z.enum(['read', 'submit', 'review', 'start', 'release']),
  at: z.number(),
  facts: z.string(),
  verdict: z.string(),
});

/** @throws ProblemError naming the evaluation when the row does not hold one. */
function readEvaluation(row: unknown): Evaluation {
  const { id, stage, at, facts, verdict } = parsed('a row of evaluations', evaluationRowSchema, row);
  const name = `evaluation ${id}`;
  return {
    stage,
    at,
    facts: fromJson(name, facts),
    verdict: parsed(name, verdictSchema, fromJson(name, verdict)),
  };
}
