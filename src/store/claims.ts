/** Who carries a request on: leases that lapse, and a fence that rises with each. */
import { sql as raw } from 'kysely';
import { type Moment, requestIdOf } from '../core/ids.ts';
import { unreadableRetryMs } from '../core/lock-life.ts';
import { type Problem, ProblemError, problemFrom } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import type { Claim, Store } from '../core/store.ts';
import type { SqlDialect, Writer } from './dialect.ts';
import { prepared } from './prepared.ts';
import { numberOf } from './request-rows.ts';
import type { Sql } from './sql.ts';

export function createClaims(
  sql: Sql,
): Pick<Store, 'claimDue' | 'leftToNewer' | 'renew' | 'release' | 'postpone' | 'nextDueAt'> {
  const nextFree = nextFreeOf(sql.dialect);
  const known = sql.forms.known;
  return {
    async claimDue(holder, now, leaseMs) {
      const found = await sql.write(async (trx) => {
        const [row] = (await nextFree(trx, { now, known })).rows;
        if (!row) return undefined;
        const request = readable(sql, row);
        if ('cause' in request) {
          // One damaged row must not keep all that is behind it waiting: it is asked for again, and told again, later.
          await putOff(trx, { number: row.number, until: now + unreadableRetryMs });
          return request;
        }
        const fence = row.lease_fence + 1;
        const claim: Claim = { requestId: request.id, holder, fence, until: now + leaseMs };
        await take(trx, { ...claim, number: row.number });
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
          .where('form', '>', known)
          .limit(10)
          .execute();
        return rows.map((row) => requestIdOf(row.number));
      }),

    renew: (claim, now, leaseMs) =>
      sql.writeForNow(async (trx) => {
        const kept = { ...claim, number: numberOf(claim.requestId), until: now + leaseMs };
        const { numAffectedRows = 0n } = await prolong(trx, kept);
        return numAffectedRows > 0n;
      }),

    release: (claim) => sql.write((trx) => giveUp(trx, claim, null)),
    // `lease_until` without a holder: free from then on. What happens makes it free at once, also what has happened
    // since it was claimed: an approval must not wait for the next reminder because both came at one moment.
    postpone: (claim, until) => sql.write((trx) => giveUp(trx, claim, until)),

    nextDueAt: () =>
      sql.read(async (db) => {
        const [next] = (await firstFree(db, { known })).rows;
        return next === undefined || next.at === null ? undefined : Number(next.at);
      }),
  };
}

/** The row that has been free for longest, held until the transaction ends; one that another replica holds is passed over. */
function nextFreeOf({ lock }: SqlDialect) {
  return prepared((db, { now, known }: { readonly now: Moment; readonly known: number }) =>
    lock(
      db
        .selectFrom('requests')
        .select(['number', 'version', 'snapshot', 'lease_fence'])
        .where('due_at', 'is not', null)
        .where(freeFrom, '<=', now)
        .where('form', '<=', known)
        .orderBy(freeFrom)
        .orderBy('number')
        .limit(1),
      'skip',
    ),
  );
}

interface Held extends Pick<Claim, 'holder' | 'fence' | 'until'> {
  readonly number: number;
}

const take = prepared((db, { number, holder, until, fence }: Held) =>
  db
    .updateTable('requests')
    .set({ lease_holder: holder, lease_until: until, lease_fence: fence, has_news: 0 })
    .where('number', '=', number),
);

const prolong = prepared((db, { number, holder, fence, until }: Held) =>
  db
    .updateTable('requests')
    .set({ lease_until: until })
    .where('number', '=', number)
    .where('lease_holder', '=', holder)
    .where('lease_fence', '=', fence),
);

const putOff = prepared((db, { number, until }: { readonly number: number; readonly until: Moment }) =>
  db.updateTable('requests').set({ lease_holder: null, lease_until: until }).where('number', '=', number),
);

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
  await letGo(trx, { number: numberOf(claim.requestId), holder: claim.holder, fence: claim.fence, until });
}

interface LetGo extends Omit<Held, 'until'> {
  /** `null`: free at once. */
  readonly until: Moment | null;
}

const letGo = prepared((db, { number, holder, fence, until }: LetGo) =>
  db
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
    .where('number', '=', number)
    .where('lease_holder', '=', holder)
    .where('lease_fence', '=', fence),
);

const firstFree = prepared((db, { known }: { readonly known: number }) =>
  db
    .selectFrom('requests')
    .select(({ fn }) => fn.min<number | null>(freeFrom).as('at'))
    .where('due_at', 'is not', null)
    .where('form', '<=', known),
);

/** When it is due and no lease is in the way, whichever is later: as the index `requests_free` has it. */
const freeFrom = raw<number>`(case when lease_until > due_at then lease_until else due_at end)`;
