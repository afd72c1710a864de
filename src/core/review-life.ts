/**
 * What becomes of answers after they were given: whoever gave one takes it back, the requester edits what was answered,
 * or an approver lets less of it through. Whether somebody may is judged here; whether what it comes to may run is for
 * the guardrails, whose word follows each of these. Pure.
 */
import type { Target } from './action.ts';
import { askedAgain } from './asking.ts';
import type { Effect } from './facts.ts';
import type { Moment } from './ids.ts';
import { isSamePerson, type Person } from './person.ts';
import { ok, type Problem, problem, type Result, refuse } from './problem.ts';
import { endedProblem, ownRequestProblem, refuseAnswer } from './refusals.ts';
import { isEnded, type PlatformRequest, type RequestEvent } from './request.ts';
import type { Review } from './verdict.ts';

/** One field that is otherwise than it was; a value that was not there is left out. */
export interface FieldChange {
  readonly field: string;
  /** The field's label: "CPU". */
  readonly title: string;
  readonly from?: string;
  readonly to?: string;
}

export type ReviewLifeEvent = { readonly at: Moment } & (
  | { readonly type: 'review_withdrawn'; readonly by: Person; readonly decision: Review['decision'] }
  /** It asks for something else now: reviews so far are void. */
  | {
      readonly type: 'edited';
      readonly by: Person;
      readonly input: PlatformRequest['input'];
      readonly target: Target;
      readonly notBefore?: Moment;
      readonly changes: readonly FieldChange[];
    }
  /** An approver lets less through: reviews of more are void. */
  | {
      readonly type: 'narrowed';
      readonly by: Person;
      readonly input: PlatformRequest['input'];
      readonly changes: readonly FieldChange[];
    }
  /** Whoever gave these may no longer answer it: they have left the group, or are gone. */
  | { readonly type: 'reviews_lapsed'; readonly reviews: readonly Review[] }
);

export type ReviewLifeCommand =
  /** With a `judge` after it where the answer stood in the way of others. */
  | { readonly type: 'withdraw'; readonly by: Person }
  /** Only with a `judge` after it that does not deny: what would be refused leaves the request as it was. */
  | ({ readonly type: 'edit' } & Omit<Extract<ReviewLifeEvent, { type: 'edited' }>, 'type' | 'at'>)
  | ({ readonly type: 'narrow' } & Omit<Extract<ReviewLifeEvent, { type: 'narrowed' }>, 'type' | 'at'>)
  /** Of at least one; with a `judge` after it where those that are left may be enough. */
  | { readonly type: 'lapse'; readonly reviews: readonly Review[] };

/** By whom it was narrowed, and in what. */
export interface Narrowing {
  readonly by: Person;
  readonly at: Moment;
  readonly changes: readonly FieldChange[];
}

/** Each edit asks people anew; more than this is for a request of its own. */
export const editsMax = 20;

export function advanceReviews(
  request: PlatformRequest,
  command: ReviewLifeCommand,
  now: Moment,
): Result<readonly RequestEvent[]> {
  switch (command.type) {
    case 'withdraw':
      return withdraw(request, command.by, now);
    case 'edit': {
      const refusal = refuseEdit(request, command.by) ?? refuseChange(request, command);
      return refusal ? refuse(refusal) : ok([{ ...command, type: 'edited', at: now }]);
    }
    case 'narrow': {
      const refusal = refuseAnswer(request) ?? refuseOwn(request, command.by);
      return refusal ? refuse(refusal) : ok([{ ...command, type: 'narrowed', at: now }]);
    }
    case 'lapse':
      return ok([{ ...command, type: 'reviews_lapsed', at: now }]);
  }
}

export function applyReviews(request: PlatformRequest, event: ReviewLifeEvent): PlatformRequest {
  switch (event.type) {
    case 'review_withdrawn':
      return { ...request, reviews: request.reviews.filter((review) => !isReviewBy(review, event.by)) };
    case 'edited': {
      const { notBefore: _begins, moved: _moved, narrowed: _narrowed, ...rest } = withoutOldWords(request);
      const { input, target, notBefore, changes } = event;
      return {
        ...rest,
        ...{ input, target, reviews: [], voided: request.reviews, edits: (request.edits ?? 0) + 1 },
        lastEdit: changes,
        ...askedAgain(request, request.reviews, event.at),
        ...(notBefore === undefined ? {} : { notBefore }),
      };
    }
    case 'narrowed': {
      const { by, at, changes, input } = event;
      // What is left has its digest with the judgement that follows.
      const { digest: _digest, ...rest } = withoutOldWords(request);
      const others = request.reviews.filter((review) => !isReviewBy(review, by));
      const narrowed = [...(request.narrowed ?? []), { by, at, changes }];
      return { ...rest, input, reviews: [], voided: others, narrowed, ...askedAgain(request, others, at) };
    }
    case 'reviews_lapsed': {
      const isLeft = ({ by }: Review) => !event.reviews.some((one) => one.by === by);
      return {
        ...request,
        reviews: request.reviews.filter(isLeft),
        lapsed: [...(request.lapsed ?? []).filter(isLeft), ...event.reviews],
      };
    }
  }
}

/** What it was asked for in other words, and who answered that, is about something else now: a card would mislead. */
function withoutOldWords(request: PlatformRequest): PlatformRequest {
  const { askedAs: _askedAs, lapsed: _lapsed, ...rest } = request;
  return rest;
}

/** Under whatever account: the address at the click counts as well. */
export function isReviewBy({ by, email }: Pick<Review, 'by' | 'email'>, person: Person): boolean {
  return by === person.id || (email !== undefined && email.toLowerCase() === person.email?.toLowerCase());
}

type Asked = Pick<PlatformRequest, 'requester' | 'onBehalfOf'>;

/** Who asked, and for whom: a bot or a system that asks on somebody's behalf makes nobody their own approver. */
export function askersOf({ requester, onBehalfOf }: Asked): readonly Person[] {
  return onBehalfOf === undefined ? [requester] : [requester, onBehalfOf];
}

export function isAsker(request: Asked, person: Person): boolean {
  return askersOf(request).some((asker) => isSamePerson(person, asker));
}

/** Why this person cannot edit it now; `undefined` when they can. */
export function refuseEdit(request: PlatformRequest, by: Person): Problem | undefined {
  const { id, status, requester } = request;
  if (!isSamePerson(by, requester)) {
    return problem(
      'not_yours',
      `${id} is ${requester.name}'s request.`,
      'Only who asked can edit it; an approver can ask for changes.',
    );
  }
  if (isEnded(request)) return endedProblem(request);
  if (status !== 'waiting' && status !== 'held') {
    return problem(
      'not_waiting',
      `${id} no longer waits for anybody, so it cannot be edited.`,
      'Cancel it, and ask for the other thing.',
    );
  }
  if ((request.edits ?? 0) < editsMax) return undefined;
  return problem(
    'too_many_edits',
    `${id} was edited ${editsMax} times already.`,
    'Cancel it, and ask for what you need as a new request.',
  );
}

function refuseChange(
  request: PlatformRequest,
  { target, changes }: { readonly target: Target; readonly changes: readonly FieldChange[] },
): Problem | undefined {
  const { id, effect } = request;
  if (changes.length === 0) {
    return problem('nothing_changed', `${id} asks for exactly this already.`, 'Change a field first.');
  }
  if (isSameTarget(request.target, target, effect)) return undefined;
  return problem(
    'other_target',
    `${id} is about ${nameOf(request.target)}, and an edit keeps it so.`,
    `Cancel it, and ask for ${nameOf(target)} as a request of its own.`,
  );
}

/** What is yet to be made may still be called otherwise; whatever is there already is another matter. */
function isSameTarget(one: Target, other: Target, effect: Effect): boolean {
  const isNamedAlike = effect === 'create' || one.name === other.name;
  const isSameService = one.service?.name === other.service?.name;
  return one.kind === other.kind && one.tier === other.tier && isSameService && isNamedAlike;
}

function nameOf({ name, tier }: Target): string {
  return name.includes(tier) ? name : `${name} in ${tier}`;
}

function withdraw(request: PlatformRequest, by: Person, now: Moment): Result<readonly RequestEvent[]> {
  const { id, status } = request;
  const own = request.reviews.findLast((review) => isReviewBy(review, by));
  if (isEnded(request)) return refuse(own?.decision === 'deny' ? denialStands(id) : endedProblem(request));
  if (!own) {
    return refuse(
      problem('nothing_to_withdraw', `You have no answer to ${id} that counts now.`, 'Nothing to do.'),
    );
  }
  if (status !== 'waiting' && status !== 'held') {
    return refuse(
      problem(
        'not_waiting',
        `${id} is approved already, so answers to it stand.`,
        'Ask its requester to cancel it.',
      ),
    );
  }
  return ok([{ type: 'review_withdrawn', at: now, by, decision: own.decision }]);
}

function denialStands(id: PlatformRequest['id']): Problem {
  return problem(
    'already_ended',
    `Your no has ended ${id}, and cannot be taken back.`,
    'Its requester can ask again.',
  );
}

function refuseOwn(request: PlatformRequest, by: Person): Problem | undefined {
  return isAsker(request, by) ? ownRequestProblem() : undefined;
}
