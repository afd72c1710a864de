/**
 * Requests and their events on their way in and out. Inside a snapshot and an event the parts that decide something are
 * checked; the rest was written by our own types.
 */
import { z } from 'zod';
import { effects } from '../core/facts.ts';
import { owesReview } from '../core/glass.ts';
import { type RequestId, requestIdOf, requestIdSchema } from '../core/ids.ts';
import { isOver } from '../core/live-rules.ts';
import { tiers } from '../core/names.ts';
import { personSchema } from '../core/person.ts';
import {
  type EventType,
  endedStatuses,
  openStatuses,
  type PlatformRequest,
  type RecordedEvent,
  type RequestEvent,
} from '../core/request.ts';
import { requirementSchema, reviewSchema, verdictSchema } from '../core/verdict.ts';
import { fromJson, parsed, unreadable } from './read-row.ts';
import type { RequestsTable } from './schema.ts';

/** 12 of `REQ-12`. */
export function numberOf(id: RequestId): number {
  return Number(id.slice('REQ-'.length));
}

/** The columns that say what a request is; the lease has its own life. */
export type RequestColumns = Omit<
  RequestsTable,
  'form' | 'number' | 'submission_key' | 'lease_holder' | 'lease_until' | 'lease_fence' | 'has_news'
>;

export function columnsOf(request: PlatformRequest): RequestColumns {
  return {
    version: request.version,
    status: request.status,
    action: request.action,
    requester: request.requester.id,
    requester_email: request.requester.email?.toLowerCase() ?? null,
    created_at: request.createdAt,
    due_at: request.dueAt ?? null,
    has_living_environment: hasLivingEnvironment(request) ? 1 : 0,
    lived_until: livedUntil(request),
    owes_review: owesReview(request) ? 1 : 0,
    snapshot: JSON.stringify(request),
  };
}

function hasLivingEnvironment(request: PlatformRequest): boolean {
  return request.status === 'succeeded' && request.outputs?.environment !== undefined && !isOver(request);
}

/** The last moment that a date can be (ECMAScript, "Time Values"). */
const stillThere = 8_640_000_000_000_000;

function livedUntil(request: PlatformRequest): number | null {
  if (request.status !== 'succeeded' || request.outputs?.environment === undefined) return null;
  return isOver(request) ? (request.life?.endedAt ?? request.updatedAt) : stillThere;
}

const moment = z.number();
const requestRowSchema = z.object({ number: z.int().min(1), version: z.int().min(1), snapshot: z.string() });

const snapshotSchema = z.looseObject({
  id: requestIdSchema,
  version: z.int().min(1),
  status: z.enum([...openStatuses, ...endedStatuses]),
  action: z.string(),
  effect: z.enum(effects),
  input: z.record(z.string(), z.unknown()),
  target: z.looseObject({ name: z.string(), tier: z.enum(tiers), team: z.string() }),
  requester: personSchema,
  origin: z.looseObject({ surface: z.string() }),
  channel: z.enum(['requests', 'deploys']),
  createdAt: moment,
  updatedAt: moment,
  verdict: verdictSchema.optional(),
  digest: z.string().optional(),
  requirements: z.array(requirementSchema),
  reviews: z.array(reviewSchema),
  voided: z.array(reviewSchema).optional(),
  onBehalfOf: personSchema.optional(),
  moves: z.int().min(0),
  dueAt: moment.optional(),
  isShown: z.boolean(),
  steps: z.array(z.looseObject({ id: z.string(), title: z.string(), state: z.string() })),
  remains: z.array(z.string()),
});

/** @throws ProblemError naming the request when the row does not hold one. */
export function readRequest(row: unknown): PlatformRequest {
  const { number, version, snapshot } = parsed('a row of requests', requestRowSchema, row);
  const id = requestIdOf(number);
  const request = parsed(
    `the snapshot of ${id}`,
    snapshotSchema,
    fromJson(`the snapshot of ${id}`, snapshot),
  );
  if (request.id !== id || request.version !== version) {
    throw unreadable(
      `the snapshot of ${id}`,
      `it says ${request.id} version ${request.version}, its row says version ${version}`,
    );
  }
  return request as unknown as PlatformRequest;
}

/** Every type of event there is; the compiler counts them. */
const eventTypes: Readonly<Record<EventType, true>> = {
  requested: true,
  evaluated: true,
  moved: true,
  reviewed: true,
  approved: true,
  denied: true,
  cancelled: true,
  expired: true,
  started: true,
  step_started: true,
  step_waiting: true,
  step_done: true,
  step_retrying: true,
  undo_started: true,
  undo_step_started: true,
  undo_waiting: true,
  step_undone: true,
  undo_failed: true,
  succeeded: true,
  failed: true,
  retired: true,
  extended: true,
  kept: true,
  slept: true,
  woken: true,
  scheduled: true,
  handed_over: true,
  repaired: true,
  gone: true,
  repriced: true,
  used: true,
  followed: true,
  end_announced: true,
  lock_queued: true,
  lock_ended: true,
  lock_handed_over: true,
  lock_idle: true,
  lock_kept: true,
  glass_broken: true,
  glass_reviewed: true,
  review_withdrawn: true,
  reviews_lapsed: true,
  edited: true,
  narrowed: true,
  asked: true,
  reminded: true,
  escalated: true,
  stalled: true,
  resumed: true,
};

const eventRowSchema = z.object({ request_number: z.int(), seq: z.int().min(1), body: z.string() });
const eventSchema = z.looseObject({ type: z.enum(Object.keys(eventTypes)), at: moment });

/** @throws ProblemError naming the event when the row does not hold one. */
export function readEvent(row: unknown): RecordedEvent {
  const { request_number, seq, body } = parsed('a row of events', eventRowSchema, row);
  const name = `event ${seq} of REQ-${request_number}`;
  return { seq, event: parsed(name, eventSchema, fromJson(name, body)) as unknown as RequestEvent };
}

/** As it will read after a restart: JSON drops `undefined`, and a date would become text. */
export function asKept(event: RequestEvent): RequestEvent {
  return JSON.parse(JSON.stringify(event)) as RequestEvent;
}
