/**
 * Locks, written in the transaction of the events that they follow from. A row is there for as long as the fold says
 * that a request holds or waits; here it is decided whether that can be so, and who has to look again because of it.
 */
import { nextFence } from '../core/fence.ts';
import { apply } from '../core/fold.ts';
import type { RequestId } from '../core/ids.ts';
import { type Lock, type LockOrder, type LockTable, type LockWait, standingOf } from '../core/lock.ts';
import { anyOverlap, type LockKey } from '../core/lock-key.ts';
import { heldLock } from '../core/lock-life.ts';
import type { EventOf, EventType, PlatformRequest, RequestEvent } from '../core/request.ts';
import type { Store } from '../core/store.ts';
import type { Reader, SqlDialect, Writer } from './dialect.ts';
import { lockColumns, readLock, readWait } from './lock-rows.ts';
import { numberOf } from './request-rows.ts';
import type { Sql } from './sql.ts';

export function createLocks(sql: Sql): Pick<Store, 'locks'> {
  return { locks: () => sql.read(readTable) };
}

async function readTable(db: Reader): Promise<LockTable> {
  const held = await db.selectFrom('locks').selectAll().orderBy('request_number').execute();
  const waiting = await db.selectFrom('lock_waits').selectAll().orderBy('place').execute();
  return { held: held.map(readLock), waiting: waiting.map(readWait) };
}

/**
 * Held first by whoever may take, give back or wait: all of that happens one after the other, and always before the
 * rows of the requests themselves, so that no two wait for each other.
 */
export async function orderLocks(
  dialect: SqlDialect,
  trx: Writer,
  events: readonly RequestEvent[],
): Promise<void> {
  if (!events.some(({ type }) => touchLocks.has(type))) return;
  await dialect
    .lock(trx.selectFrom('counters').select('value').where('name', '=', 'fences'), 'wait')
    .executeTakeFirstOrThrow();
}

const touchLocks: ReadonlySet<EventType> = new Set([
  ...(['evaluated', 'started', 'denied', 'cancelled', 'expired', 'failed', 'succeeded'] as const),
  ...(['lock_queued', 'lock_ended', 'lock_handed_over'] as const),
]);

/**
 * The events with what only this transaction knows: the fence of a taking, and behind whom somebody waits.
 * `conflict`: what was to be taken is not free, or what was to be waited for is.
 */
export async function settleLocks(
  trx: Writer,
  events: readonly RequestEvent[],
): Promise<readonly RequestEvent[] | 'conflict'> {
  const settled: RequestEvent[] = [];
  for (const event of events) {
    const one = event.type === 'started' || event.type === 'lock_queued' ? await settle(trx, event) : event;
    if (one === 'conflict') return 'conflict';
    settled.push(one);
  }
  return settled;
}

async function settle(
  trx: Writer,
  event: EventOf<'started'> | EventOf<'lock_queued'>,
): Promise<RequestEvent | 'conflict'> {
  const order: LockOrder | undefined = event.type === 'started' ? event.lock : event.order;
  if (!order) return event;
  const standing = standingOf(order, await readTable(trx));
  const isFree = standing.behind.length === 0;
  if (event.type === 'lock_queued') return isFree ? 'conflict' : { ...event, ...standing };
  if (!event.lock || !isFree) return 'conflict';
  return { ...event, lock: { ...event.lock, fence: await next(trx, event.at) } };
}

/** Places in a queue come from the same series: both only ever rise. */
async function next(trx: Writer, now: number): Promise<number> {
  const { value } = await trx
    .selectFrom('counters')
    .select('value')
    .where('name', '=', 'fences')
    .executeTakeFirstOrThrow();
  const number = nextFence(Number(value), now);
  await trx.updateTable('counters').set({ value: number }).where('name', '=', 'fences').execute();
  return number;
}

/** Brings the rows to what the fold says now, and wakes whoever waits there: it may go on, or is behind others now. */
export async function followLocks(
  trx: Writer,
  before: PlatformRequest,
  events: readonly RequestEvent[],
): Promise<void> {
  const after = events.reduce(apply, before);
  const changed = [...(await followHeld(trx, before, after)), ...(await followWait(trx, before, after))];
  if (changed.length > 0) await wake(trx, after.id, changed, after.updatedAt);
}

async function followHeld(
  trx: Writer,
  before: PlatformRequest,
  after: PlatformRequest,
): Promise<readonly LockKey[]> {
  const [had, has] = [rowOf(before), rowOf(after)];
  if (!has) {
    if (had) await forget(trx, [after.id]);
    return had?.keys ?? [];
  }
  if (!had) {
    // Whoever they are taken from learns of it by an event of their own; here it counts at once.
    await forget(trx, has.over);
    await trx
      .insertInto('locks')
      .values({ request_number: numberOf(after.id), ...lockColumns(has) })
      .execute();
    return has.keys;
  }
  const columns = lockColumns(has);
  if (lockColumns(had).body === columns.body) return [];
  // No new row: one that was stolen meanwhile stays away.
  await trx.updateTable('locks').set(columns).where('request_number', '=', numberOf(after.id)).execute();
  return has.keys;
}

/** Only what the row is about: what became of the lock is the request's own. */
function rowOf(request: PlatformRequest): Lock | undefined {
  const lock = heldLock(request);
  if (!lock) return undefined;
  const { activeAt: _activeAt, reminders: _reminders, end: _end, ...row } = lock;
  return row;
}

async function followWait(
  trx: Writer,
  before: PlatformRequest,
  after: PlatformRequest,
): Promise<readonly LockKey[]> {
  const number = numberOf(after.id);
  if (before.queue && !after.queue) {
    await trx.deleteFrom('lock_waits').where('request_number', '=', number).execute();
    return before.queue.order.keys;
  }
  if (!before.queue && after.queue) {
    const { order, since } = after.queue;
    const wait: LockWait = { ...order, since, place: await next(trx, since) };
    await trx
      .insertInto('lock_waits')
      .values({ request_number: number, place: wait.place, ...lockColumns(wait) })
      .execute();
  }
  return [];
}

async function forget(trx: Writer, ids: readonly RequestId[]): Promise<void> {
  if (ids.length === 0) return;
  await trx.deleteFrom('locks').where('request_number', 'in', ids.map(numberOf)).execute();
}

/** They are due now, and each finds out by itself whether its turn has come. */
async function wake(trx: Writer, by: RequestId, changed: readonly LockKey[], now: number): Promise<void> {
  const { waiting } = await readTable(trx);
  const woken = waiting.filter(({ requestId, keys }) => requestId !== by && anyOverlap(keys, changed));
  if (woken.length === 0) return;
  await trx
    .updateTable('requests')
    .set((row) => ({
      due_at: now,
      // As with an append: a postponement ends, a lease does not, but whoever has it is not the last to look.
      has_news: 1,
      lease_until: row.case().when('lease_holder', 'is', null).then(null).else(row.ref('lease_until')).end(),
    }))
    .where(
      'number',
      'in',
      woken.map(({ requestId }) => numberOf(requestId)),
    )
    .execute();
}
