/**
 * What each kind of part shares: settings that are checked, and a fact that outlives a crash. "There was none before
 * us" must be written before anything is made, or nobody could tell later what is ours to take away: the first attempt
 * only looks, says so, and waits; that event is the memory.
 */
import type { z } from 'zod';
import type { KnownEnvironment, Step, StepContext, StepOutcome } from '../../../core/action.ts';
import type { MadePart } from '../../../core/blueprint.ts';
import type { Catalog } from '../../../core/catalog.ts';
import { ProblemError, problem } from '../../../core/problem.ts';
import type { Input } from '../create-input.ts';

const partStepPrefix = 'part-';

export function partStepId(name: string): string {
  return `${partStepPrefix}${name}`;
}

/** Whether a step makes a part. */
export function isPartStep(id: string): boolean {
  return id.startsWith(partStepPrefix);
}

/** The part that a step makes. */
export function partNameOf(id: string): string {
  return id.slice(partStepPrefix.length);
}

export interface PartOrder {
  /** `part-repository`: unique in the plan. */
  readonly id: string;
  /** Its name in the blueprint. */
  readonly name: string;
  /** As the blueprint says, filled in; not checked yet. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface PartBuilder {
  /** "GitHub environment": the title of its step and its line in the preview. */
  readonly title: string;
  /** An object in the environment's namespace, which its operator must end before that goes; or something elsewhere. */
  readonly liesIn: 'namespace' | 'elsewhere';
  /** @throws ProblemError `bad_input` when the settings are not what this kind takes. */
  step(order: PartOrder): Omit<Step<Input>, 'needs'>;
  /** @throws ProblemError when the catalog does not let blueprints make it: asked before anybody agrees, and again before it is made. */
  allow?(order: Pick<PartOrder, 'name' | 'settings'>, rules: Catalog['environments']): void;
  /** Takes it away when the environment ends, while its namespace is still there; safe to repeat. */
  remove(part: MadePart, environment: KnownEnvironment, context: StepContext): Promise<StepOutcome>;
}

/** @throws ProblemError `bad_input` naming the part and the field. */
export function settingsOf<Schema extends z.ZodObject>(
  schema: Schema,
  title: string,
  { name, settings }: Pick<PartOrder, 'name' | 'settings'>,
): z.output<Schema> {
  const read = schema.safeParse(settings);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new ProblemError(
    problem(
      'bad_input',
      `The part "${name}" (${title}) of the blueprint is wrong: ${issue?.path.join('.')}: ${issue?.message}.`,
      'Tell the platform team: the blueprint must be mended.',
    ),
  );
}

/** Whether an earlier attempt of this step has looked and found that there was none; `of`: another request's step. */
export async function hadFoundNone(
  id: string,
  context: StepContext,
  of = context.request.id,
): Promise<boolean> {
  const history = await context.history(of);
  return history.some(({ event }) => event.type === 'step_waiting' && event.step === id);
}

/** Writes that there was none; the next attempt, at once, makes it. */
export function foundNone(note: string): StepOutcome {
  return { state: 'waiting', note, againInMs: 0 };
}
