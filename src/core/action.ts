/**
 * A thing that can be requested. One file in `src/actions/` is one action; its schema is at once the command line,
 * the modal, the help, the validation and what the policy may speak of.
 */
import type { z } from 'zod';
import type { EnvironmentObject, MadePart } from './blueprint.ts';
import type { Catalog } from './catalog.ts';
import type { ChartSheet } from './chart.ts';
import type { EnvironmentRecord } from './environment-record.ts';
import type { CostFacts, Effect } from './facts.ts';
import type { Moment, RequestId } from './ids.ts';
import type { InputSchema } from './input-schema.ts';
import type { LifeChange } from './life.ts';
import type { LockNeed, LockTable } from './lock.ts';
import type { LockChange } from './lock-life.ts';
import type { Tier } from './names.ts';
import type { Outside } from './outside.ts';
import type { Person } from './person.ts';
import type { Preview } from './preview.ts';
import type { Result } from './problem.ts';
import type { PlatformRequest, RecordedEvent } from './request.ts';
import type { RequestQuery } from './store.ts';

/** What a field says of itself beside its type: `z.string().meta({ title: 'Name', ... } satisfies FieldMeta)`. */
export interface FieldMeta {
  /** The label, 1 to 3 words. */
  readonly title: string;
  /** The hint under the field: what it is for, one sentence. */
  readonly description?: string;
  readonly placeholder?: string;
  /** The choices come from the catalog rather than from the schema. */
  readonly choices?: ChoiceSource;
  /** What stands after a number of it in a sentence, when that is not its title: "16 GiB of memory". */
  readonly unit?: string;
  /** Text over several lines. */
  readonly isLong?: boolean;
  /** A change of this field draws the verdict again in an open modal. */
  readonly decides?: boolean;
}

/**
 * `serviceEnvironments` are those of the service chosen in the field `service`; `lockable` are the services and
 * everything; `locks` are those that others hold of the place chosen; `people` are those that the groups name; `operations` are those of the
 * environment chosen in the field `name`.
 */
export const choiceSources = [
  ...(['services', 'serviceEnvironments', 'blueprints', 'teams', 'environments'] as const),
  ...(['lockable', 'locks', 'people', 'workflows', 'operations'] as const),
] as const;
export type ChoiceSource = (typeof choiceSources)[number];

/** How an action is typed: `/env create <name>`, `/deploy <service> <version> to <environment>`. */
export interface CommandShape {
  readonly slash: `/${string}`;
  /** The word after the slash command; none when the command has this one action. */
  readonly verb?: string;
  /** How it begins in a sentence when the slash command or the verb is no word for it: "roll back". */
  readonly spoken?: string;
  /** What stands after the verb in a sentence; when not given the kind of its target, and nothing for a service. */
  readonly noun?: string;
  /** It is also what the slash command alone asks for; one action of a slash command at most, and needing no input. */
  readonly isBare?: boolean;
  /** Help names it first: what most people come to this slash command for. */
  readonly isMain?: boolean;
  /** What follows without a flag, in order; a `word` stands before its field and may be left out. */
  readonly positional: readonly {
    readonly field: string;
    readonly word?: string;
    /** Another word that may stand there: `in 2h` beside `at 09:00`. */
    readonly otherWord?: string;
    /** It takes all the words after its own, and nothing without that. */
    readonly isRest?: boolean;
  }[];
  /** Whole lines that work as they stand in the sandbox. */
  readonly examples: readonly string[];
}

export interface Target {
  readonly kind: 'environment' | 'service' | 'workflow';
  readonly name: string;
  readonly tier: Tier;
  /** The group that owns it. */
  readonly team: string;
  /** The service's name and owners, when it is about one. */
  readonly service?: { readonly name: string; readonly owners: readonly string[] };
}

export type { Preview } from './preview.ts';

/** What an action may read while it previews or answers. */
export interface ReadContext extends Outside {
  readonly catalog: Catalog;
  readonly requester: Person;
  readonly now: Moment;
  /** Environments that Greenlight made and that are still there. */
  environments(): Promise<readonly KnownEnvironment[]>;
  /** The same with their history, and those on their way. */
  environmentRecords(): Promise<readonly EnvironmentRecord[]>;
  /** What is held and waited for. */
  locks(): Promise<LockTable>;
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
  /** When this step's first attempt began: deadlines count from here. */
  readonly stepStartedAt: Moment;
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

/** What a finished request hands over. Addresses and names only: never a secret. */
export interface Outputs {
  readonly links: readonly { readonly label: string; readonly url: string }[];
  /** Sentences for the requester: where the connection details are, how to read them with their own rights. */
  readonly notes: readonly string[];
  readonly environment?: KnownEnvironment;
  /** What it did to an environment; `requestId` is the request that made that. */
  readonly environmentChange?: { readonly requestId: RequestId; readonly change: LifeChange };
  /** What it did to locks; `requestId` is the request that took the lock. */
  readonly lockChanges?: readonly { readonly requestId: RequestId; readonly change: LockChange }[];
}

export interface KnownEnvironment {
  readonly name: string;
  readonly blueprint: string;
  readonly team: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly requestId: RequestId;
  readonly url: string;
  readonly expiresAt: Moment;
  /** What its blueprint made, in the order in which it was made; the room around it is not listed. */
  readonly objects?: readonly EnvironmentObject[];
  /** What it has beside the cluster's objects: taken away with it. */
  readonly parts?: readonly MadePart[];
  /** Secrets with its connection details, and their keys; never a value. */
  readonly secrets?: readonly { readonly name: string; readonly keys: readonly string[] }[];
}

export type Mood = 'good' | 'busy' | 'bad' | 'unknown';

/** A private answer to a read. Plain text throughout: whoever draws it escapes it. */
export interface Answer {
  readonly title: string;
  /** The whole answer in one sentence. */
  readonly sentence: string;
  /** None when the answer is not about how something is. */
  readonly mood?: Mood;
  readonly sections: readonly AnswerSection[];
  readonly links: readonly { readonly label: string; readonly url: string }[];
  /** To be followed for a while: shown to the channel, asked anew as this and edited in place when it has changed. */
  readonly follow?: { readonly action: string; readonly input: Readonly<Record<string, unknown>> };
  /** How old what is shown may be: "As of 3s ago." */
  readonly footnote?: string;
  /** For whoever asked, and nobody else: it cannot be shown to a channel. */
  readonly isPersonal?: boolean;
  /** It holds what opens something: it is not given where another company reads along, nor drawn anew by a button. */
  readonly isSecret?: boolean;
  /** For whoever asked alone, in their direct messages, even when the rest is shown to a channel. */
  readonly files?: readonly AnswerFile[];
  /** Drawn as one picture, which goes where the files go. */
  readonly charts?: ChartSheet;
  /** What may be asked next, as command lines: "Deploy payments" -> `/deploy payments`. */
  readonly next: readonly { readonly label: string; readonly commandLine: string }[];
}

export interface AnswerFile {
  /** Its ending says what it is: `payments-production.log`, `cost-2026-11.csv`, `metrics.png`. */
  readonly name: string;
  /** Text, or bytes. Redacted already: a file is kept, searched and exported like any message. */
  readonly content: string | Uint8Array;
  /** One sentence: what it holds; for a picture the words for those who do not see it. */
  readonly altText: string;
}

export interface AnswerSection {
  readonly title: string;
  readonly mood?: Mood;
  readonly fields: readonly { readonly label: string; readonly value: string }[];
  readonly lines: readonly string[];
  /** As a program wrote it, the newest line last: what does not fit is left out at the top. */
  readonly verbatim?: readonly string[];
}

interface ActionBase<Schema extends z.ZodObject> {
  readonly title: string;
  /** What it does, one sentence without the subject: "Make an environment of your own for a while." */
  readonly summary: string;
  readonly command: CommandShape;
  readonly input: Schema;
  /**
   * What is asked for beside `input` once this much of it is known: the inputs of the blueprint that was chosen. They
   * stand in the same form, are typed as flags like any other, and arrive in the field `values`, checked.
   */
  further?(input: Readonly<Record<string, unknown>>, catalog: Catalog): InputSchema | undefined;
  /** Whom and what it is about; a problem names the field that does not exist and the nearest that does. */
  target(input: z.infer<Schema>, known: TargetContext): Result<Target>;
  /**
   * For one that is only another way to ask for something (`clone` is a `create` with the other's values): what that is.
   * It is judged, carried out and shown as that, so no guardrail has to be told of it twice.
   */
  restated?(
    input: z.infer<Schema>,
    known: TargetContext & { readonly records: readonly EnvironmentRecord[] },
  ): Result<{ readonly action: string; readonly input: Readonly<Record<string, unknown>> }>;
}

export interface TargetContext {
  readonly catalog: Catalog;
  readonly requesterGroups: readonly string[];
  readonly environments: readonly KnownEnvironment[];
  readonly now: Moment;
}

/** An action that answers at once and changes nothing. */
export interface ReadAction<Schema extends z.ZodObject = z.ZodObject> extends ActionBase<Schema> {
  readonly effect: 'read';
  answer(input: z.infer<Schema>, context: ReadContext): Promise<Answer>;
}

/** An action that changes the world, step by step. */
export interface ChangeAction<Schema extends z.ZodObject = z.ZodObject> extends ActionBase<Schema> {
  readonly effect: Exclude<Effect, 'read'>;
  /** Where its cards go. */
  readonly channel: 'requests' | 'deploys';
  preview(input: z.infer<Schema>, context: ReadContext): Promise<Preview>;
  /** What it would cost, by its input and the catalog's prices alone: for "and with half the size?". As the preview says. */
  cost?(
    input: z.infer<Schema>,
    context: { readonly catalog: Catalog; readonly requester: Person },
  ): CostFacts;
  /**
   * What the run must have for itself. When not given: the environment of the service that `input.environment` and
   * the target name, or nothing.
   */
  locks?(input: z.infer<Schema>, target: Target): LockNeed | undefined;
  /**
   * When it may begin at the earliest, from what was asked for; `zone` is the requester's. At once when not given.
   */
  notBefore?(
    input: z.infer<Schema>,
    at: { readonly now: Moment; readonly zone: string },
  ): Result<Moment | undefined>;
  /** What to ask for to go back to how it was before; `undefined` when there is no way back from this one. */
  wayBack?(
    request: PlatformRequest,
  ): { readonly action: string; readonly input: Readonly<Record<string, unknown>> } | undefined;
  /** Whether the way back is asked for as soon as this run has failed, without anybody's click. */
  goesBackByItself?(request: PlatformRequest, catalog: Catalog): boolean;
  /** The plan: fixed by the input and the catalog, remembered when the run starts. */
  steps(input: z.infer<Schema>, catalog: Catalog): readonly Step<z.infer<Schema>>[];
  /**
   * How to take back a step that today's plan no longer has, by what the run remembered. Without it such a step is named
   * as remaining.
   */
  undoForgotten?(stepId: string): Step<z.infer<Schema>>['undo'];
  /** What it handed over, from what the steps remembered. */
  outputs(input: z.infer<Schema>, context: StepContext): Outputs;
}

export type Action = ReadAction | ChangeAction;

/** Lets an action's file be typed by its own schema, and used with any. */
export function defineAction<Schema extends z.ZodObject>(
  action: ReadAction<Schema> | ChangeAction<Schema>,
): Action {
  return action as unknown as Action;
}

/** Actions by name (`environment.create`), the name being the file's. */
export type Actions = ReadonlyMap<string, Action>;
