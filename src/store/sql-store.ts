/** The store over any of our databases: one part per file, the same statements for all. */
import { type Insertable, sql as raw } from 'kysely';
import type { AuditStore } from '../core/audit.ts';
import type { Store } from '../core/store.ts';
import { createAudit } from './audit.ts';
import { createChain } from './audit-chain.ts';
import { createRedaction } from './audit-redaction.ts';
import { createBringForward } from './bring-forward.ts';
import { createClaims } from './claims.ts';
import { createCodeRows } from './codes.ts';
import { createDelegations } from './delegations.ts';
import type { Reader, SqlDialect } from './dialect.ts';
import { createDrafts } from './drafts.ts';
import { ourForms } from './forms.ts';
import { rememberLastWrite } from './last-write.ts';
import { createLeases } from './leases.ts';
import { createLocks } from './locks.ts';
import { createOnce } from './once.ts';
import { createOutboxRows } from './outbox.ts';
import { prepared } from './prepared.ts';
import { createRefusals } from './refusals.ts';
import { createRequests, insertEvaluation } from './requests.ts';
import { numberOf, readEvaluation } from './rows.ts';
import type { Database } from './schema.ts';
import { createSql, type Sql, type SqlWays } from './sql.ts';
import { createWatches } from './watches.ts';

/** Expects the schema of migrate.ts. Owns `db`: `close` closes it. */
export function createSqlStore(
  db: Reader,
  dialect: SqlDialect,
  ways: Partial<SqlWays> & Partial<Pick<Store, 'listen' | 'serverTime' | 'expectWritable'>> = {},
): Store & AuditStore {
  const { transact = (work) => db.transaction().execute(work), joinChain = createChain(dialect) } = ways;
  const { forms = ourForms } = ways;
  const lastWrite = rememberLastWrite(transact, dialect);
  const sql = createSql(db, dialect, { transact: lastWrite.transact, joinChain, forms });
  return {
    ...createAudit(sql),
    ...createRedaction(sql),
    ...createRequests(sql),
    ...createClaims(sql),
    ...createLocks(sql),
    ...createOutboxRows(sql),
    ...createEvaluations(sql),
    ...createDelegations(sql),
    ...createDrafts(sql),
    ...createCodeRows(sql),
    ...createWatches(sql),
    ...createRefusals(sql),
    ...createOnce(sql),
    ...createLeases(sql),
    ...createBringForward(sql),
    firstTime: (key, now, keepMs) => sql.write((trx) => firstTime(trx, key, now, keepMs)),
    listen: ways.listen ?? (() => ({ cancel: () => undefined })),
    serverTime: ways.serverTime ?? (async () => undefined),
    async expectWritable() {
      await (ways.expectWritable ?? (() => sql.read((reader) => anAnswer.execute(reader))))();
      lastWrite.expectSuccess();
    },
    close: () => db.destroy(),
  };
}

/** A database that is gone says nothing. */
const anAnswer = raw`select 1`;

function createEvaluations(sql: Sql): Pick<Store, 'recordEvaluation' | 'evaluations' | 'countReads'> {
  return {
    countReads: (since) =>
      sql.read(async (db) => {
        const { reads } = await db
          .selectFrom('evaluations')
          .select((row) => row.fn.countAll<number>().as('reads'))
          .where('stage', '=', 'read')
          .where('at', '>=', since)
          .executeTakeFirstOrThrow();
        return Number(reads);
      }),
    recordEvaluation: (evaluation) => sql.write((trx) => insertEvaluation(trx, null, evaluation)),
    evaluations: (id) =>
      sql.read(async (db) => {
        const rows = await db
          .selectFrom('evaluations')
          .selectAll()
          .where('request_number', '=', numberOf(id))
          .orderBy('id', 'desc')
          .execute();
        return rows.map(readEvaluation);
      }),
  };
}

async function firstTime(trx: Reader, key: string, now: number, keepMs: number): Promise<boolean> {
  await forgetDeliveries(trx, { before: now - keepMs });
  const { numAffectedRows } = await keepDelivery(trx, { key, seen_at: now });
  return (numAffectedRows ?? 0n) > 0n;
}

const forgetDeliveries = prepared((db, { before }: { readonly before: number }) =>
  db.deleteFrom('deliveries').where('seen_at', '<', before),
);

const keepDelivery = prepared((db, row: Insertable<Database['deliveries']>) =>
  db
    .insertInto('deliveries')
    .values(row)
    .onConflict((conflict) => conflict.column('key').doNothing()),
);
