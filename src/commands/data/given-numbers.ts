/** Which numbers of requests the database that makes room for a backup has given: what was made outside carries them. */
import type BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import type { CheckedFile } from '../../store/check-sqlite-file.ts';

export interface GivenNumbers {
  /** The newest that it knows of; 0 when it cannot be read. */
  readonly atLeast: number;
  /** It goes on from the backup, so there is no newer one: a database that was begun anew since counts from 1. */
  readonly isAll: boolean;
}

/** @param head where the backup's audit ends. */
export function givenNumbers(
  database: BetterSqlite3.Database | undefined,
  head: CheckedFile['head'],
): GivenNumbers {
  const find = (statement: string, ...values: (string | number)[]) => numberIn(database, statement, values);
  const counted = find("select value as number from counters where name = 'requests'");
  if (counted === undefined || !head) return { atLeast: counted ?? 0, isAll: false };
  const same = 'select position as number from audit where position = ? and hash = ?';
  return { atLeast: counted, isAll: find(same, head.position, head.hash) !== undefined };
}

/** `undefined` where there is none, or none that can be read. */
function numberIn(
  database: BetterSqlite3.Database | undefined,
  statement: string,
  values: readonly (string | number)[],
): number | undefined {
  try {
    return rowSchema.safeParse(database?.prepare(statement).get(...values)).data?.number;
  } catch {
    return undefined;
  }
}

const rowSchema = z.object({ number: z.int().min(0) });
