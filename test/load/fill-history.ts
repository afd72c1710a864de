/**
 * A database with a long past: valid events, their folds, evaluations, cards and the chain of the audit, written in
 * batches with the checks of the disk off. What is in it is read by the same code as any other.
 */
import BetterSqlite3 from 'better-sqlite3';
import { beginning, type Head, nextEntry } from '../../src/audit/chain.ts';
import { dayMs } from '../../src/core/duration.ts';
import { fold } from '../../src/core/fold.ts';
import { type PersonId, personIdSchema, type RequestId, requestIdOf } from '../../src/core/ids.ts';
import type { RequestEvent } from '../../src/core/request.ts';
import { rowOfEntry } from '../../src/store/audit-rows.ts';
import { columnsOf } from '../../src/store/request-rows.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { evaluated, evaluation, plan, requested } from '../store/example-requests.ts';

const batch = 5_000;

/** @param people who asked for all of it, by turns. */
export async function fillHistory(file: string, count: number, people: readonly string[]): Promise<void> {
  await (await openSqliteStore({ file })).close();
  const database = new BetterSqlite3(file);
  database.pragma('synchronous = OFF');
  database.pragma('journal_mode = MEMORY');
  const insert = prepare(database);
  const facts = JSON.stringify(evaluation.facts);
  const verdict = JSON.stringify(evaluation.verdict);
  const [from, now] = [Date.now() - 500 * dayMs, Date.now() - dayMs];
  let head: Head = { position: 0, hash: beginning };
  for (let start = 1; start <= count; start += batch) {
    database.transaction(() => {
      for (let number = start; number < start + batch && number <= count; number++) {
        const at = Math.floor(from + ((now - from) * number) / count);
        const id = requestIdOf(number);
        const events = lifeOf(id, personIdSchema.parse(people[number % people.length]), number, at);
        const columns = columnsOf(fold(events));
        insert.request.run({ ...columns, number, submission_key: `past ${number}` });
        for (const [index, event] of events.entries()) {
          const seq = index + 1;
          insert.event.run(number, seq, event.type, event.at, JSON.stringify(event));
          const source = {
            kind: 'event',
            at: event.at,
            type: event.type,
            request: id,
            seq,
            body: event,
          } as const;
          const entry = nextEntry(head, source, `${number.toString(16)}${seq}`.padStart(32, '0'));
          head = { position: entry.link.position, hash: entry.hash };
          insert.audit.run(rowOfEntry(entry));
        }
        insert.evaluation.run(number, 'submit', at, facts, verdict);
        insert.card.run(number, 'C0REQUESTS', tsOf(at, number), events.length);
        insert.outbox.run(`${id}:card`, number, 'card', events.length, at);
      }
    })();
  }
  database.prepare("update counters set value = ? where name = 'requests'").run(count);
  database
    .prepare("update audit_head set position = ?, hash = ? where name = 'chain'")
    .run(head.position, head.hash);
  database.pragma('journal_mode = WAL');
  database.close();
}

/** As Slack names a message; when it was posted is read from it. */
function tsOf(at: number, number: number): string {
  return `${Math.floor(at / 1_000)}.${String(number % 1_000_000).padStart(6, '0')}`;
}

/** One in three ran to its end; the others were refused or taken back. */
function lifeOf(id: RequestId, by: PersonId, number: number, at: number): readonly RequestEvent[] {
  const requester = { id: by, name: by, kind: 'member', email: `${by.toLowerCase()}@acme.example` } as const;
  const first = [
    requested(id, { at, requester, action: actions[number % actions.length] ?? 'deploy' }),
    evaluated('require_approval', at + 1),
  ];
  if (number % 3 > 0) return [...first, { type: 'cancelled', at: at + 2, by: requester }];
  return [
    ...first,
    { type: 'approved', at: at + 2, because: 'policy' },
    { type: 'started', at: at + 3, plan },
    { type: 'succeeded', at: at + 4, outputs: { links: [], notes: [] } },
  ];
}

const actions = ['deploy', 'service.restart', 'service.scale', 'environment.create', 'workflow.run'];

function prepare(database: BetterSqlite3.Database) {
  const names = (columns: readonly string[]) =>
    `(${columns.join(', ')}) values (${columns.map((name) => `@${name}`).join(', ')})`;
  const requests = [
    'version',
    'status',
    'action',
    'requester',
    'created_at',
    'due_at',
    'has_living_environment',
  ];
  const audit = [
    'position',
    'kind',
    'at',
    'type',
    'open',
    'seal',
    'salt',
    'hash',
    'request_number',
    'seq',
    'body',
  ];
  const more = ['lived_until', 'owes_review', 'snapshot', 'number', 'submission_key'];
  return {
    request: database.prepare(
      `insert into requests ${names([...requests, ...more])
        .replace(') values (', ', lease_fence) values (')
        .replace(/\)$/, ', 0)')}`,
    ),
    event: database.prepare(
      'insert into events (request_number, seq, type, at, body) values (?, ?, ?, ?, ?)',
    ),
    audit: database.prepare(`insert into audit ${names(audit)}`),
    evaluation: database.prepare(
      'insert into evaluations (request_number, stage, at, facts, verdict) values (?, ?, ?, ?, ?)',
    ),
    card: database.prepare(
      'insert into cards (request_number, channel, ts, shown_version) values (?, ?, ?, ?)',
    ),
    outbox: database.prepare(
      `insert into outbox (key, request_number, kind, wanted_version, attempts, next_at, is_done)
       values (?, ?, ?, ?, 0, ?, 1)`,
    ),
  };
}
