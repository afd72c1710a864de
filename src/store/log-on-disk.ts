/**
 * Waits until SQLite's log is on the disk, beside the event loop. Left to SQLite (`synchronous = FULL`), each commit
 * holds the whole process up for as long as the disk takes: 3 to 12 ms, in which nobody is acknowledged.
 *
 * What outlives a power cut is the same: a commit is a piece of the log with a checksum, and after a cut all of the log
 * counts up to the first piece that is not whole (sqlite.org/fileformat2.html, 4.3). At `synchronous = NORMAL` SQLite
 * itself waits only before it copies the log into the file; we wait before we tell anybody.
 */
import { open } from 'node:fs/promises';
import { type Problem, ProblemError, problem, problemFrom } from '../core/problem.ts';

export interface OpenLog {
  /** Makes the system write all that the log holds to the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Of a database that is open in this process: its log stays there until it is closed. */
export async function openLog(database: string): Promise<OpenLog> {
  const file = await open(`${database}-wal`, 'r+');
  const sync = () =>
    file.datasync().catch((error: unknown) => {
      throw new ProblemError(doubtful(problemFrom(error).detail), { cause: error });
    });
  return { sync, close: () => file.close() };
}

/**
 * Gives a function that resolves when everything that was committed before its call is on the disk; all who call while
 * the disk is busy share the next wait. After one failure it fails for ever: a system that could not write a page
 * forgets that it should have, and says the next time that all is well (lwn.net/Articles/752063). `failed` hears of it once.
 */
export function onDisk(
  sync: OpenLog['sync'],
  failed: (cause: Problem) => void = () => undefined,
): () => Promise<void> {
  let last = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    next ??= last.then(() => {
      next = undefined;
      return sync().catch((error: unknown) => {
        failed(problemFrom(error));
        throw error;
      });
    });
    last = next;
    return next;
  };
}

function doubtful(detail = '') {
  return problem(
    'outside_unavailable',
    'The disk of Greenlight failed, so it cannot be sure that this was kept.',
    'Tell the platform team: the disk needs a look, and Greenlight a new start after it.',
    { detail },
  );
}
