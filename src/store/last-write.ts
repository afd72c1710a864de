/**
 * Whether the database takes what is written. A full disk, or one that only reads, answers every read: only a write tells.
 * Every replica writes every few seconds, its leases if nothing else, so nothing is written only to find out.
 */
import { type Problem, ProblemError, problem } from '../core/problem.ts';
import type { SqlDialect } from './dialect.ts';
import type { Transact } from './sql.ts';

export interface LastWrite {
  /** Does the same, and remembers what became of it. */
  readonly transact: Transact;
  /** @throws ProblemError when the database failed the last write; none has succeeded since. */
  expectSuccess(): void;
}

export function rememberLastWrite(transact: Transact, dialect: SqlDialect): LastWrite {
  let failure: Problem | undefined;
  return {
    async transact(work, manner) {
      try {
        const value = await transact(work, manner);
        failure = undefined;
        return value;
      } catch (error) {
        // What the work itself refused says nothing of the database.
        failure = databaseFault(error, dialect) ?? failure;
        throw error;
      }
    },
    expectSuccess() {
      if (!failure) return;
      throw new ProblemError(
        problem(
          'outside_unavailable',
          'The last write to the database failed.',
          'The log says why: look at its disk, at the right to write there, and at who else holds it.',
          failure.detail === undefined ? {} : { detail: failure.detail },
        ),
      );
    },
  };
}

function databaseFault(error: unknown, dialect: SqlDialect): Problem | undefined {
  const cause = error instanceof ProblemError ? error.problem : dialect.problemFrom(error);
  return cause?.code === 'outside_unavailable' ? cause : undefined;
}
