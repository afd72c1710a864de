/** Taking what is personal and free out of what is over, in the events and wherever they are repeated; the chain notes it. */

import { canonicalText } from '../audit/canonical.ts';
import { openPart } from '../audit/open-part.ts';
import type { AuditStore, RedactionNote } from '../core/audit.ts';
import { fold } from '../core/fold.ts';
import { type RequestId, requestIdOf } from '../core/ids.ts';
import { endedStatuses, type RequestEvent } from '../core/request.ts';
import type { Reader, Writer } from './dialect.ts';
import { columnsOf, numberOf, type RequestColumns, readEvent, readRequest } from './request-rows.ts';
import type { Sql } from './sql.ts';

export function createRedaction(sql: Sql): Pick<AuditStore, 'redactRequests'> {
  return {
    redactRequests: (which, rule, now, limit) =>
      sql.write(async (trx) => {
        const numbers = await heldOver(sql, trx, which, limit);
        const positions: number[] = [];
        const left: RequestId[] = [];
        for (const number of numbers) {
          const found = await redact(trx, number);
          if (found) positions.push(...found);
          else left.push(requestIdOf(number));
        }
        await noteRedaction(sql, trx, { rule, positions, now });
        const last = numbers.at(-1);
        return {
          ...{ requests: numbers.length - left.length, events: positions.length, left },
          ...(last === undefined ? {} : { last: requestIdOf(last) }),
        };
      }),
  };
}

/** Instead of the key that it was asked under, which names who asked. */
export function redactedKey(id: RequestId): string {
  return `redacted:${id}`;
}

/** Says in the chain what has lost its content: without it, that would be somebody's work. */
export async function noteRedaction(
  sql: Sql,
  trx: Writer,
  {
    rule,
    positions,
    now,
  }: { readonly rule: string; readonly positions: readonly number[]; readonly now: number },
): Promise<void> {
  if (positions.length === 0) return;
  const body: RedactionNote = { rule, positions: runsOf(positions) };
  await sql.joinChain(trx, [{ kind: 'chain', at: now, type: 'redacted', body }]);
}

/**
 * Held before it is looked at: what somebody changes at this moment is left for the next time, and what was changed just
 * before is asked again whether it still is to be redacted.
 */
async function heldOver(
  { dialect }: Sql,
  trx: Writer,
  which: Parameters<AuditStore['redactRequests']>[0],
  limit: number,
): Promise<number[]> {
  const held = await dialect.lock(over(trx, which, limit), 'skip').execute();
  if (held.length === 0) return [];
  const numbers = held.map(({ number }) => number);
  const still = await over(trx, which, limit).where('number', 'in', numbers).execute();
  return still.map(({ number }) => number);
}

/** What is ended, holds nothing, owes nothing and still has something to lose; the oldest first. */
function over(
  db: Reader,
  { before, person, after }: Parameters<AuditStore['redactRequests']>[0],
  limit: number,
) {
  let rows = db
    .selectFrom('requests')
    .select('number')
    .where('number', 'in', (inner) =>
      inner
        .selectFrom('audit')
        .select('audit.request_number')
        .where('audit.salt', 'is not', null)
        .where('audit.kind', '=', 'event')
        .where('audit.at', '<', before),
    )
    .where('status', 'in', [...endedStatuses])
    .where('has_living_environment', '=', 0)
    .where('owes_review', '=', 0)
    .where('due_at', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('events')
            .select('seq')
            .whereRef('events.request_number', '=', 'requests.number')
            .where('events.at', '>=', before),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom('locks').select('keys').whereRef('locks.request_number', '=', 'requests.number')),
      ),
    )
    .orderBy('number')
    .limit(limit);
  if (after !== undefined) rows = rows.where('number', '>', numberOf(after));
  if (person !== undefined) rows = rows.where('requester', '=', person);
  return rows;
}

/** The positions of its events; nothing, and nothing is changed, when what is left of it could not be read. */
async function redact(trx: Writer, number: number): Promise<number[] | undefined> {
  const rows = await trx
    .selectFrom('events')
    .select(['request_number', 'seq', 'body'])
    .where('request_number', '=', number)
    .orderBy('seq')
    .execute();
  const open = openedUp(number, rows);
  if (!open) return undefined;
  // Salts first: the database lets no body be changed whose salt is still there.
  const links = await trx
    .updateTable('audit')
    .set({ salt: null })
    .where('kind', '=', 'event')
    .where('request_number', '=', number)
    .where('salt', 'is not', null)
    .returning('position')
    .execute();
  for (const [index, event] of open.events.entries()) {
    await trx
      .updateTable('events')
      .set({ body: canonicalText(event) })
      .where('request_number', '=', number)
      .where('seq', '=', index + 1)
      .execute();
  }
  await trx
    .updateTable('requests')
    .set({ ...open.columns, submission_key: redactedKey(requestIdOf(number)) })
    .where('number', '=', number)
    .execute();
  await trx.deleteFrom('evaluations').where('request_number', '=', number).execute();
  return links.map(({ position }) => Number(position));
}

/** What cannot be read again would stop every list that it is in, and all others from being redacted. */
function openedUp(
  number: number,
  rows: readonly unknown[],
): { readonly events: readonly RequestEvent[]; readonly columns: RequestColumns } | undefined {
  try {
    const events = rows.map((row) => openPart(readEvent(row).event) as RequestEvent);
    const columns = columnsOf(fold(events));
    readRequest({ number, version: columns.version, snapshot: columns.snapshot });
    return { events, columns };
  } catch {
    return undefined;
  }
}

function runsOf(positions: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const position of positions.toSorted((one, other) => one - other)) {
    const newest = runs.at(-1);
    if (newest?.[1] === position - 1) newest[1] = position;
    else runs.push([position, position]);
  }
  return runs;
}
