/** What lending one's voice is about: nothing that a team owns, and until when. */
import type { ReadContext, Target } from '../../core/action.ts';
import { type Delegation, inForce } from '../../core/delegation.ts';
import { dayMs, parseDuration } from '../../core/duration.ts';
import type { Moment } from '../../core/ids.ts';
import { isSamePerson } from '../../core/person.ts';
import { ok, type Result } from '../../core/problem.ts';
import { offsetAt, periodSpan } from '../../core/time-zone.ts';

export const answersTarget: Result<Target> = ok({ kind: 'service', name: 'answers', tier: 'dev', team: '' });

const datePattern = /^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

export function isUntil(text: string): boolean {
  return datePattern.test(text) || (parseDuration(text) ?? 0) > 0;
}

/** `3d`, or the day on which they are back, from its first moment in their own zone. */
export function untilOf(text: string, now: Moment, zone: string): Moment {
  const span = parseDuration(text);
  if (span !== undefined) return now + span;
  // Noon of that day by their clock, whichever day that is in UTC.
  const noon = Date.parse(`${text}T00:00Z`) + dayMs / 2;
  return periodSpan('day', noon - offsetAt(noon, zone), zone).from;
}

/** The zone of whoever asks, for a time as they would say it. */
export function zoneOf({ requester, catalog }: Pick<ReadContext, 'requester' | 'catalog'>): string {
  return requester.timeZone ?? catalog.zone;
}

/** What the requester has lent, under whatever account. */
export async function ownDelegation(context: ReadContext): Promise<Delegation | undefined> {
  const all = inForce(await context.delegations(), context.now);
  return all.find(({ from }) => isSamePerson(from, context.requester));
}
