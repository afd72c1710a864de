/** How entries join the chain: one after the other, whoever writes. */
import { randomBytes } from 'node:crypto';
import type { Insertable } from 'kysely';
import { type Head, nextEntry } from '../audit/chain.ts';
import { rowOfEntry } from './audit-rows.ts';
import type { SqlDialect } from './dialect.ts';
import { prepared } from './prepared.ts';
import type { AuditTable } from './schema.ts';
import type { JoinChain } from './sql.ts';

export function createChain(dialect: SqlDialect): JoinChain {
  const holdHead = prepared((db) =>
    dialect.lock(
      db.selectFrom('audit_head').select(['position', 'hash']).where('name', '=', 'chain'),
      'wait',
    ),
  );
  return async (trx, sources) => {
    if (sources.length === 0) return;
    // Of two that append at once the second waits here, and sees the first's entry.
    const [row] = (await holdHead(trx, {})).rows;
    if (!row) throw new Error('the audit has no head');
    let head: Head = { position: Number(row.position), hash: row.hash };
    const rows = sources.map((source) => {
      const entry = nextEntry(head, source, randomBytes(saltBytes).toString('hex'));
      head = { position: entry.link.position, hash: entry.hash };
      return rowOfEntry(entry);
    });
    await insertEntries(trx, rows);
    await moveHead(trx, head);
  };
}

const insertEntries = prepared((db, rows: readonly Insertable<AuditTable>[]) =>
  db.insertInto('audit').values(rows),
);

const moveHead = prepared((db, { position, hash }: Head) =>
  db.updateTable('audit_head').set({ position, hash }).where('name', '=', 'chain'),
);

const saltBytes = 16;
