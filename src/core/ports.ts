import type { Moment, PersonId, RequestId } from './ids.ts';
import type { Person } from './person.ts';
import type { Result } from './problem.ts';
import type { PlatformRequest, RecordedEvent } from './request.ts';
import type { Verdict } from './verdict.ts';

export interface Clock {
  now(): Moment;
}

/** Calls once, later. What must outlive a restart is a row in the store, not one of these. */
export interface Scheduler {
  after(delayMs: number, fire: () => void): { cancel(): void };
}

/** Where randomness comes from, so that a simulation can own it. */
export interface Chance {
  /** A short reference that a person can read out: 8 characters. */
  reference(): string;
}

export interface Log {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Who people are. */
export interface Directory {
  /** @throws ProblemError `outside_unavailable` when it cannot be told now; `not_found` for an id nobody has. */
  person(id: PersonId): Promise<Person>;
  /** `undefined` when nobody has that address. `withinMs`: how they were so long ago will do; a minute when not given. */
  personByEmail(email: string, withinMs?: number): Promise<Person | undefined>;
}

/** A card in chat: where it is, and which version of its request it shows. */
export interface PostedCard {
  readonly channel: string;
  readonly ts: string;
  readonly shownVersion: number;
}

export const noticeKinds = [
  ...(['waiting', 'moved', 'reminder', 'ended', 'ending', 'gone'] as const),
  /** Something outside does not answer, so it cannot go on; it goes on. */
  ...(['stalled', 'resumed'] as const),
  /** What became of answers: an edit is wanted, or has made them void; less was let through. */
  ...(['changes_asked', 'edited', 'narrowed'] as const),
  /** An emergency, for everybody to see; somebody has looked at it. */
  ...(['glass_broken', 'glass_reviewed'] as const),
  /** What it waited for is free; of a lock: it was given to somebody, it ended, nothing happens under it. */
  ...(['lock_free', 'lock_handed_over', 'lock_ended', 'lock_idle'] as const),
] as const;

/** A line that mentions people, once. */
export interface Notice {
  /** `REQ-12:waiting:1`: the same notice never goes out twice. */
  readonly key: string;
  readonly kind: (typeof noticeKinds)[number];
  readonly requestId: RequestId;
}

/** Said to all where emergencies are told, or to one person alone, not under a card: these wait for none. */
export const noticesWithoutCard: readonly Notice['kind'][] = ['glass_broken', 'lock_idle'];

/** What can be done about an environment's end, and what the guardrails would say to whoever asked for it. */
export interface EndChoice {
  readonly label: string;
  readonly commandLine: string;
  /** What it would cost more: "0.46 EUR". */
  readonly price?: string;
  readonly outlook: Result<Verdict>;
}

/** One call to chat, for whoever keeps its pace. */
export interface ChatCall {
  /** As chat names it: `chat.update`. */
  readonly method: string;
  /** Its id; of a line for one person alone, theirs. */
  readonly channel: string;
}

/** How something is sent. */
export interface Sending {
  /** It may have been sent before without our having heard of it. */
  readonly mayBeThere?: boolean;
  /** Awaited before each call: resolves when it may be made. @throws ProblemError when not any more. */
  turn?(call: ChatCall): Promise<void>;
}

/** Chat, as far as requests need it. */
export interface Messenger {
  /** The first call that showing the card takes, or saying the notice, as far as it can be told before. */
  firstCall(request: PlatformRequest, posted: PostedCard | undefined, notice?: Notice): ChatCall;
  /** Posts the card, edits it in place, or posts it anew when the old message is gone. */
  showCard(
    request: PlatformRequest,
    history: readonly RecordedEvent[],
    posted: PostedCard | undefined,
    sending?: Sending,
  ): Promise<PostedCard>;
  /**
   * Says it in the card's thread, or where its kind is told without one (`noticesWithoutCard`); not again when it is
   * there already, nor when nobody needs it any more. `false`, and it is not said, when that card is not there.
   * @param posted none where there is no card yet.
   */
  tell(
    notice: Notice,
    request: PlatformRequest,
    posted: PostedCard | undefined,
    sending?: Sending,
  ): Promise<boolean>;
  /** A message of ours is one too many: away with it, or where nothing may be deleted it says where the card is. */
  takeBack(
    message: Pick<PostedCard, 'channel' | 'ts'>,
    id: RequestId,
    card: PostedCard,
    sending?: Sending,
  ): Promise<void>;
}
