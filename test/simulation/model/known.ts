/** What the model knows of a request: read from its events alone, in its own way. */
import type { Moment, PersonId } from '../../../src/core/ids.ts';
import type { RequestEvent } from '../../../src/core/request.ts';
import type { Review } from '../../../src/core/verdict.ts';

export interface KnownStep {
  state: 'begun' | 'done' | 'being taken back' | 'taken back' | 'remains';
}

export interface Known {
  readonly id: string;
  /** What the outside knows it by. */
  readonly key: string;
  readonly action: string;
  input: Readonly<Record<string, unknown>>;
  readonly requester: { readonly id: PersonId; readonly email?: string | undefined };
  readonly bypass?: 'override' | 'break_glass' | undefined;
  readonly requestedAt: Moment;
  version: number;
  state: 'asked' | 'running' | 'going back' | 'ended';
  ending?: string;
  /** Of what was judged last, and of all before. */
  digests: string[];
  resolved: Readonly<Record<string, string>>;
  /** Each person's newest, by address. */
  reviews: Map<string, Review>;
  readonly steps: Map<string, KnownStep>;
  /** Of its lock, once it has begun. */
  fence?: number;
  /** Of the environment that it made. */
  isAsleep: boolean;
  glass?: { readonly at: Moment; isReviewed: boolean };
  /** Since when a replica has been asking the guardrails whether it may start. */
  askedSince?: Moment;
}

export function knownFrom(event: Extract<RequestEvent, { type: 'requested' }>): Known {
  const { id, at, action, input, requester, bypass } = event;
  return {
    ...{ id, action, input, requester, bypass: bypass?.kind },
    ...{ key: `${id}-${at.toString(36)}`, requestedAt: at },
    ...{ version: 0, state: 'asked', digests: [], resolved: {}, reviews: new Map(), steps: new Map() },
    isAsleep: false,
  };
}

const ends: Readonly<Record<string, string>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  denied: 'denied',
  cancelled: 'cancelled',
  expired: 'expired',
};

export function learn(known: Known, event: RequestEvent): void {
  known.version += 1;
  switch (event.type) {
    case 'evaluated':
      known.digests.push(event.digest);
      known.resolved = event.preview.resolved;
      break;
    case 'reviewed': {
      const { review } = event;
      known.reviews.set(voiceOf(review.by, review.email), review);
      break;
    }
    case 'review_withdrawn':
      known.reviews.delete(voiceOf(event.by.id, event.by.email));
      break;
    case 'reviews_lapsed':
      for (const { by, email } of event.reviews) known.reviews.delete(voiceOf(by, email));
      break;
    case 'edited':
    case 'narrowed':
      known.input = event.input;
      known.reviews.clear();
      break;
    case 'moved':
      known.reviews.clear();
      break;
    case 'glass_broken':
      known.glass = { at: event.at, isReviewed: false };
      break;
    case 'glass_reviewed':
      if (known.glass) known.glass.isReviewed = true;
      break;
    case 'slept':
    case 'woken':
      known.isAsleep = event.type === 'slept';
      break;
    case 'started':
      if (event.lock) known.fence = event.lock.fence;
      known.state = 'running';
      break;
    case 'undo_started':
      known.state = 'going back';
      break;
    case 'step_started':
      known.steps.set(event.step, { state: 'begun' });
      break;
    case 'step_done':
      known.steps.set(event.step, { state: 'done' });
      break;
    case 'undo_step_started':
      known.steps.set(event.step, { state: 'being taken back' });
      break;
    case 'step_undone':
      known.steps.set(event.step, { state: 'taken back' });
      break;
    case 'undo_failed':
      known.steps.set(event.step, { state: 'remains' });
      break;
    default:
  }
  const ending = ends[event.type];
  if (ending === undefined) return;
  known.state = 'ended';
  known.ending = ending;
}

/** A person, under whatever account. */
export function voiceOf(id: string, email: string | undefined): string {
  return email?.toLowerCase() ?? id;
}
