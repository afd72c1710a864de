/** The store over any of our databases: one part per file, the same statements for all. */
import { sql as raw } from 'kysely';
import type { AuditStore } from '../core/audit.ts';
import type { Store } from '../core/store.ts';
import { createAudit } from './audit.ts';
import { createChain } from './audit-chain.ts';
import { createRedaction } from './audit-redaction.ts';
import { createBringForward } from './bring-forward.ts';
import { createClaims } from './claims.ts';
import { createCodeRows } from './codes.ts';
import { createDelegations } from './delegations.ts';
import { createDeliveries } from './deliveries.ts';
import type { Reader, SqlDialect } from './dialect.ts';
import { createDrafts } from './drafts.ts';
import { createEvaluations } from './evaluations.ts';
import { createForgetting } from './forget.ts';
import { ourForms } from './forms.ts';
import { rememberLastWrite } from './last-write.ts';
import { createLeases } from './leases.ts';
import { createLocks } from './locks.ts';
import { createOnce } from './once.ts';
import { createOutboxRows } from './outbox.ts';
import { createRefusals } from './refusals.ts';
import { createRequests } from './requests.ts';
import { createSql, type SqlWays } from './sql.ts';
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
    ...createForgetting(sql),
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
    ...createDeliveries(sql),
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
