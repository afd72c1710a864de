/** What the audit's commands open: the database, only to be read, and files of keys, exports and anchors. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { type PublicKey, readCheckpoint, readPublicKey } from '../../audit/checkpoint.ts';
import type { AuditStore, SignedCheckpoint } from '../../core/audit.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import type { Store } from '../../core/store.ts';
import { openSqliteStore } from '../../store/sqlite.ts';

/** Prints one line. */
export type Write = (line: string) => void;

/** Closes it whatever happens. */
export async function withAudit<Value>(
  database: string,
  work: (store: Store & AuditStore) => Promise<Value>,
): Promise<Value> {
  const store = await openSqliteStore({ file: database, isReadOnly: true });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** @throws ProblemError `not_found` when it cannot be read. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity });
  } catch (error) {
    throw unreadable(file, error);
  }
}

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
    for await (const line of linesOf(file)) {
      for (const [text] of line.matchAll(/\{"checkpoint":\{[^{}]{1,400}\},"signature":"[^"]{1,100}"\}/g)) {
        const signed = readCheckpoint(JSON.parse(text));
        if (signed) found.push(signed);
      }
    }
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
