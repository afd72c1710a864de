/** What may be restored: a file that is whole, and that this Greenlight understands. */
import { ProblemError, problem } from '../../core/problem.ts';
import { type CheckedFile, checkSqliteFile } from '../../store/check-sqlite-file.ts';

/** @throws ProblemError `bad_input` with all that is wrong with it. */
export async function wholeBackup(file: string, signal: AbortSignal | undefined): Promise<CheckedFile> {
  const checked = await checkSqliteFile(file, signal);
  if (checked.faults.length === 0) return checked;
  throw new ProblemError(
    problem(
      'bad_input',
      `${file} is no backup that this Greenlight can restore, so nothing was changed. ${checked.faults.join(' ')}`,
      'Name another backup; one that a newer Greenlight has written needs that one.',
    ),
  );
}
