/** What the audit's commands open: the database, only to be read, and files of keys, exports and anchors. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { checkpointsIn, type PublicKey, readPublicKey } from '../../audit/checkpoint.ts';
import type { AuditStore, SignedCheckpoint } from '../../core/audit.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import type { Store } from '../../core/store.ts';
import { type DatabasePlace, openStore } from '../../store/open-store.ts';

/** Prints one line. */
export type Write = (line: string) => void;

/** Closes it whatever happens. */
export async function withAudit<Value>(
  database: DatabasePlace,
  work: (store: Store & AuditStore) => Promise<Value>,
): Promise<Value> {
  const store = await openStore(database, { isReadOnly: true });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/**
 * The lines of a file, as many at a time as a read gives: an export may be longer than memory.
 * @throws ProblemError `not_found` when it cannot be read.
 */
export async function* linesOf(file: string): AsyncGenerator<readonly string[]> {
  let rest = '';
  try {
    for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: readBytes })) {
      const lines = (rest + String(chunk)).split(/\r?\n/);
      rest = lines.pop() ?? '';
      yield lines;
    }
  } catch (error) {
    throw unreadable(file, error);
  }
  if (rest !== '') yield [rest];
}

/** A text of this size stays young: of a megabyte each it takes a tenth longer. */
const readBytes = 65_536;

/** Keys as `greenlight audit key` prints them, each itself or in a file. */
export async function publicKeys(given: readonly string[]): Promise<PublicKey[]> {
  return Promise.all(
    given.map(async (one) => {
      const key = readPublicKey(one) ?? readPublicKey(await readFile(one, 'utf8').catch(() => ''));
      if (key) return key;
      throw new ProblemError(
        problem(
          'bad_input',
          'A key was given that is no public key of an audit.',
          'Give the line that `greenlight audit key` calls the public key, or a file that holds it.',
        ),
      );
    }),
  );
}

/**
 * Every checkpoint that stands in a file, whatever stands around it: a log, a list, messages copied from a channel.
 * @throws ProblemError when there is none, since an anchor that holds nothing would seem to prove something.
 */
export async function anchorsIn(files: readonly string[]): Promise<SignedCheckpoint[]> {
  const found: SignedCheckpoint[] = [];
  for (const file of files) {
    const before = found.length;
    for await (const lines of linesOf(file)) found.push(...lines.flatMap(checkpointsIn));
    if (found.length > before) continue;
    throw new ProblemError(
      problem(
        'bad_input',
        `${file} holds no checkpoint.`,
        'Give the file that checkpoints were anchored in.',
      ),
    );
  }
  return found;
}

function unreadable(file: string, error: unknown): ProblemError {
  return new ProblemError(
    problem('not_found', `${file} cannot be read.`, 'Name a file that is there.', { detail: String(error) }),
  );
}
