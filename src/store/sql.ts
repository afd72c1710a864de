/** The way to the database: reads as they are, writes as one transaction, and only problems come out. */
import type { AuditSource } from '../core/audit.ts';
import { ProblemError, problem } from '../core/problem.ts';
import type { Reader, SqlDialect, Writer } from './dialect.ts';
import type { Forms } from './forms.ts';
import { createSnapshotReader } from './kept-snapshots.ts';

export interface Sql {
  readonly dialect: SqlDialect;
  /** One statement, or several that need not agree. */
  read<Value>(work: (db: Reader) => Promise<Value>): Promise<Value>;
  /** All or nothing, and durable when it resolves. `work` makes no call outside: it holds everybody up. */
  write<Value>(work: (trx: Writer) => Promise<Value>): Promise<Value>;
  /** The same of work that looks for what it has written before: it is tried again when nobody answered its commit. */
  writeOnce<Value>(work: (trx: Writer) => Promise<Value>): Promise<Value>;
  /** The same of work that may be gone after a power cut, and does not wait for the disk: a lease that is renewed. */
  writeForNow<Value>(work: (trx: Writer) => Promise<Value>): Promise<Value>;
  readonly joinChain: JoinChain;
  readonly forms: Forms;
  /** @throws ProblemError naming the request when the row does not hold one. */
  readonly readRequest: ReturnType<typeof createSnapshotReader>;
}

/** Everything that happened joins the audit in its own transaction: to be called last, as it holds all other writers up. */
export type JoinChain = (trx: Writer, sources: readonly AuditSource[]) => Promise<void>;

/** How one piece of work becomes a transaction that is durable when it resolves. */
export type Transact = <Value>(work: (trx: Writer) => Promise<Value>, manner?: Manner) => Promise<Value>;

export interface Manner {
  /** Doing it a second time, after a commit that nobody answered, changes nothing. */
  readonly isRepeatable?: boolean;
  /** A power cut may take it back: where the database is this process's own, everything ends with it that relied on it. */
  readonly isForNow?: boolean;
}

/** What a database does in a way of its own beyond its dialect. */
export interface SqlWays {
  readonly transact: Transact;
  readonly joinChain: JoinChain;
  /** Only a test of two versions has others than ours. */
  readonly forms: Forms;
}

export function createSql(db: Reader, dialect: SqlDialect, { transact, joinChain, forms }: SqlWays): Sql {
  return {
    dialect,
    joinChain,
    forms,
    readRequest: createSnapshotReader(),
    read: (work) => translating(dialect, () => work(db)),
    write: (work) => translating(dialect, () => transact(work)),
    writeOnce: (work) => translating(dialect, () => transact(work, { isRepeatable: true })),
    writeForNow: (work) => translating(dialect, () => transact(work, { isForNow: true })),
  };
}

/** @throws ProblemError for whatever goes wrong inside, with the database's own words as detail. */
export async function translating<Value>(dialect: SqlDialect, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError(dialect.problemFrom(error) ?? storeProblem(error), { cause: error });
  }
}

function storeProblem(error: unknown) {
  return problem(
    'internal',
    'Greenlight could not write this down, so nothing was changed.',
    'Try again; if it stays, give the reference to the platform team.',
    { detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error) },
  );
}
