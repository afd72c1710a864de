/** Every table there is, with what a copy of all of them needs to know. */
import type { Database } from './schema.ts';

interface TableFacts {
  /** Its primary key: a copy goes through it in that order. */
  readonly key: readonly string[];
  /** The migrations put rows into it, which say nothing until something has happened. */
  readonly isSeeded?: true;
  /** Its `id` is given by the database. */
  readonly isNumbered?: true;
}

/** Those that others refer to come first. The compiler misses a table that is forgotten here. */
const facts = {
  counters: { key: ['name'], isSeeded: true },
  requests: { key: ['number'] },
  events: { key: ['request_number', 'seq'] },
  evaluations: { key: ['id'], isNumbered: true },
  cards: { key: ['request_number'] },
  outbox: { key: ['id'], isNumbered: true },
  deliveries: { key: ['key'] },
  drafts: { key: ['id'] },
  watches: { key: ['id'] },
  codes: { key: ['person'] },
  locks: { key: ['request_number'] },
  lock_waits: { key: ['request_number'] },
  delegations: { key: ['delegator'] },
  refusals: { key: ['id'], isNumbered: true },
  timers: { key: ['name'] },
  told: { key: ['name'] },
  audit: { key: ['position'] },
  audit_head: { key: ['name'], isSeeded: true },
  checkpoints: { key: ['position'] },
  cursors: { key: ['name'] },
  leases: { key: ['name'] },
  schema_floor: { key: ['name'], isSeeded: true },
  chat_lanes: { key: ['name'] },
} as const satisfies Record<keyof Database, TableFacts>;

export type TableName = keyof typeof facts;

export const tables: Readonly<Record<TableName, TableFacts>> = facts;
export const tableNames = Object.keys(facts) as readonly TableName[];
