/**
 * A thing that can be requested. One file in `src/actions/` is one action; its schema is at once the command line,
 * the modal, the help, the validation and what the policy may speak of.
 */
import type { z } from 'zod';
import type { Answer } from './answer.ts';
import type { Catalog } from './catalog.ts';
import type { EnvironmentRecord } from './environment-record.ts';
import type { CostFacts, Effect } from './facts.ts';
import type { Moment } from './ids.ts';
import type { InputSchema } from './input-schema.ts';
import type { LockNeed } from './lock.ts';
import type { Tier } from './names.ts';
import type { NarrowWay } from './narrow.ts';
import type { KnownEnvironment, Outputs } from './outputs.ts';
import type { Person } from './person.ts';
import type { Preview } from './preview.ts';
import type { Result } from './problem.ts';
import type { PlatformRequest } from './request.ts';
import type { ReadContext, Step, StepContext } from './step.ts';

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
  /** A span of time, "8h": conditions of the guardrails read it in hours, `ttl` as `ttlHours`. */
  readonly isSpan?: boolean;
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
    /** It takes all the words after its own, and nothing without that; without a word of its own all that follow. */
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

/** What an action file works with, from the files that say it. */
export type { Answer, AnswerFile, AnswerSection, Mood } from './answer.ts';
export type { KnownEnvironment, Outputs } from './outputs.ts';
export type { Preview } from './preview.ts';
export type { ReadContext, Step, StepContext, StepOutcome, StepResult } from './step.ts';

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
  /** What stands in fields that are left out, once this much is known: the size that the chosen blueprint names. */
  presets?(input: Readonly<Record<string, unknown>>, catalog: Catalog): Readonly<Record<string, unknown>>;
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
  /** Fields of which an approver may let less through than was asked for, and what less is there. */
  readonly narrows?: Readonly<Record<string, NarrowWay>>;
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
