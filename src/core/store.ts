/** Where everything is kept, as the rest of the house sees it. */
import type { CodeUse, KeptCode } from './codes.ts';
import type { Delegation } from './delegation.ts';
import type { Moment, PersonId, RequestId } from './ids.ts';
import type { LockTable } from './lock.ts';
import type { Person } from './person.ts';
import type { Notice, PostedCard } from './ports.ts';
import type { Problem } from './problem.ts';
import type { Refusal } from './refusal.ts';
import type { PlatformRequest, RecordedEvent, RequestEvent, RequestStatus } from './request.ts';
import type { Verdict } from './verdict.ts';
import type { Watch } from './watch.ts';

/** An evaluation as it is kept: all it looked at and what came out. */
export interface Evaluation {
  readonly stage: 'read' | 'submit' | 'review' | 'start' | 'release';
  readonly at: Moment;
  readonly facts: unknown;
  readonly verdict: Verdict;
}

export interface Change {
  readonly requestId: RequestId;
  /** The version this change was decided on: any other writer since makes it a `conflict`. */
  readonly expectedVersion: number;
  readonly events: readonly RequestEvent[];
  readonly evaluation?: Evaluation;
  readonly notices: readonly Notice[];
  /** Only the holder of this claim may write, be it on this request or on the one it follows from; a newer fence makes it `lease_lost`. */
  readonly claim?: Claim;
  /** The code that its review was given with: spent in the same transaction, or it is all `code_spent`. */
  readonly code?: CodeUse;
}

export type AppendOutcome =
  | { readonly outcome: 'appended'; readonly request: PlatformRequest }
  | { readonly outcome: 'conflict' }
  | { readonly outcome: 'lease_lost' }
  | { readonly outcome: 'code_spent' };

/** The right to carry a request on, until `until`. `fence` rises with every claim of the same request. */
export interface Claim {
  readonly requestId: RequestId;
  readonly holder: string;
  readonly fence: number;
  readonly until: Moment;
}

/** The right to do what only one replica may do at a time, until `until`. `fence` rises with every claim of the same name. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
  readonly fence: number;
  readonly until: Moment;
}

/** One of chat's own limits (slack/limits.ts), and when it lets the next call through. */
export interface ChatLane {
  /** `chat.postMessage C123`. */
  readonly name: string;
  /** By the pace that we keep. */
  readonly freeAt: Moment;
  /** As chat has asked; whoever is in a hurry minds it too. */
  readonly pausedUntil: Moment;
}

/** Who wrote to chat, and what whoever does so next has to mind. */
export interface Speech {
  /** Nothing is written when somebody else has taken it since. Not given where nobody else can. */
  readonly lease?: Lease;
  readonly lanes: readonly ChatLane[];
}

export interface RequestQuery {
  readonly requester?: PersonId;
  /** Under any of their accounts (core/person.ts, isSamePerson). */
  readonly asker?: Pick<Person, 'id' | 'email'>;
  readonly statuses?: readonly RequestStatus[];
  readonly action?: string;
  readonly actions?: readonly string[];
  /** Asked at or after. */
  readonly since?: Moment;
  /** Only those asked before this one: the next page after it. */
  readonly before?: RequestId;
  /** Succeeded requests whose environment is still there. */
  readonly hasLivingEnvironment?: boolean;
  /** Those whose environment was there at or after. */
  readonly livedSince?: Moment;
  /** Emergencies that nobody has looked at yet. */
  readonly owesReview?: true;
  /** To be shown, not counted: those that take a newer version to understand are left out, and are a problem otherwise. */
  readonly isToShow?: true;
  readonly limit: number;
}

/** What somebody has filled in of a form with several pages, by field name. */
export interface FormDraft {
  readonly id: string;
  readonly owner: PersonId;
  readonly values: Readonly<Record<string, unknown>>;
  readonly savedAt: Moment;
}

/** One row of work for chat: the newest state of a card, or one notice. */
export interface OutboxItem {
  readonly id: number;
  readonly requestId: RequestId;
  readonly notice?: Notice;
  readonly attempts: number;
  /** Time alone has brought it: whatever else waits goes before it (core/by-time.ts). */
  readonly isByTime: boolean;
}

/** A click that was acknowledged, and is yet to be dealt with. */
export interface KeptClick {
  readonly key: string;
  readonly click: string;
  /** When it came. */
  readonly at: Moment;
  /** How often it had lapsed, this time included. */
  readonly times: number;
}

export interface LapsedClick extends KeptClick {
  /** Too late to carry it out. */
  readonly isLate: boolean;
}

/**
 * The one place where anything is kept. Every method is one transaction, durable when it resolves, and none makes
 * a network call inside. Lists come newest first.
 */
export interface Store {
  /**
   * Gives the next number and writes its first events. The same `key` again gives the request it already made,
   * with `isNew: false`: a repeated submission is one request. `code` is spent with it.
   * @throws ProblemError when that was spent before.
   */
  create(
    key: string,
    events: (id: RequestId) => readonly RequestEvent[],
    code?: CodeUse,
  ): Promise<{ request: PlatformRequest; isNew: boolean }>;
  load(id: RequestId): Promise<PlatformRequest | undefined>;
  /**
   * With the locks that follow from the events. Also a `conflict`: what an event takes is not free at this moment, or
   * what it waits for is.
   */
  append(change: Change): Promise<AppendOutcome>;
  /** What is held and waited for; what cannot be read is there as such. */
  locks(): Promise<LockTable>;
  history(id: RequestId): Promise<readonly RecordedEvent[]>;
  list(query: RequestQuery): Promise<readonly PlatformRequest[]>;
  /** An evaluation that belongs to no request: of a read. */
  recordEvaluation(evaluation: Evaluation): Promise<void>;
  /** Newest first. */
  evaluations(id: RequestId): Promise<readonly Evaluation[]>;

  /**
   * The request that has been due longest and that nobody holds, of those that this version understands.
   * @throws ProblemError when it cannot be read; the next call gives the one behind it.
   */
  claimDue(
    holder: string,
    now: Moment,
    leaseMs: number,
  ): Promise<{ request: PlatformRequest; claim: Claim } | undefined>;
  /** `false` when somebody else holds it now. */
  renew(claim: Claim, now: Moment, leaseMs: number): Promise<boolean>;
  release(claim: Claim): Promise<void>;
  /** Releases it and lets nobody claim it before `until`: nothing has happened that is worth an event. */
  postpone(claim: Claim, until: Moment): Promise<void>;
  /** What is due and takes a newer version to understand: the first ten. */
  leftToNewer(now: Moment): Promise<readonly RequestId[]>;
  /** When `claimDue` will next have something, leases included. */
  nextDueAt(): Promise<Moment | undefined>;

  /** Outbox rows due by now; a notice that is said under a card is due only after that was posted. */
  outbox(now: Moment, limit: number): Promise<readonly OutboxItem[]>;
  postedCard(id: RequestId): Promise<PostedCard | undefined>;
  /** As above, but not while it is to be shown once more: it may be elsewhere by now, and is written down a moment later. */
  settledCard(id: RequestId): Promise<PostedCard | undefined>;
  /**
   * The card shows this version now; the row stays when a newer one was written meanwhile. As of the next two: `false`,
   * and nothing is written, when somebody else speaks by now.
   */
  cardShown(item: OutboxItem, posted: PostedCard, speech?: Speech): Promise<boolean>;
  noticeTold(item: OutboxItem, speech?: Speech): Promise<boolean>;
  /** Not this time; again at `retryAt`. */
  outboxFailed(item: OutboxItem, retryAt: Moment, cause: Problem, speech?: Speech): Promise<boolean>;
  /** The first moment, after `after` when given, at which something is due. */
  nextOutboxAt(after?: Moment): Promise<Moment | undefined>;
  /** What those who spoke before have left to mind after `now`. */
  chatLanes(now: Moment): Promise<readonly ChatLane[]>;
  /** What should be there of a channel's cards, from this `ts` on. */
  postedCards(
    channel: string,
    sinceTs: string,
  ): Promise<readonly { readonly requestId: RequestId; readonly ts: string }[]>;
  /** The card is not where it was left: it is shown again. Not when it is known to be elsewhere than `ts` by now. */
  cardMissed(id: RequestId, ts: string, now: Moment): Promise<void>;

  /** Who has lent their voice to whom and is not back by `now`; what ends first comes first. */
  delegations(now: Moment): Promise<readonly Delegation[]>;

  /** `false`, and nothing is written, when somebody else owns it. Drafts older than `keepMs` are forgotten. */
  saveDraft(draft: FormDraft, keepMs: number): Promise<boolean>;
  loadDraft(id: string): Promise<FormDraft | undefined>;

  keptCode(person: PersonId): Promise<KeptCode | undefined>;
  /** A key was shown to them: a newer one takes its place, what counts until now goes on. */
  beginCode(person: PersonId, sealed: string, at: Moment): Promise<void>;
  /**
   * What was shown counts from now on, and its code of this step is spent. `false`, and nothing is written, when it is
   * no longer what was shown last; `replacing` is spent with it, or it is `false` too.
   */
  confirmCode(
    person: PersonId,
    confirmed: { readonly sealed: string; readonly step: number; readonly at: Moment },
    replacing: CodeUse | undefined,
  ): Promise<boolean>;
  /** Sealed anew, when it is still this one. */
  resealCode(person: PersonId, from: string, to: string): Promise<void>;
  /** `false` when there was none. */
  removeCode(person: PersonId): Promise<boolean>;
  /**
   * Counts one more try before it is looked at, so that many at once are no way around: how many of those within
   * `withinMs` are left, or since when it was the last of `max`, and then nothing is counted.
   */
  tryCode(
    person: PersonId,
    at: Moment,
    limit: { readonly max: number; readonly withinMs: number },
  ): Promise<{ readonly left: number } | { readonly lockedSince: Moment }>;
  /** The try of that moment was right after all. */
  codeWasRight(person: PersonId, at: Moment): Promise<void>;

  /** Takes one more place, before anything is posted; which limit stands in the way when there is none. */
  addWatch(watch: Watch): Promise<'added' | 'person' | 'channel' | 'all'>;
  watchPosted(watch: Pick<Watch, 'id' | 'channel' | 'ts'>): Promise<void>;
  /** All of them, the one that ends first coming first. */
  watches(): Promise<readonly Watch[]>;
  /** Its last words are to be said; `false` when it had ended or was stopped already. */
  stopWatch(id: string, words: string): Promise<boolean>;
  /** `false` when it had ended already. */
  endWatch(id: string): Promise<boolean>;

  /** Keeps who was turned away; the oldest are forgotten, by number and by age. */
  addRefusal(refusal: Refusal): Promise<void>;
  /** The newest first. */
  refusals(limit: number): Promise<readonly Refusal[]>;

  /** What comes again and again, as it was set last; nothing when nobody has set it. */
  timer(name: string): Promise<{ readonly dueAt: Moment; readonly heldUntil?: Moment } | undefined>;
  /** Lets go of it as well. */
  setTimer(name: string, dueAt: Moment): Promise<void>;
  /** When it is due, `true` for one replica until its lease is over: it does the thing and sets the timer anew. */
  claimTimer(name: string, now: Moment, leaseMs: number): Promise<boolean>;
  /**
   * Whether somebody has to be told how it stands with `name`: `false` when that is what was told last. An empty
   * `state` says that all is well, which is news only after something else.
   */
  tellOnce(name: string, state: string): Promise<boolean>;
  /** What `tellOnce` gave us to tell could not be told now: it waits for somebody who can, unless there is newer news. */
  couldNotTell(name: string, state: string): Promise<void>;
  /** `true` for one of those who know of this state, when it waits to be told. */
  tellAgain(name: string, state: string): Promise<boolean>;
  /** `undefined` while somebody else holds it. Whoever holds it and asks again gets it with a higher fence. */
  claimLease(name: string, holder: string, now: Moment, leaseMs: number): Promise<Lease | undefined>;
  /** `false` when it was claimed anew since, or let go of. */
  renewLease(lease: Lease, now: Moment, leaseMs: number): Promise<boolean>;
  /** Free at once; does nothing when it is no longer this one. */
  releaseLease(lease: Lease): Promise<void>;
  /** How many reads the guardrails have judged since then. */
  countReads(since: Moment): Promise<number>;

  /**
   * What a clock that was ahead has put off is due at `now`; how many rows that were. To be called at a start: a clock that
   * is right leaves nothing to do.
   */
  bringForward(now: Moment): Promise<number>;

  /** Whether a delivery of this key was dealt with, by whichever replica. */
  wasHandled(key: string): Promise<boolean>;
  /** It is dealt with. A power cut may take this back; keys older than `keepMs` are forgotten. */
  handled(key: string, now: Moment, keepMs: number): Promise<void>;
  /**
   * Keeps a click, so that it is carried out whatever becomes of this process: ours for `heldMs`, or until it is handled.
   * `false` when its key was here before.
   */
  keepClick(key: string, click: string, now: Moment, heldMs: number): Promise<boolean>;
  /** It is still in hand, for so long from now on. A power cut may take this back. */
  holdClick(key: string, now: Moment, heldMs: number): Promise<void>;
  /**
   * Clicks that nobody has in hand any more, in the order in which they lapsed: ours from now on, for `heldMs`. None before
   * the first of them has lapsed for `settledMs`, so that what one process had in hand comes together.
   */
  lapsedClicks(now: Moment, heldMs: number, settledMs: number): Promise<readonly KeptClick[]>;
  /**
   * Calls when another process has written something that may be due at once, until it is cancelled or the store closed.
   * Only a database that tells does so (PostgreSQL): looking now and then is the safety net everywhere.
   */
  listen(changed: () => void): { cancel(): void };
  /** @throws ProblemError when what is written now would not be kept; its sentence says why, for an operator. */
  expectWritable(): Promise<void>;
  /** What the clock of the database says, where that is not the clock of this machine. */
  serverTime(): Promise<Moment | undefined>;
  close(): Promise<void>;
}
