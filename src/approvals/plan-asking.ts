/**
 * What a waiting request does about its answers at a moment: asks somebody, reminds them, lets a fallback in, or nothing
 * until later. Asked again after a restart or a long sleep it makes up for all that it missed with one reminder. Pure.
 */
import {
  type AskedPerson,
  type AskingCommand,
  advanceAsking,
  askedSoFar,
  escalationsAhead,
  type Round,
} from '../core/asking.ts';
import { minuteMs } from '../core/duration.ts';
import { apply } from '../core/fold.ts';
import type { Moment } from '../core/ids.ts';
import type { Person } from '../core/person.ts';
import type { PlatformRequest } from '../core/request.ts';
import { askersOf } from '../core/review-life.ts';
import type { Review } from '../core/verdict.ts';
import type { AuthorEmails } from './eligibility.ts';
import { quorumAsRecorded } from './quorum.ts';
import {
  asking,
  type Candidate,
  firstAwakeAt,
  isReachable,
  type WhomToAsk,
  whoCanStillAnswer,
  whomToAsk,
} from './whom-to-ask.ts';

/** When people are reminded, as shares of the time that they have to answer. The last one tells the requester too. */
export const reminders = { shares: [1 / 8, 1 / 4, 1 / 2, 7 / 8], gapMinMs: 10 * minuteMs } as const;

export interface AskingPlan {
  readonly commands: readonly AskingCommand[];
  /** When to look again; the request is looked at whenever something happens to it, too. */
  readonly again: Moment;
}

export interface AskingQuestion {
  readonly request: PlatformRequest;
  readonly candidates: readonly Candidate[];
  readonly authorEmails: AuthorEmails;
  readonly now: Moment;
}

/** Of a request that waits. */
export function planAsking(question: AskingQuestion): AskingPlan {
  const { request, now } = question;
  const next = nextStep(question);
  if (typeof next === 'number') return { commands: [], again: next };
  const after = advanceAsking(request, next, now).reduce(apply, request);
  const rest = planAsking({ ...question, request: after });
  return { commands: [next, ...rest.commands], again: rest.again };
}

/** What to do now, or when to look again. */
function nextStep({ request, candidates, authorEmails, now }: AskingQuestion): AskingCommand | Moment {
  const { asking: sofar, answerBy = now } = request;
  if (!sofar) return answerBy;
  const ahead = escalationsAhead(request);
  const overdue = ahead.find(({ at }) => at <= now);
  if (overdue) return { type: 'escalate', requirement: overdue.id };

  const until = Math.min(answerBy, ...ahead.map(({ at }) => at));
  const { parts, changesAsked } = quorumAsRecorded(request);
  // It is the requester's turn, or the runner's.
  if (changesAsked || parts.every(({ missing }) => missing === 0)) return until;
  const asked: WhomToAsk = {
    ...{ parts, candidates, authorEmails, now },
    askers: askersOf(request),
    asked: askedSoFar(request),
    answered: request.reviews.map(reviewerOf),
    escalated: sofar.escalated,
  };
  const toAsk = whomToAsk(asked);
  const last = sofar.rounds.at(-1);
  // Once even when there is nobody: then that is what people have to hear.
  if (!last || toAsk.length > 0) return { type: 'ask', people: toAsk.map(named) };

  const due = reminderAfter(last, sofar.since, answerBy, now);
  if (!due || due.at > now) return Math.min(until, due?.at ?? until);
  const able = whoCanStillAnswer(asked);
  const reachable = able.filter((candidate) => isReachable(candidate, now));
  if (reachable.length > 0 || due.isLast) {
    return { type: 'remind', people: toRemind(reachable, asked), isLast: due.isLast };
  }
  // At night for all of them: the first who wakes reads it, or its requester does shortly before the end.
  return Math.min(until, lastReminderAt(sofar.since, answerBy), firstAwakeAt(able, now));
}

function reviewerOf({ by, name, email }: Review): Person {
  return { id: by, name, kind: 'member', ...(email === undefined ? {} : { email }) };
}

interface Reminder {
  /** When it is due, or was. */
  readonly at: Moment;
  readonly isLast: boolean;
}

/** The next one; of several that were missed it is one, and none comes after the last. */
function reminderAfter(last: Round, since: Moment, until: Moment, now: Moment): Reminder | undefined {
  const lastAt = lastReminderAt(since, until);
  const soonest = last.at + reminders.gapMinMs;
  if (last.isLast || lastAt < soonest) return undefined;
  const earlier = reminders.shares
    .map((share) => since + share * (until - since))
    .find((at) => at >= soonest && at < lastAt);
  if (earlier === undefined || now >= lastAt) return { at: lastAt, isLast: true };
  return { at: earlier, isLast: false };
}

function lastReminderAt(since: Moment, until: Moment): Moment {
  return since + Math.max(...reminders.shares) * (until - since);
}

/**
 * Those who have not been asked yet, as many as are missing; when everybody has been, those who have not answered. Whoever
 * is away has said who answers for them, and is left alone as long as anybody else can.
 */
function toRemind(reachable: readonly Candidate[], { asked, parts }: WhomToAsk): AskedPerson[] {
  const here = reachable.filter(({ isAway }) => !isAway);
  const able = here.length > 0 ? here : reachable;
  const fresh = able.filter(({ standing }) => !asked.has(standing.person.id));
  const missing = Math.max(...parts.map((part) => part.missing));
  const chosen = fresh.length > 0 ? fresh.slice(0, missing) : able;
  return chosen.slice(0, asking.atOnceMax).map(({ standing }) => named(standing.person));
}

function named({ id, name }: Person): AskedPerson {
  return { id, name };
}
