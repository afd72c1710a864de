/** The shared store: one PostgreSQL for as many replicas as there are. */
import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { z } from 'zod';
import type { AuditStore } from '../core/audit.ts';
import { secondMs } from '../core/duration.ts';
import { ProblemError, problem } from '../core/problem.ts';
import type { Store } from '../core/store.ts';
import { expectSchema, hasSchema, migrate } from './migrate.ts';
import { listenForChanges } from './postgres-changes.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { createPool, type PoolOptions } from './postgres-pool.ts';
import { isConnectionLost, isHeldUp, isWorthAnotherTry } from './postgres-problems.ts';
import type { Database } from './schema.ts';
import { type JoinChain, type Transact, translating } from './sql.ts';
import { createSqlStore } from './sql-store.ts';

export interface PostgresOptions {
  /** `postgresql://user:password@host:5432/database`. */
  readonly url: string;
  /** For commands beside a bot that runs: the database must have this code's schema, and stays as it is. */
  readonly isReadOnly?: true;
  /** As in open-store.ts. */
  heldUp?(): void;
  /** Only a bench leaves the audit out, to see what it costs. */
  readonly joinChain?: JoinChain;
}

/**
 * Connects, and brings the database to this code's schema; of several that do so at once one does the work.
 * @throws ProblemError when it cannot be reached or does not let us in, or when a newer Greenlight wrote it.
 */
export async function openPostgresStore(options: PostgresOptions): Promise<Store & AuditStore> {
  const { url, isReadOnly, joinChain, heldUp } = options;
  return translating(postgresDialect, async () => {
    const name = `greenlight ${randomBytes(6).toString('hex')}`;
    const db = kyselyOverPostgres({ url, name, ...(isReadOnly ? { isReadOnly } : {}) });
    try {
      if (isReadOnly) await expectSchema(db);
      else if (!(await hasSchema(db))) await bringToSchema(url, heldUp);
    } catch (error) {
      await db.destroy();
      throw error;
    }
    const listening = new Set<{ cancel(): void }>();
    const store = createSqlStore(db, postgresDialect, {
      transact: tryingAgain((work) => db.transaction().execute(work)),
      ...(joinChain ? { joinChain } : {}),
      listen(changed) {
        const one = listenForChanges({ url, name }, changed);
        listening.add(one);
        return one;
      },
      serverTime: () => translating(postgresDialect, () => serverTime(db)),
      expectWritable: () => translating(postgresDialect, () => expectToWrite(db)),
    });
    return {
      ...store,
      async close() {
        for (const one of listening) one.cancel();
        await store.close();
      },
    };
  });
}

/** Of the moment at which it answers, not of the one at which its transaction began. */
async function serverTime(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(
    db,
  );
  return timeRow.parse(rows[0]).now;
}

const timeRow = z.object({ now: z.number() });

/**
 * A standby answers every read, as does a server whose provider let it only read (its disk is full, a failover goes on).
 * @throws ProblemError with which of them it is
 */
export async function expectToWrite(db: Kysely<Database>): Promise<void> {
  const { rows } = await sql`select pg_is_in_recovery() as standby,
    current_setting('transaction_read_only') = 'on' as readonly`.execute(db);
  const { standby, readonly } = writingRow.parse(rows[0]);
  if (standby) {
    const next = 'Name the one that took its place in DATABASE_URL, or a name that follows it.';
    throw new ProblemError(problem('outside_unavailable', 'PostgreSQL only reads: it is a standby.', next));
  }
  if (!readonly) return;
  const next = 'Look who made it so, and why: a disk that is almost full, or a failover that goes on.';
  const sentence = 'PostgreSQL only reads: default_transaction_read_only is on.';
  throw new ProblemError(problem('outside_unavailable', sentence, next));
}

const writingRow = z.object({ standby: z.boolean(), readonly: z.boolean() });

/**
 * Behind a change of the schema that waits for a table, everybody waits who only wants to read it: a backup of minutes
 * would stop every replica for as long. So it waits for a moment, lets them go on, and tries again until it gets it.
 */
async function bringToSchema(url: string, heldUp: () => void = () => undefined): Promise<void> {
  const db = kyselyOverPostgres({ url, isUnhurried: true, lockWithinMs: schemaLockWithinMs });
  try {
    while (!(await isBroughtToSchema(db))) {
      heldUp();
      await setTimeout(schemaAgainMs);
    }
  } finally {
    await db.destroy();
  }
}

/** @returns whether it is; nothing was changed when others were in the way. */
async function isBroughtToSchema(db: Kysely<Database>): Promise<boolean> {
  try {
    await migrate(db, postgresDialect);
    return true;
  } catch (error) {
    if (isHeldUp(error)) return false;
    throw error;
  }
}

/** Below the 5 s that replicas wait for a lock: none of them fails meanwhile. */
const schemaLockWithinMs = 2 * secondMs;
/** Longer than that: replicas catch up in between. */
const schemaAgainMs = 5 * secondMs;

/** What closes it closes its connections. @throws ProblemError when the address is none. */
export function kyselyOverPostgres(options: PoolOptions): Kysely<Database> {
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool: createPool(options) }) });
}

/**
 * Of those that hold each other up PostgreSQL ends one, with nothing of it written: it may simply begin anew. Of a
 * connection that was lost nobody knows what was written, so that is tried again once, where a second time does no harm.
 */
function tryingAgain(transact: Transact): Transact {
  return async (work, { isRepeatable = false } = {}) => {
    let mayReconnect = isRepeatable;
    for (let triesLeft = triesMax - 1; ; triesLeft--) {
      try {
        return await transact(work);
      } catch (error) {
        const isToReconnect = mayReconnect && isConnectionLost(error);
        if (triesLeft === 0 || !(isToReconnect || isWorthAnotherTry(error))) throw error;
        if (isToReconnect) mayReconnect = false;
      }
    }
  };
}

const triesMax = 5;
