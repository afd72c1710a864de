/** Who carries a request on: leases that lapse, and a fence that rises with each. */
import { sql as raw } from 'kysely';
import { type Moment, requestIdOf } from '../core/ids.ts';
import { unreadableRetryMs } from '../core/lock-life.ts';
import { type Problem, ProblemError, problemFrom } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import type { Claim, Store } from '../core/store.ts';
import type { Reader, Writer } from './dialect.ts';
import { numberOf } from './request-rows.ts';
import type { Sql } from './sql.ts';

export function createClaims(
  sql: Sql,
): Pick<Store, 'claimDue' | 'leftToNewer' | 'renew' | 'release' | 'postpone' | 'nextDueAt'> {
  return {
    async claimDue(holder, now, leaseMs) {
      const found = await sql.write(async (trx) => {
        const row = await nextFree(sql, trx, now);
        if (!row) return undefined;
        const request = readable(sql, row);
        if ('cause' in request) {
          // One damaged row must not keep all that is behind it waiting: it is asked for again, and told again, later.
          await putOff(trx, row.number, now + unreadableRetryMs);
          return request;
        }
        const fence = row.lease_fence + 1;
        const claim: Claim = { requestId: request.id, holder, fence, until: now + leaseMs };
        await take(trx, row.number, claim);
        return { request, claim };
      });
      if (found && 'cause' in found) throw new ProblemError(found.cause);
      return found;
    },

    leftToNewer: (now) =>
      sql.read(async (db) => {
        const rows = await db
          .selectFrom('requests')
          .select('number')
          .where('due_at', '<=', now)
          .where('form', '>', sql.forms.known)
          .limit(10)
          .execute();
        return rows.map((row) => requestIdOf(row.number));
      }),

    renew: (claim, now, leaseMs) =>
      sql.writeForNow(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('requests')
          .set({ lease_until: now + leaseMs })
          .where('number', '=', numberOf(claim.requestId))
          .where('lease_holder', '=', claim.holder)
          .where('lease_fence', '=', claim.fence)
          .executeTakeFirst();
        return numUpdatedRows > 0n;
      }),

    release: (claim) => sql.write((trx) => giveUp(trx, claim, null)),
    // `lease_until` without a holder: free from then on. What happens makes it free at once, also what has happened
    // since it was claimed: an approval must not wait for the next reminder because both came at one moment.
    postpone: (claim, until) => sql.write((trx) => giveUp(trx, claim, until)),

    nextDueAt: () => sql.read((db) => nextDueAt(db, sql.forms.known)),
  };
}

/** The row that has been free for longest, held until the transaction ends; one that another replica holds is passed over. */
function nextFree(sql: Sql, trx: Writer, now: Moment) {
  const free = trx
    .selectFrom('requests')
    .select(['number', 'version', 'snapshot', 'lease_fence'])
    .where('due_at', 'is not', null)
    .where(freeFrom, '<=', now)
    .where('form', '<=', sql.forms.known)
    .orderBy(freeFrom)
    .orderBy('number')
    .limit(1);
  return sql.dialect.lock(free, 'skip').executeTakeFirst();
}

async function take(trx: Writer, number: number, { holder, until, fence }: Claim): Promise<void> {
  await trx
    .updateTable('requests')
    .set({ lease_holder: holder, lease_until: until, lease_fence: fence, has_news: 0 })
    .where('number', '=', number)
    .execute();
}

async function putOff(trx: Writer, number: number, until: Moment): Promise<void> {
  await trx
    .updateTable('requests')
    .set({ lease_holder: null, lease_until: until })
    .where('number', '=', number)
    .execute();
}

function readable(
  sql: Sql,
  row: Parameters<Sql['readRequest']>[0],
): PlatformRequest | { readonly cause: Problem } {
  try {
    return sql.readRequest(row);
  } catch (error) {
    return { cause: problemFrom(error) };
  }
}

/** Does nothing when somebody else holds it now. */
async function giveUp(trx: Writer, claim: Claim, until: Moment | null): Promise<void> {
  await trx
    .updateTable('requests')
    .set((row) => ({
      lease_holder: null,
      lease_until: row
        .case()
        .when('has_news', '=', 1)
        .then(null)
        .else(row.cast<number | null>(row.val(until), 'bigint'))
        .end(),
    }))
    .where('number', '=', numberOf(claim.requestId))
    .where('lease_holder', '=', claim.holder)
    .where('lease_fence', '=', claim.fence)
    .execute();
}

async function nextDueAt(db: Reader, knownForm: number): Promise<number | undefined> {
  const next = await db
    .selectFrom('requests')
    .select(({ fn }) => fn.min<number | null>(freeFrom).as('at'))
    .where('due_at', 'is not', null)
    .where('form', '<=', knownForm)
    .executeTakeFirstOrThrow();
  return next.at === null ? undefined : Number(next.at);
}

/** When it is due and no lease is in the way, whichever is later: as the index `requests_free` has it. */
const freeFrom = raw<number>`(case when lease_until > due_at then lease_until else due_at end)`;
