/** Every evaluation of a database, one at a time: only read, beside a bot that runs. */
import { z } from 'zod';
import { requestIdOf } from '../core/ids.ts';
import { outcomes, requirementSchema } from '../core/verdict.ts';
import type { Reader } from './dialect.ts';

export interface RecordedEvaluation {
  /** `undefined` for a look, which is no request. */
  readonly requestId: string | undefined;
  /** As they were recorded, by whatever version of Greenlight. */
  readonly facts: unknown;
  readonly verdict: z.infer<typeof recordedVerdictSchema>;
}

const recordedVerdictSchema = z.object({
  outcome: z.enum(outcomes),
  requirements: z.array(requirementSchema.pick({ count: true, from: true, not: true }).strip()),
});

const rowSchema = z.object({
  id: z.int(),
  request_number: z.int().nullable(),
  facts: z.string(),
  verdict: z.string(),
});

/** Oldest first, from `since` on; a page at a time, however many there are. */
export async function* readEvaluations(db: Reader, since: number): AsyncGenerator<RecordedEvaluation> {
  for (let after = 0; ; ) {
    const rows = await db
      .selectFrom('evaluations')
      .select(['id', 'request_number', 'facts', 'verdict'])
      .where('at', '>=', since)
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageRows)
      .execute();
    for (const row of rows) {
      const { id, request_number: number, facts, verdict } = rowSchema.parse(row);
      after = id;
      yield {
        requestId: number === null ? undefined : requestIdOf(number),
        facts: JSON.parse(facts),
        verdict: recordedVerdictSchema.parse(JSON.parse(verdict)),
      };
    }
    if (rows.length < pageRows) return;
  }
}

const pageRows = 500;
