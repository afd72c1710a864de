/** One effect of an action, and what it may use: the step knows nothing of runners, leases or restarts. */

import type { Target } from './action.ts';
import type { Catalog } from './catalog.ts';
import type { Codes } from './codes.ts';
import type { Delegation } from './delegation.ts';
import type { EnvironmentRecord } from './environment-record.ts';
import type { Guardrails } from './guardrails.ts';
import type { Moment, RequestId } from './ids.ts';
import type { LockTable } from './lock.ts';
import type { KnownEnvironment } from './outputs.ts';
import type { Outside } from './outside.ts';
import type { Person } from './person.ts';
import type { PlatformRequest, RecordedEvent } from './request.ts';
import type { RequestQuery } from './store.ts';

/** What an action may read while it previews or answers. */
export interface ReadContext extends Outside {
  /** What the guardrails tell of themselves. */
  readonly guardrails: Guardrails;
  /** People's second factors, as far as actions may touch them. */
  readonly codes: Pick<Codes, 'reset' | 'enrolledAt'>;
  readonly catalog: Catalog;
  readonly requester: Person;
  readonly now: Moment;
  /** Environments that Greenlight made and that are still there. */
  environments(): Promise<readonly KnownEnvironment[]>;
  /** The same with their history, and those on their way. */
  environmentRecords(): Promise<readonly EnvironmentRecord[]>;
  /** What is held and waited for. */
  locks(): Promise<LockTable>;
  /** Who has lent their voice to whom and is not back yet. */
  delegations(): Promise<readonly Delegation[]>;
  /**
   * The member meant by a mention (`@U012`) or an e-mail address.
   * @throws ProblemError when there is no such member, or Slack cannot say.
   */
  member(named: string): Promise<Person>;
  /** What was asked for, newest first. */
  requests(query: RequestQuery): Promise<readonly PlatformRequest[]>;
  /** What people call whoever has this e-mail address; the address itself when nobody knows. */
  nameOf(email: string): Promise<string>;
  /** Every event of one request, oldest first. */
  history(id: RequestId): Promise<readonly RecordedEvent[]>;
}

/** What a step may use. Everything it needs to know of the past is in `input`, `resolved` and `results`. */
export interface StepContext extends ReadContext {
  readonly request: {
    readonly id: RequestId;
    /** `REQ-12-m3k9x1`: unlike the id, no other store ever gives it. What the outside is marked with. */
    readonly key: string;
    readonly target: Target;
  };
  readonly resolved: Readonly<Record<string, string>>;
  /** What earlier steps remembered, by step id. */
  readonly results: Readonly<Record<string, StepResult>>;
  /** When this step's first attempt began. */
  readonly stepStartedAt: Moment;
  /**
   * Since when it has said that it waits; `now` when it has not yet. Deadlines count from here: time in which nothing
   * could be tried is not in it.
   */
  readonly waitingSince: Moment;
  /** When its last attempt began: what that one may have made may not show yet. */
  readonly attemptedAt: Moment;
  /** The same on every attempt of this step: what the outside knows this effect by. */
  readonly idempotencyKey: string;
  /** Of the lock that the run took; what it writes carries it. `undefined` when it needs no lock. */
  readonly fence: number | undefined;
}

export type StepResult = Readonly<Record<string, string>>;

/**
 * `waiting` parks the request and calls the step again after `againInMs`; nothing is held meanwhile. `progress` are
 * the lines a card shows under the step ("build: passed").
 */
export type StepOutcome =
  | { readonly state: 'done'; readonly result?: StepResult; readonly note?: string }
  | {
      readonly state: 'waiting';
      readonly note: string;
      readonly againInMs: number;
      readonly progress?: readonly string[];
    };

export interface Step<Input> {
  readonly id: string;
  readonly title: string;
  /**
   * Ids of earlier steps that must be done before; the one before when not given. Steps that wait for none of each
   * other are carried out side by side, and taken back in reverse.
   */
  readonly needs?: readonly string[];
  /**
   * Makes the effect. Must be safe to call again with the same idempotency key: by its nature (apply), or because
   * `find` is asked first.
   * @throws ProblemError; a transient one is tried again, any other ends the run and starts the undo.
   */
  do(input: Input, context: StepContext): Promise<StepOutcome>;
  /** Looks for the effect of an attempt whose answer was lost. `undefined`: it did not take place. */
  find?(input: Input, context: StepContext): Promise<StepOutcome | undefined>;
  /** Takes the effect back; safe to repeat, also when there is nothing to take back. */
  undo?(input: Input, context: StepContext): Promise<StepOutcome>;
}
