/**
 * An approver lets less through than was asked for: only in the fields that the action names, and only less. Whether
 * what is left may run is asked of the guardrails afterwards. Pure.
 */
import type { ChangeAction } from './action.ts';
import { parseDuration } from './duration.ts';
import { fieldChanges, titleOf } from './field-changes.ts';
import { badInput } from './input-mistakes.ts';
import { ok, type Problem, problem, type Result, refuse } from './problem.ts';
import type { FieldChange } from './review-life.ts';
import type { Requirement } from './verdict.ts';

/** `shorter` is for spans of time as text, `8h`; the others are for numbers. */
export type NarrowWay = 'shorter' | 'fewer' | 'less';

type Input = Readonly<Record<string, unknown>>;

/** Fields of this input that could be less than they are, with how. */
export function narrowable({ narrows = {} }: ChangeAction, input: Input): readonly [string, NarrowWay][] {
  return Object.entries(narrows).filter(([field, way]) => sizeOf(way, input[field]) !== undefined);
}

/** `to`: the fields that whoever narrows wants otherwise; those that are as they were say nothing. */
export function narrowInput(
  action: ChangeAction,
  input: Input,
  to: Input,
): Result<{ readonly input: Input; readonly changes: readonly FieldChange[] }> {
  const ways = new Map(narrowable(action, input));
  const wrong = Object.entries(to).flatMap(([field, value]) => {
    if (value === input[field]) return [];
    const why = whyNotLess(ways.get(field), input[field], value);
    return why === undefined ? [] : [[field, `${titleOf(action, field)} ${why}`] as const];
  });
  if (wrong.length > 0) return refuse(notNarrower(Object.fromEntries(wrong)));
  const parsed = action.input.safeParse({ ...input, ...to });
  if (!parsed.success) return refuse(badInput(action, parsed.error.issues));
  const changes = fieldChanges(action, input, parsed.data);
  return changes.length > 0 ? ok({ input: parsed.data, changes }) : refuse(nothingLess());
}

/** Whether everything that is still asked of people was asked before: a narrowing never wins anybody new questions. */
export function isAskedAlready(now: readonly Requirement[], before: readonly Requirement[]): boolean {
  return now.every((one) =>
    before.some(
      (other) =>
        one.count <= other.count &&
        other.from.every((group) => one.from.includes(group)) &&
        one.not.every((who) => other.not.includes(who)) &&
        (!one.needsComment || other.needsComment === true) &&
        (one.delegates !== false || other.delegates === false) &&
        (!one.stepUp || other.stepUp === one.stepUp),
    ),
  );
}

function whyNotLess(way: NarrowWay | undefined, from: unknown, to: unknown): string | undefined {
  if (way === undefined) return 'cannot be changed by an approver';
  const [before, after] = [sizeOf(way, from), sizeOf(way, to)];
  if (before !== undefined && after !== undefined && after < before) return undefined;
  return `can only be ${way} than ${from}`;
}

function sizeOf(way: NarrowWay, value: unknown): number | undefined {
  if (way === 'shorter') return typeof value === 'string' ? parseDuration(value) : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function notNarrower(fields: Readonly<Record<string, string>>): Problem {
  return problem(
    'not_narrower',
    `An approver may only let less through than was asked for: ${Object.values(fields).join('; ')}.`,
    'Write less, or ask for changes: the requester may edit it.',
    { fields },
  );
}

function nothingLess(): Problem {
  return problem(
    'nothing_changed',
    'Nothing here is less than what was asked for.',
    'Lower a field, or click Approve for all of it.',
  );
}
