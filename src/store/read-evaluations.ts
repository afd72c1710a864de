/** Every evaluation of a database file, one at a time: the file is only read, and may belong to a bot that runs. */
import BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import { requestIdOf } from '../core/ids.ts';
import { ProblemError, problem } from '../core/problem.ts';
import { outcomes, requirementSchema } from '../core/verdict.ts';

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
  request_number: z.int().nullable(),
  facts: z.string(),
  verdict: z.string(),
});

/**
 * Oldest first, from `since` on.
 * @throws ProblemError `not_found` when there is no such database, `bad_input` when it is another one.
 */
export function* readEvaluations(file: string, since: number): Generator<RecordedEvaluation> {
  const database = opened(file);
  try {
    const rows = database
      .prepare('select request_number, facts, verdict from evaluations where at >= ? order by id')
      .iterate(since);
    for (const row of rows) {
      const { request_number: number, facts, verdict } = rowSchema.parse(row);
      yield {
        requestId: number === null ? undefined : requestIdOf(number),
        facts: JSON.parse(facts),
        verdict: recordedVerdictSchema.parse(JSON.parse(verdict)),
      };
    }
  } catch (error) {
    if (!(error instanceof BetterSqlite3.SqliteError)) throw error;
    throw new ProblemError(
      problem('bad_input', `${file} holds no evaluations.`, 'Name the database of a Greenlight.', {
        detail: error.message,
      }),
    );
  } finally {
    database.close();
  }
}

function opened(file: string): BetterSqlite3.Database {
  try {
    return new BetterSqlite3(file, { readonly: true, fileMustExist: true });
  } catch (error) {
    throw new ProblemError(
      problem('not_found', `There is no database at ${file}.`, 'Name one with --database.', {
        detail: String(error),
      }),
    );
  }
}
