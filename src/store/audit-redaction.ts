/** Taking what is personal and free out of what is over, in the events and wherever they are repeated; the chain notes it. */

import { canonicalText } from '../audit/canonical.ts';
import { openPart } from '../audit/open-part.ts';
import type { AuditStore, RedactionNote } from '../core/audit.ts';
import { fold } from '../core/fold.ts';
import { requestIdOf } from '../core/ids.ts';
import { endedStatuses, type RequestEvent } from '../core/request.ts';
import type { Reader, Writer } from './dialect.ts';
import { columnsOf, readEvent, readRequest } from './rows.ts';
import type { Sql } from './sql.ts';

export function createRedaction(sql: Sql): Pick<AuditStore, 'redactRequests'> {
  return {
    redactRequests: (which, rule, now, limit) =>
      sql.write(async (trx) => {
        const numbers = await over(trx, which, limit);
        const positions: number[] = [];
        for (const number of numbers) positions.push(...(await redact(trx, number)));
        await noteRedaction(sql, trx, { rule, positions, now });
        return { requests: numbers.length, events: positions.length };
      }),
  };
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

/** What is ended, holds nothing, owes nothing and still has something to lose; the oldest first. */
async function over(
  db: Reader,
  { before, person }: Parameters<AuditStore['redactRequests']>[0],
  limit: number,
): Promise<number[]> {
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
  if (person !== undefined) rows = rows.where('requester', '=', person);
  return (await rows.execute()).map(({ number }) => number);
}

/** The positions of its events. */
async function redact(trx: Writer, number: number): Promise<number[]> {
  const id = requestIdOf(number);
  const links = await trx
    .selectFrom('audit')
    .select('position')
    .where('kind', '=', 'event')
    .where('request_number', '=', number)
    .where('salt', 'is not', null)
    .execute();
  // Salts first: the database lets no body be changed whose salt is still there.
  await trx
    .updateTable('audit')
    .set({ salt: null })
    .where('kind', '=', 'event')
    .where('request_number', '=', number)
    .execute();
  const rows = await trx
    .selectFrom('events')
    .select(['request_number', 'seq', 'body'])
    .where('request_number', '=', number)
    .orderBy('seq')
    .execute();
  const events: RequestEvent[] = [];
  for (const { seq, event } of rows.map(readEvent)) {
    const open = openPart(event) as RequestEvent;
    events.push(open);
    await trx
      .updateTable('events')
      .set({ body: canonicalText(open) })
      .where('request_number', '=', number)
      .where('seq', '=', seq)
      .execute();
  }
  const columns = columnsOf(fold(events));
  // What could not be read again would stop every list that it is in.
  readRequest({ number, version: columns.version, snapshot: columns.snapshot });
  await trx
    .updateTable('requests')
    .set({ ...columns, submission_key: `redacted:${id}` })
    .where('number', '=', number)
    .execute();
  await trx.deleteFrom('evaluations').where('request_number', '=', number).execute();
  return links.map(({ position }) => Number(position));
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
