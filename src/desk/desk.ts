/** The desk as handlers and the runner see it: the one place where a request changes. */
import type { Answer, ChoiceSource, Preview } from '../core/action.ts';
import type { Bypass, BypassOffers } from '../core/glass.ts';
import type { Moment, PersonId, RequestId } from '../core/ids.ts';
import type { InputSchema } from '../core/input-schema.ts';
import type { Obstacle } from '../core/lock.ts';
import type { Person } from '../core/person.ts';
import type { EndChoice } from '../core/ports.ts';
import type { Result } from '../core/problem.ts';
import type { Origin, PlatformRequest, RecordedEvent } from '../core/request.ts';
import type { Quorum, Review, Verdict } from '../core/verdict.ts';
import type { HomeView } from './home.ts';

/** What somebody asks for, as it came in: `input` is checked against the action's schema here. */
export interface Ask {
  /** The same key is the same ask, however often it arrives. */
  readonly key: string;
  /** An action's name, `environment.create`. */
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly requester: Person;
  readonly origin: Origin;
  /** The request that it goes on from. */
  readonly follows?: RequestId;
  /** For whom, when it is not a person who asks. */
  readonly onBehalfOf?: Person;
  /** The end of the environment that it takes away: one whose end is later by then stays. */
  readonly end?: Moment;
  /** The same read of the same person a moment later: judged anew, and not recorded each time. */
  readonly isRepeated?: boolean;
  /** With what the requester asks not to wait; its reason is checked here. */
  readonly bypass?: Bypass;
  /** Of the requester's authenticator app, for an emergency that wants a second factor. */
  readonly code?: string;
}

/** What an open request is to ask for instead: `input` is checked against the action's schema here. */
export interface Edit {
  readonly id: RequestId;
  readonly by: Person;
  readonly input: Readonly<Record<string, unknown>>;
  /** Of what stood in the form when it was opened: what has changed since is not overwritten. */
  readonly digest: string;
}

/** What the guardrails would say, and what would happen: nothing is written. */
export interface Forecast {
  readonly verdict: Verdict;
  readonly preview: Preview;
  /** How much of each limit is used up: "2 of 3 environments of the team". */
  readonly limits?: readonly string[];
  /** With what else this person could ask for it. */
  readonly bypasses?: BypassOffers;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
}

/** What is one person's to answer or to follow. */
export interface Overview {
  /** Open and recent, the newest first. */
  readonly mine: readonly PlatformRequest[];
  /** The longest waiting first. */
  readonly waitingForMe: readonly PlatformRequest[];
  /** Emergencies of others that they may look at afterwards. */
  readonly debts: readonly PlatformRequest[];
}

export interface RequestView {
  readonly request: PlatformRequest;
  readonly history: readonly RecordedEvent[];
  readonly quorum: Quorum;
}

export interface Desk {
  /** For an open form; reads the outside, so never before an ack. */
  forecast(ask: Omit<Ask, 'key'> & { readonly edits?: RequestId }): Promise<Result<Forecast>>;
  /** A read action's answer. Reads the outside. */
  answer(ask: Ask): Promise<Result<Answer>>;
  /** Checks the input, writes the request and returns: durable, and no call outside, so it stands before the ack. */
  submit(ask: Ask): Promise<Result<PlatformRequest>>;
  /** Lets the guardrails judge what was submitted. Whoever submits calls it next; after a crash the runner does. */
  decide(id: RequestId): Promise<Result<PlatformRequest>>;
  /** One person's answer, to exactly what `digest` stands for. */
  review(review: {
    readonly id: RequestId;
    readonly by: Person;
    readonly decision: Review['decision'];
    readonly note?: string;
    /** Of their authenticator app, for a requirement that wants a second factor. */
    readonly code?: string;
    readonly digest: string;
    /** With a yes: to less than was asked for, by field. */
    readonly narrowTo?: Readonly<Record<string, unknown>>;
  }): Promise<Result<PlatformRequest>>;
  /** Whether `to` is less than the request asks for; what the guardrails say comes with `review`. Nothing outside. */
  checkNarrowing(request: PlatformRequest, to: Readonly<Record<string, unknown>>): Result<unknown>;
  /** Whoever answered takes it back, while it is not approved. */
  withdraw(id: RequestId, by: Person): Promise<Result<PlatformRequest>>;
  /** Whether this person could edit it now, without doing so: asked before the form opens. */
  mayEdit(id: RequestId, by: Person): Promise<Result<PlatformRequest>>;
  /** Whether this edit is one that could be asked for; what the guardrails say comes with `edit`. Nothing outside. */
  checkEdit(edit: Edit): Promise<Result<undefined>>;
  /**
   * The request asks for something else from now on: judged anew, and people are asked anew. What would be refused is
   * a problem, and leaves it as it was. Reads the outside, so never before an ack.
   */
  edit(edit: Edit): Promise<Result<PlatformRequest>>;
  cancel(id: RequestId, by: Person): Promise<Result<PlatformRequest>>;
  /** Cancels what waits in somebody's name if their account was deactivated; how many that were. */
  lookAfterLeaver(person: PersonId): Promise<number>;
  /** The same for everybody in whose name something waits, as long as it is not stopped. */
  lookAfterLeavers(isStopped?: () => boolean): Promise<number>;
  /** Somebody else has looked at an emergency afterwards: whoever broke glass may do so again. */
  reviewGlass(id: RequestId, by: Person, note?: string): Promise<Result<PlatformRequest>>;
  /**
   * Asks for the way back from a request, as a request of its own that the guardrails judge; one that still runs is
   * cancelled first. The new request, judged.
   */
  goBack(id: RequestId, by: Person): Promise<Result<PlatformRequest>>;
  /** The holder says that their lock is still needed, when asked about it. */
  keepLock(id: RequestId, by: Person): Promise<Result<PlatformRequest>>;
  /** Whether this person could answer it so now, without doing so: asked before a form for a reason opens. */
  mayReview(id: RequestId, by: Person, decision?: Review['decision']): Promise<Result<PlatformRequest>>;
  view(id: RequestId, viewer: Person): Promise<Result<RequestView>>;
  overview(viewer: Person): Promise<Overview>;
  /** What holds an approved request up that has not begun: a lock of somebody else's, or a run before it. */
  obstacles(request: PlatformRequest): Promise<readonly Obstacle[]>;
  /** All that concerns one person, for a page of their own. */
  home(viewer: Person): Promise<HomeView>;
  /** Names of the actions that this person may ask for at all: what help shows. */
  permittedActions(viewer: Person): readonly string[];
  /**
   * What a field's select offers, in the order to show it. `input` holds the other fields as filled so far; `typed` is
   * what somebody has typed to find it, by which services are found though it is misspelt.
   */
  choices(
    source: ChoiceSource,
    viewer: Person,
    input: Readonly<Record<string, unknown>>,
    typed?: string,
  ): Promise<readonly Choice[]>;
  /** What its requester can do about the end of the environment that it made; none when that is gone. */
  endChoices(request: PlatformRequest): Promise<readonly EndChoice[]>;
  /** What an action asks for beside its own fields once this much is known; nothing, mostly. */
  further(action: string, input: Readonly<Record<string, unknown>>): InputSchema | undefined;
  /** What stands in an action's fields that are left out, once this much is known; nothing, mostly. */
  presets(action: string, input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  /** Keeps what somebody has filled in of a form with several pages; `not_yours` when another one opened it. */
  saveDraft(id: string, owner: Person, values: Readonly<Record<string, unknown>>): Promise<Result<undefined>>;
  /** `undefined`: nothing is kept, or no longer. */
  loadDraft(id: string, owner: Person): Promise<Result<Readonly<Record<string, unknown>> | undefined>>;
}
