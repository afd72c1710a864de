/** Branded ids: a person's id can never be handed over where a request's is wanted. */
import { z } from 'zod';

/**
 * `REQ-12`: what people say, type and read. Numbers are given in the order of asking, from 1; those of ten digits would
 * not all fit where a database keeps them (PostgreSQL's `integer`).
 */
export const requestIdSchema = z
  .string()
  .regex(/^REQ-[1-9][0-9]{0,8}$/, 'a request is named like REQ-12')
  .brand<'RequestId'>();
export type RequestId = z.infer<typeof requestIdSchema>;

/** A chat member's id, or `system` for Greenlight itself. Never a display name: those can be changed and copied. */
export const personIdSchema = z.string().min(1).max(64).brand<'PersonId'>();
export type PersonId = z.infer<typeof personIdSchema>;

/** Milliseconds since the epoch, UTC. */
export type Moment = number;

export function requestIdOf(number: number): RequestId {
  return requestIdSchema.parse(`REQ-${number}`);
}

/** Reads `REQ-12`, `req-12`, `#12` or `12`, as people type it; `undefined` when it is none of these. */
export function readRequestId(text: string): RequestId | undefined {
  const digits = /^(?:req-|#)?([0-9]{1,10})$/i.exec(text.trim())?.[1];
  return digits === undefined ? undefined : requestIdSchema.safeParse(`REQ-${Number(digits)}`).data;
}
