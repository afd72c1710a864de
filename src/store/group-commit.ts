/**
 * One commit for all that is written in the same turn of the event loop: of a durable transaction, waiting for the disk
 * is by far the longest part (3 ms of 3.4 here), and it takes as long for sixty as for one. Nobody waits for a partner:
 * a lone write commits at the end of the turn that it came in. While the disk is waited for, the next group is written.
 */
import { CompiledQuery } from 'kysely';
import type { Reader, Writer } from './dialect.ts';
import type { Transact } from './sql.ts';

export interface GroupOptions {
  /** How many share a commit at most. */
  readonly works?: number;
  /** How long others, and reads, are held up at most, in milliseconds: whatever is left then waits for the next turn. */
  readonly ms?: number;
  /** Resolves when everything that was committed before the call is on the disk. Not given: a commit says so by itself. */
  reachDisk?(): Promise<void>;
}

/** A piece of work and whoever waits for it. */
interface Piece {
  /** Its writer is told as soon as it is committed, without waiting for the disk. */
  readonly isForNow: boolean;
  /** Does it within the transaction, and keeps what came out until that has committed. */
  run(trx: Writer): Promise<void>;
  done(): void;
  fail(error: unknown): void;
}

/**
 * Runs works in the order in which they come, each in a savepoint of its own: one that fails is rolled back and refused
 * alone. Nobody hears of success before the commit is on the disk, but for what is only for now; when that fails, all do.
 *
 * The connection stays `db`'s one and only, and is held from `begin` to `commit`, so no read sees what may still be
 * rolled back.
 */
export function groupCommit(db: Reader, { works = 256, ms = 50, reachDisk }: GroupOptions = {}): Transact {
  const waiting: Piece[] = [];
  let isAtWork = false;
  /** Of the disk: from then on nothing of it is believed. */
  let failure: { readonly error: unknown } | undefined;

  async function workOff(): Promise<void> {
    isAtWork = true;
    while (waiting.length > 0) {
      await endOfTurn();
      const written = await commitGroup(db, waiting, { works, ms });
      const { now = [], later = [] } = Object.groupBy(written, ({ isForNow }) =>
        isForNow || !reachDisk ? 'now' : 'later',
      );
      for (const piece of now) tell(piece);
      if (reachDisk && later.length > 0) void onceThere(later, reachDisk());
    }
    isAtWork = false;
  }

  function tell(piece: Piece): void {
    if (failure) piece.fail(failure.error);
    else piece.done();
  }

  async function onceThere(written: readonly Piece[], there: Promise<void>): Promise<void> {
    await there.catch((error: unknown) => {
      failure = { error };
    });
    for (const piece of written) tell(piece);
  }

  return (work, { isForNow = false } = {}) =>
    new Promise((resolve, reject) => {
      let done = () => {};
      waiting.push({
        isForNow,
        async run(trx) {
          const value = await work(trx);
          done = () => resolve(value);
        },
        done: () => done(),
        fail: reject,
      });
      if (!isAtWork) void workOff();
    });
}

/** After everything that has arrived by now was heard: a burst of commands arrives in one turn. */
function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Takes from `waiting` what it does, and gives back what stands. Never rejects: whoever waits in vain is told. */
async function commitGroup(
  db: Reader,
  waiting: Piece[],
  bounds: Required<Pick<GroupOptions, 'works' | 'ms'>>,
): Promise<readonly Piece[]> {
  const group: Piece[] = [];
  const written: Piece[] = [];
  try {
    await db.transaction().execute(async (trx) => {
      const until = performance.now() + bounds.ms;
      do {
        const piece = waiting.shift();
        if (!piece) return;
        group.push(piece);
        if (await runAlone(trx, piece)) written.push(piece);
      } while (group.length < bounds.works && performance.now() < until);
    });
  } catch (error) {
    // Without a transaction (a disk that is full, a database that is locked) none of them was tried.
    const all = group.length > 0 ? group : waiting.splice(0);
    for (const piece of all) piece.fail(error);
    return [];
  }
  return written;
}

/**
 * @returns whether it stands.
 * @throws the error that ended the transaction itself: SQLite rolls all of it back when the disk is full or fails
 * (sqlite.org/lang_transaction.html), and then there is no savepoint to go back to.
 */
async function runAlone(trx: Writer, piece: Piece): Promise<boolean> {
  await trx.executeQuery(savepoint.set);
  try {
    await piece.run(trx);
    await trx.executeQuery(savepoint.release);
    return true;
  } catch (error) {
    try {
      await trx.executeQuery(savepoint.goBack);
      await trx.executeQuery(savepoint.release);
    } catch {
      throw error;
    }
    piece.fail(error);
    return false;
  }
}

const savepoint = {
  set: CompiledQuery.raw('savepoint piece'),
  release: CompiledQuery.raw('release piece'),
  goBack: CompiledQuery.raw('rollback to piece'),
};
