/**
 * How far the reviews have come. People are counted, not reviews: accounts that share an e-mail address are one
 * person, whose newest review counts, by what they belong to now.
 */
import type { PersonId } from '../core/ids.ts';
import type { Person, Standing } from '../core/person.ts';
import type { PlatformRequest } from '../core/request.ts';
import { askersOf } from '../core/review-life.ts';
import type { Quorum, QuorumPart, Requirement, Review } from '../core/verdict.ts';
import { type AuthorEmails, voiceFor } from './eligibility.ts';

export { judgeReviewer } from './judge-reviewer.ts';

export interface QuorumInput {
  readonly requirements: readonly Requirement[];
  /** In the order in which they were given. */
  readonly reviews: readonly Review[];
  /** Neither who asked nor for whom counts, under whatever account. */
  readonly requester: Person;
  readonly onBehalfOf?: Person;
  readonly authorEmails: AuthorEmails;
  /** Everybody's as it is now; who is not in it does not count. */
  readonly standings: ReadonlyMap<PersonId, Standing>;
}

export function countQuorum(input: QuorumInput): Quorum {
  const { requirements, authorEmails } = input;
  const voices = voicesOf(input);
  const askers = askersOf(input);
  const counted = requirements.map((requirement) =>
    oncePerVoice(
      voices.flatMap(({ standing, keys, review }) => {
        const as = voiceFor(standing, requirement, authorEmails, askers);
        if (!as) return [];
        return [{ review, keys: as === standing ? keys : keysOf(as.person, undefined) }];
      }),
    ),
  );
  const parts = requirements.map((requirement, index): QuorumPart => {
    const approvals = counted
      .slice(index, index + 1)
      .flat()
      .filter((review) => isApproval(review) && hasAllThat(requirement, review));
    return { requirement, approvals, missing: Math.max(0, requirement.count - approvals.length) };
  });
  const others = [...new Set(counted.flat())].filter((review) => !isApproval(review));
  const deniedBy = others.find(({ decision }) => decision === 'deny');
  if (deniedBy) return { state: 'lost', parts, deniedBy };
  // Nothing is met while somebody waits for an edit, however many others agree to it as it is.
  if (others.length > 0) return { state: 'open', parts, changesAsked: others };
  // Without any requirement there is nothing that reviews could meet.
  const isMet = parts.length > 0 && parts.every(({ missing }) => missing === 0);
  return { state: isMet ? 'met' : 'open', parts };
}

/** As each reviewer stood at the click: what a card shows. Whether they still may is asked at the start. */
export function quorumAsRecorded(request: PlatformRequest): Quorum {
  const change = request.preview?.change;
  return countQuorum({
    requirements: request.requirements,
    reviews: request.reviews,
    requester: request.requester,
    ...(request.onBehalfOf === undefined ? {} : { onBehalfOf: request.onBehalfOf }),
    authorEmails: change === 'unknown' ? change : (change?.authors ?? []),
    standings: new Map(request.reviews.map((review) => [review.by, standingAtClick(review)])),
  });
}

/** A yes counts only with what the requirement wants with it. */
function hasAllThat({ needsComment, stepUp }: Requirement, { note = '', factor }: Review): boolean {
  return (!needsComment || note.trim() !== '') && (stepUp === undefined || factor === stepUp);
}

/** Who answers and is answered for has one voice here: the newest answer is theirs. */
function oncePerVoice(
  answers: readonly { readonly review: Review; readonly keys: readonly string[] }[],
): readonly Review[] {
  return answers
    .filter(({ keys }, index) => !answers.slice(index + 1).some((later) => overlap(later.keys, keys)))
    .map(({ review }) => review);
}

function isApproval({ decision }: Review): boolean {
  return decision === 'approve';
}

/** One person's word. */
interface Voice {
  /** Every id and e-mail address by which this person is known. */
  readonly keys: readonly string[];
  /** Their newest. */
  readonly review: Review;
  readonly standing: Standing;
}

/** Without the askers', and without those of people whose standing is not known. */
function voicesOf(input: QuorumInput): Voice[] {
  const { reviews, standings } = input;
  let voices: Voice[] = [];
  for (const review of reviews) {
    const standing = standings.get(review.by);
    if (!standing) continue;
    const keys = keysOf(standing.person, review.email);
    const theirs = voices.filter((voice) => overlap(voice.keys, keys));
    const voice = { keys: [...keys, ...theirs.flatMap((one) => one.keys)], review, standing };
    voices = [...voices.filter((one) => !theirs.includes(one)), voice];
  }
  const own = askersOf(input).flatMap((asker) => keysOf(asker, undefined));
  return voices.filter(({ keys }) => !overlap(keys, own));
}

function keysOf({ id, email }: Person, emailAtClick: string | undefined): string[] {
  const emails = [email, emailAtClick].flatMap((one) =>
    one === undefined ? [] : [`mailto:${one.toLowerCase()}`],
  );
  return [id, ...emails];
}

function overlap(one: readonly string[], other: readonly string[]): boolean {
  return one.some((key) => other.includes(key));
}

/** What whoever gave it was then. */
export function standingAtClick({ standsFor = [], ...answer }: Review): Standing {
  return { ...standingThen(answer), standsFor: standsFor.map(standingThen) };
}

function standingThen({
  by,
  name,
  email,
  groups,
}: Pick<Review, 'by' | 'name' | 'email' | 'groups'>): Standing {
  return { person: { id: by, name, kind: 'member', ...(email === undefined ? {} : { email }) }, groups };
}
