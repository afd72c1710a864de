/** Deleting what is personal and stands beside the requests: no event and no chain has it. */
import { z } from 'zod';
import type { AuditStore } from '../core/audit.ts';
import { delegationSchema } from '../core/delegation.ts';
import { redactedKey } from './audit-redaction.ts';
import type { Reader } from './dialect.ts';
import { fromJson, parsed } from './read-row.ts';
import type { Sql } from './sql.ts';

export function createForgetting(sql: Sql): Pick<AuditStore, 'forgetLooks' | 'forgetDelegations'> {
  return {
    async forgetLooks({ before, person }, limit) {
      let forgotten = 0;
      for (let last: Look | undefined; ; ) {
        const page = await sql.read((db) => looksAfter(db, last, before).limit(limit).execute());
        const theirs = person === undefined ? page : page.filter((look) => isBy(person, look));
        const ids = theirs.map(({ id }) => id);
        if (ids.length > 0)
          await sql.write((trx) => trx.deleteFrom('evaluations').where('id', 'in', ids).execute());
        forgotten += ids.length;
        last = page.at(-1);
        if (page.length < limit) return forgotten;
      }
    },

    // By what is there, and not along with each request: one may be redacted while what it has lent is still in force.
    forgetDelegations: (now) =>
      sql.write(async (trx) => {
        const rows = await trx.selectFrom('delegations').selectAll().where('until', '<=', now).execute();
        if (rows.length === 0) return;
        const over = rows.map(({ delegator, body }) => ({ delegator, key: redactedKey(requestIn(body)) }));
        const keys = over.map(({ key }) => key);
        const found = await trx
          .selectFrom('requests')
          .select('submission_key')
          .where('submission_key', 'in', keys)
          .execute();
        const redacted = new Set(found.map((row) => row.submission_key));
        const lenders = over.filter(({ key }) => redacted.has(key)).map(({ delegator }) => delegator);
        if (lenders.length === 0) return;
        await trx
          .deleteFrom('delegations')
          .where('delegator', 'in', lenders)
          .where('until', '<=', now)
          .execute();
      }),
  };
}

interface Look {
  readonly id: number;
  readonly at: number;
  readonly facts: string;
}

/** The oldest first. What follows the last page is found by the index, and not by reading the pages before it again. */
function looksAfter(db: Reader, last: Look | undefined, before: number) {
  const rows = db
    .selectFrom('evaluations')
    .select(['id', 'at', 'facts'])
    .where('stage', '=', 'read')
    .where('at', '<', before)
    .orderBy('at')
    .orderBy('id');
  if (!last) return rows;
  const { at, id } = last;
  return rows.where('at', '>=', at).where((row) => row.or([row('at', '>', at), row('id', '>', id)]));
}

/** Facts of whatever version of Greenlight. */
const factsSchema = z.object({ requester: z.object({ id: z.string() }).optional() });

function isBy(person: string, { id, facts }: Look): boolean {
  const name = `evaluation ${id}`;
  return parsed(name, factsSchema, fromJson(name, facts)).requester?.id === person;
}

function requestIn(body: string) {
  const name = 'a row of delegations';
  return parsed(name, delegationSchema, fromJson(name, body)).requestId;
}
