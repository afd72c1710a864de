/**
 * Whom a waiting request has asked for an answer, and when: a mention is an event, so that neither a restart nor a card
 * drawn anew mentions anybody twice for one thing. Whom to ask is judged before (approvals/plan-asking.ts). Pure.
 */
import type { Moment, PersonId } from './ids.ts';
import type { PlatformRequest, RequestEvent } from './request.ts';
import type { Requirement, Review } from './verdict.ts';

export interface AskedPerson {
  readonly id: PersonId;
  readonly name: string;
}

export type AskingEvent = { readonly at: Moment } & (
  | { readonly type: 'asked'; readonly people: readonly AskedPerson[] }
  /** `isLast`: it ends soon unanswered, which its requester is told as well. */
  | { readonly type: 'reminded'; readonly people: readonly AskedPerson[]; readonly isLast?: true }
  /** Nobody has met this requirement in time: from now on members of these groups may answer it too. */
  | { readonly type: 'escalated'; readonly requirement: string; readonly to: readonly string[] }
);

export type AskingCommand =
  | { readonly type: 'ask'; readonly people: readonly AskedPerson[] }
  | { readonly type: 'remind'; readonly people: readonly AskedPerson[]; readonly isLast: boolean }
  | { readonly type: 'escalate'; readonly requirement: string };

/** One line that mentions people. */
export interface Round {
  readonly kind: 'asked' | 'reminded';
  /** Of the request with it: what its line is named by. */
  readonly version: number;
  readonly at: Moment;
  readonly people: readonly AskedPerson[];
  readonly isLast?: true;
}

export interface Asking {
  /** Since when what is asked now waits: reminders and escalations are counted from here. */
  readonly since: Moment;
  /** Oldest first; those of an earlier thing to answer are forgotten. */
  readonly rounds: readonly Round[];
  /** Ids of requirements whose fallback may answer too. */
  readonly escalated: readonly string[];
}

/** Only for a request that waits. Again for what was escalated already, or is not due yet, it is nothing. */
export function advanceAsking(
  request: PlatformRequest,
  command: AskingCommand,
  now: Moment,
): readonly RequestEvent[] {
  switch (command.type) {
    case 'ask':
      return [{ type: 'asked', at: now, people: command.people }];
    case 'remind': {
      const { people, isLast } = command;
      return [{ type: 'reminded', at: now, people, ...(isLast ? { isLast: true as const } : {}) }];
    }
    case 'escalate':
      return escalationsDue(request, now)
        .filter(({ id }) => id === command.requirement)
        .map(({ id, to }) => ({ type: 'escalated', at: now, requirement: id, to }));
  }
}

export interface Escalation {
  readonly id: string;
  readonly to: readonly string[];
  readonly at: Moment;
}

/** Those that are still to come, of a request that waits. */
export function escalationsAhead({ requirements, asking }: PlatformRequest): readonly Escalation[] {
  if (!asking) return [];
  return requirements.flatMap(({ id, escalates }) =>
    escalates && !asking.escalated.includes(id)
      ? [{ id, to: escalates.to, at: asking.since + escalates.afterMs }]
      : [],
  );
}

export function escalationsDue(request: PlatformRequest, now: Moment): readonly Escalation[] {
  return escalationsAhead(request).filter(({ at }) => at <= now);
}

/** As they are once these were escalated: whoever is in the fallback counts like the others, and not before. */
export function withFallbacks(
  requirements: readonly Requirement[],
  escalated: readonly string[],
): readonly Requirement[] {
  return requirements.map((one) =>
    one.escalates && escalated.includes(one.id)
      ? { ...one, from: [...new Set([...one.from, ...one.escalates.to])] }
      : one,
  );
}

/** What it remembers when it begins to wait, and when it goes on waiting after the guardrails were asked again. */
export function askingAnew(request: PlatformRequest, at: Moment, isSameThing: boolean): Asking {
  const before = isSameThing ? request.asking : undefined;
  const { since = at } = before ?? {};
  // Without a digest it has just been narrowed: whoever was let in to more than that stays in.
  const { escalated = [] } = (request.digest === undefined ? request.asking : before) ?? {};
  // What waits once more (a reviewer has left) is asked for once more; so is what has moved, by `moved` itself.
  const rounds = request.status === 'waiting' ? (request.asking?.rounds ?? []) : [];
  return { since, escalated, rounds };
}

export function applyAsking(request: PlatformRequest, event: AskingEvent): PlatformRequest {
  const asking = request.asking ?? { since: event.at, rounds: [], escalated: [] };
  if (event.type === 'escalated') {
    const escalated = [...asking.escalated, event.requirement];
    return {
      ...request,
      asking: { ...asking, escalated },
      requirements: withFallbacks(request.requirements, escalated),
    };
  }
  const { type: kind, at, people } = event;
  const isLast = event.type === 'reminded' && event.isLast ? { isLast: true as const } : {};
  const round = { kind, version: request.version + 1, at, people, ...isLast };
  return { ...request, asking: { ...asking, rounds: [...asking.rounds, round] } };
}

/** Those whose answer became void are asked for another by the line that tells them so, and by no second one. */
export function askedAgain(
  { asking, version }: Pick<PlatformRequest, 'asking' | 'version'>,
  voided: readonly Review[],
  at: Moment,
): Pick<PlatformRequest, 'asking'> {
  if (!asking || voided.length === 0) return {};
  const people = voided.map(({ by, name }) => ({ id: by, name }));
  return {
    asking: { ...asking, rounds: [...asking.rounds, { kind: 'asked', version: version + 1, at, people }] },
  };
}

/** Everybody whom it has mentioned so far for what it asks now. */
export function askedSoFar({ asking }: Pick<PlatformRequest, 'asking'>): ReadonlySet<PersonId> {
  return new Set((asking?.rounds ?? []).flatMap(({ people }) => people.map(({ id }) => id)));
}
