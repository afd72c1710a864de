/** How entries join the chain: one after the other, whoever writes. */
import { randomBytes } from 'node:crypto';
import { type Head, nextEntry } from '../audit/chain.ts';
import { rowOfEntry } from './audit-rows.ts';
import type { SqlDialect } from './dialect.ts';
import type { JoinChain } from './sql.ts';

export function createChain(dialect: SqlDialect): JoinChain {
  return async (trx, sources) => {
    if (sources.length === 0) return;
    // Of two that append at once the second waits here, and sees the first's entry.
    const row = await dialect
      .lock(trx.selectFrom('audit_head').select(['position', 'hash']).where('name', '=', 'chain'), 'wait')
      .executeTakeFirstOrThrow();
    let head: Head = { position: Number(row.position), hash: row.hash };
    const rows = sources.map((source) => {
      const entry = nextEntry(head, source, randomBytes(saltBytes).toString('hex'));
      head = { position: entry.link.position, hash: entry.hash };
      return rowOfEntry(entry);
    });
    await trx.insertInto('audit').values(rows).execute();
    await trx.updateTable('audit_head').set(head).where('name', '=', 'chain').execute();
  };
}

const saltBytes = 16;
