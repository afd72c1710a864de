/** Whether what is kept of the requests is what their events say: snapshots, locks and when somebody looks next. */
import { z } from 'zod';
import { canonicalText } from '../audit/canonical.ts';
import { fold } from '../core/fold.ts';
import { type RequestId, requestIdOf } from '../core/ids.ts';
import { heldLock } from '../core/lock-life.ts';
import { isEnded, type PlatformRequest } from '../core/request.ts';
import type { Reader } from './dialect.ts';
import { columnsOf, readEvent, readRequest } from './request-rows.ts';

/** Requests by what is the matter with them; none anywhere is a history as it should be. */
export interface HistoryFaults {
  /** Its rows cannot be read, or its events make no request. */
  readonly unreadable: readonly RequestId[];
  /** What its row says decides something, and is not what its events say. */
  readonly different: readonly RequestId[];
  /** The rest of its snapshot is not what today's fold of its events gives: an older version may have folded it. */
  readonly older: readonly RequestId[];
  /** Open, and nothing says when somebody looks at it again. */
  readonly neverDue: readonly RequestId[];
  /** A lock, or a place in its queue, that its events know nothing of. */
  readonly strayLocks: readonly RequestId[];
  /** Its events say that it holds a lock, or waits for one, of which there is no row. */
  readonly missingLocks: readonly RequestId[];
}

type Fault = keyof HistoryFaults;

/**
 * Looks at every request, a page at a time, while others write: what seems wrong is read once more before it is told.
 * @param looked after each page, with how many so far; it may throw to end the look.
 */
export async function checkHistory(
  db: Reader,
  looked: (requests: number) => Promise<void>,
): Promise<HistoryFaults> {
  const found: Record<Fault, RequestId[]> = {
    unreadable: [],
    different: [],
    older: [],
    neverDue: [],
    strayLocks: [],
    missingLocks: [],
  };
  let requests = 0;
  for (let after = 0; ; ) {
    const page = await db
      .selectFrom('requests')
      .select('number')
      .where('number', '>', after)
      .orderBy('number')
      .limit(pageRequests)
      .execute();
    const last = page.at(-1);
    if (!last) return found;
    for (const [number, faults] of await faultsIn(db, after + 1, last.number)) {
      if (faults.length === 0) continue;
      const again = (await faultsIn(db, number, number)).get(number) ?? [];
      for (const fault of faults) if (again.includes(fault)) found[fault].push(requestIdOf(number));
    }
    requests += page.length;
    after = last.number;
    await looked(requests);
  }
}

/** With their events a few megabytes. */
const pageRequests = 100;

const rowSchema = z.object({ number: z.int(), due_at: z.number().nullable() });

async function faultsIn(
  db: Reader,
  from: number,
  to: number,
): Promise<ReadonlyMap<number, readonly Fault[]>> {
  const rows = await db
    .selectFrom('requests')
    .selectAll()
    .where('number', '>=', from)
    .where('number', '<=', to)
    .execute();
  const events = await db
    .selectFrom('events')
    .select(['request_number', 'seq', 'body'])
    .where('request_number', '>=', from)
    .where('request_number', '<=', to)
    .orderBy('request_number')
    .orderBy('seq')
    .execute();
  const eventsOf = Map.groupBy(events, (event) => event.request_number);
  const locked = await numbersIn(db, 'locks', from, to);
  const waiting = await numbersIn(db, 'lock_waits', from, to);
  return new Map(
    rows.map((row) => {
      const { number, due_at } = rowSchema.parse(row);
      const request = foldOf(eventsOf.get(number) ?? []);
      const kept = readable(() => readRequest(row));
      if (!request || !kept) return [number, ['unreadable']];
      return [
        number,
        [
          ...(isRowOf(kept, row) ? snapshotFaults(kept, request) : (['different'] as const)),
          ...(isEnded(request) || request.queue || due_at !== null ? [] : (['neverDue'] as const)),
          ...lockFaults(request, locked.has(number), waiting.has(number)),
        ],
      ];
    }),
  );
}

function foldOf(rows: readonly unknown[]): PlatformRequest | undefined {
  return readable(() => fold(rows.map((row) => readEvent(row).event)));
}

function readable<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** What is searched for repeats what the snapshot says; only whoever waits for a lock is woken by its row alone. */
function isRowOf(kept: PlatformRequest, row: Readonly<Record<string, unknown>>): boolean {
  const { due_at: _dueAt, snapshot: _snapshot, ...columns } = columnsOf(kept);
  return Object.entries(columns).every(([name, value]) => row[name] === value);
}

function snapshotFaults(kept: PlatformRequest, request: PlatformRequest): Fault[] {
  if (canonicalText(asKept(kept)) === canonicalText(asKept(request))) return [];
  const decides = ({ version, status, action, digest, reviews, requester, input }: PlatformRequest) =>
    canonicalText(asKept({ version, status, action, digest, reviews, requester, input }));
  return [decides(kept) === decides(request) ? 'older' : 'different'];
}

/** As JSON has it, which knows no `undefined`. */
function asKept(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function lockFaults(request: PlatformRequest, isLocked: boolean, isWaiting: boolean): Fault[] {
  const [holds, waits] = [heldLock(request) !== undefined, request.queue !== undefined];
  const faults: Fault[] = [];
  if ((isLocked && !holds) || (isWaiting && !waits)) faults.push('strayLocks');
  if ((!isLocked && holds) || (!isWaiting && waits)) faults.push('missingLocks');
  return faults;
}

async function numbersIn(
  db: Reader,
  table: 'locks' | 'lock_waits',
  from: number,
  to: number,
): Promise<ReadonlySet<number>> {
  const rows = await db
    .selectFrom(table)
    .select('request_number')
    .where('request_number', '>=', from)
    .where('request_number', '<=', to)
    .execute();
  return new Set(rows.map((row) => row.request_number));
}
