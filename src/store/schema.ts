/**
 * The tables, as TypeScript sees them. Only text, integer and bigint columns, so that the same run on SQLite and on
 * PostgreSQL: JSON is text, a moment is milliseconds since the epoch, a truth is 0 or 1.
 */
import type { Generated } from 'kysely';

export interface Database {
  readonly counters: CountersTable;
  readonly requests: RequestsTable;
  readonly events: EventsTable;
  readonly evaluations: EvaluationsTable;
  readonly cards: CardsTable;
  readonly outbox: OutboxTable;
  readonly deliveries: DeliveriesTable;
  readonly drafts: DraftsTable;
  readonly watches: WatchesTable;
  readonly codes: CodesTable;
  readonly locks: LocksTable;
  readonly lock_waits: LockWaitsTable;
  readonly delegations: DelegationsTable;
  readonly refusals: RefusalsTable;
  readonly timers: TimersTable;
  readonly told: ToldTable;
  readonly audit: AuditTable;
  readonly audit_head: AuditHeadTable;
  readonly checkpoints: CheckpointsTable;
  readonly cursors: CursorsTable;
  readonly leases: LeasesTable;
  readonly schema_floor: SchemaFloorTable;
  readonly chat_lanes: ChatLanesTable;
}

/** One row per series of numbers; `fences` also numbers the places in a queue. A counter that rolls back with its transaction leaves no holes; a sequence would. */
interface CountersTable {
  name: 'requests' | 'fences';
  value: number;
}

/** The newest state of each request. `snapshot` is the fold of its events; the other columns repeat what is searched for. */
export interface RequestsTable {
  /** 12 of `REQ-12`. */
  number: number;
  submission_key: string;
  version: number;
  status: string;
  action: string;
  requester: string;
  /** In lower case: another account with the same address is the same person. */
  requester_email: string | null;
  created_at: number;
  due_at: number | null;
  /** 1 when it succeeded in making an environment that is still there. */
  has_living_environment: number;
  /** When the environment that it made was taken away; the last moment there is while it lives, null without one. */
  lived_until: number | null;
  /** 1 while it is an emergency that nobody has looked at. */
  owes_review: number;
  lease_holder: string | null;
  lease_until: number | null;
  lease_fence: number;
  /** Which form of request one must understand to touch it (forms.ts). */
  form: Generated<number>;
  /** 1 when something has happened since it was claimed that was not of its holder's doing. */
  has_news: number;
  snapshot: string;
}

/** The truth: never changed, never deleted. */
interface EventsTable {
  request_number: number;
  /** From 1 within its request. */
  seq: number;
  type: string;
  at: number;
  body: string;
}

interface EvaluationsTable {
  id: Generated<number>;
  /** Null for the evaluation of a read, which is no request. */
  request_number: number | null;
  stage: string;
  at: number;
  facts: string;
  verdict: string;
}

/** Where each card is, and what it shows. */
interface CardsTable {
  request_number: number;
  channel: string;
  ts: string;
  shown_version: number;
}

/** What chat has yet to be told: one row per card, however often it changes, and one per notice. */
interface OutboxTable {
  id: Generated<number>;
  /** `REQ-12:card`, or the notice's own key. */
  key: string;
  request_number: number;
  kind: string;
  /** Of a card; 0 for a notice. */
  wanted_version: number;
  attempts: number;
  next_at: number;
  /** 1 when told. The row stays, so that the same key is never told again. */
  is_done: number;
  /** Why the last attempt failed, for an operator. */
  last_problem: string | null;
  /** 1 of a card that time alone has changed since it was shown; 0 of a notice, whose kind says so (core/by-time.ts). */
  is_by_time: Generated<number>;
}

/** What a request has for itself. No row: free. */
interface LocksTable {
  request_number: number;
  /** `payments/staging`, several with a space between. */
  keys: string;
  body: string;
}

/** Who waits, in the order of coming. */
interface LockWaitsTable {
  request_number: number;
  place: number;
  keys: string;
  body: string;
}

/** Who is away, and answers by a colleague: one row per person. */
interface DelegationsTable {
  delegator: string;
  until: number;
  body: string;
}

/** Deliveries that came in already: dealt with, but for clicks that are in hand. */
interface DeliveriesTable {
  key: string;
  seen_at: number;
  /** Of one that is in hand. */
  click: string | null;
  held_until: number | null;
  times_lapsed: Generated<number>;
}

/** What somebody has filled in of a form with several pages. */
interface DraftsTable {
  id: string;
  /** Whoever opened it. */
  owner: string;
  body: string;
  saved_at: number;
}

/** Messages that follow something for a while. */
export interface WatchesTable {
  id: string;
  person: string;
  action: string;
  input: string;
  channel: string;
  /** Of the message; empty until it was posted. */
  ts: string;
  until: number;
  /** Its last words, while they are still to be said. */
  stopped: string | null;
}

/** Attempts that were turned away. */
interface RefusalsTable {
  id: Generated<number>;
  at: number;
  body: string;
}

/** What comes again and again. */
interface TimersTable {
  name: string;
  due_at: number;
  held_until: number | null;
}

/** What was told last, of what is not well. */
interface ToldTable {
  name: string;
  state: string;
}

/** People's second factors. */
export interface CodesTable {
  person: string;
  /** Sealed (codes/sealing.ts): with the key's name in front, never as it is. */
  secret: string | null;
  enrolled_at: number | null;
  /** The newest time step that was used. */
  last_step: number;
  /** Shown, not confirmed yet; sealed too. */
  pending: string | null;
  pending_at: number | null;
  /** Moments of tries that were not right, as JSON. */
  tries: string;
}

/** The chain: never deleted, and never changed but for the salt, which a redaction takes away. */
export interface AuditTable {
  position: number;
  kind: string;
  at: number;
  type: string;
  /** With `seq`, where the body stands: an event of a request, or a refusal, whatever request it was about. */
  request_number: number | null;
  seq: number | null;
  open: string;
  seal: string;
  salt: string | null;
  hash: string;
  /** Only of what the chain says of itself. */
  body: string | null;
}

/** One row, `chain`: whoever appends locks it, last of all that it locks, so that the chain has one order. */
interface AuditHeadTable {
  name: string;
  position: number;
  hash: string;
}

interface CheckpointsTable {
  position: number;
  body: string;
}

/** Up to where those were told that follow the audit. */
interface CursorsTable {
  name: string;
  position: number;
}

/** What only one replica does at a time. */
interface LeasesTable {
  name: string;
  /** Empty when it was let go of. */
  holder: string;
  fence: number;
  until: number;
}

/** When each of chat's limits lets the next call through. */
interface ChatLanesTable {
  name: string;
  free_at: number;
  paused_until: number;
}

/** One row, `oldest`: the migration that a version must know to run here (schema-floor.ts). */
interface SchemaFloorTable {
  name: string;
  migration: string;
}
