/** `greenlight policy diff`: what another policy would have said of everything that was asked for. */
import { type Direction, diffInWords, directionsOf, startDiff } from '../../approvals/policy-diff.ts';
import { parseDuration } from '../../core/duration.ts';
import type { Moment } from '../../core/ids.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { count, listOf } from '../../core/text.ts';
import { expectSchema } from '../../store/migrate.ts';
import { openToLook } from '../../store/open-database.ts';
import type { DatabasePlace } from '../../store/open-store.ts';
import { readEvaluations } from '../../store/read-evaluations.ts';
import { translating } from '../../store/sql.ts';
import { loadPolicy, type World, type Write } from './files.ts';

export interface DiffOptions {
  /** The new policy's file. */
  readonly file: string;
  readonly database: DatabasePlace;
  /** A time span back from now: `30d`. */
  readonly since: string;
  /** Directions in which something may change. */
  readonly accepted: readonly Exclude<Direction, 'other'>[];
}

/** So many requests are named in a line. */
const idsMax = 20;

/**
 * 0: nothing changes, or only as accepted. 1: something else does, or something could not be judged again.
 * @throws ProblemError when the policy has mistakes, or the database is none.
 */
export async function policyDiff(
  { file, database, since, accepted }: DiffOptions,
  now: Moment,
  world: World,
  write: Write,
): Promise<0 | 1> {
  const backMs = parseDuration(since);
  if (backMs === undefined) {
    throw new ProblemError(
      problem('bad_input', `"${since}" is not a time span.`, 'Write one like 30d or 12h.'),
    );
  }
  const diff = startDiff(await loadPolicy(file, world));
  const { db, dialect, close } = await openToLook(database);
  try {
    await translating(dialect, async () => {
      await expectSchema(db);
      for await (const evaluation of readEvaluations(db, now - backMs)) diff.add(evaluation);
    });
  } finally {
    await close();
  }
  const result = diff.result();
  const lines = diffInWords(result, idsMax);
  write(`${count(result.judged, 'recorded evaluation')} of the last ${since} judged again by ${file}.`);
  if (result.unreadable > 0) {
    write(`${count(result.unreadable, 'evaluation')} could not be: the facts are of another version.`);
  }
  if (result.uncounted.length > 0) {
    write(
      `Not counted then, so nothing is said of it: ${listOf(result.uncounted.map((id) => `the limit "${id}"`))}.`,
    );
  }
  for (const line of lines) write(line);
  if (lines.length === 0 && result.uncounted.length === 0) write('Nothing would change.');
  const isAccepted = (direction: Direction) =>
    direction === 'other' ? accepted.length === 2 : accepted.includes(direction);
  return result.unreadable === 0 && [...directionsOf(result)].every(isAccepted) ? 0 : 1;
}
