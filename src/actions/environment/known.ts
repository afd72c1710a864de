/** An environment that is there, by its name. */
import { z } from 'zod';
import type { FieldMeta, KnownEnvironment, ReadContext, StepContext, Target } from '../../core/action.ts';
import type { EnvironmentRecord } from '../../core/environment-record.ts';
import { timeOverProblem } from '../../core/live-rules.ts';
import { ok, type Problem, ProblemError, problem, type Result, refuse } from '../../core/problem.ts';
import { didYouMean } from '../../core/text.ts';

/** Refused at the field `name` when nothing is called so. */
export function knownTarget(name: string, environments: readonly KnownEnvironment[]): Result<Target> {
  const found = environments.find((one) => one.name === name);
  if (found) return ok(targetOf(found));
  const names = environments.map((one) => one.name);
  const sentence = `There is no environment "${name}".${didYouMean(name, names)}`;
  return refuse(
    problem('bad_input', sentence, 'Only those that Greenlight made are known here: `/env list`.', {
      fields: { name: sentence },
    }),
  );
}

function targetOf({ name, team }: KnownEnvironment): Target {
  return { kind: 'environment', name, tier: 'dev', team };
}

/** @throws ProblemError `not_found` when it is gone. */
export function knownEnvironment(name: string, environments: readonly KnownEnvironment[]): KnownEnvironment {
  const found = environments.find((one) => one.name === name);
  if (found) return found;
  throw new ProblemError(goneProblem(name));
}

export function goneProblem(name: string): Problem {
  return problem('not_found', `The environment "${name}" is gone.`, 'There is nothing left to do.');
}

/** The field in which one of those that are there is chosen. */
export function environmentField(description: string) {
  return z
    .string()
    .min(1)
    .max(63)
    .meta({ title: 'Environment', description, choices: 'environments', decides: true } satisfies FieldMeta);
}

export type LivingRecord = EnvironmentRecord & { readonly living: KnownEnvironment };

/** @throws ProblemError `not_found` when it is gone, or will be in a moment. */
export async function livingRecord(
  name: string,
  context: Pick<ReadContext, 'environmentRecords' | 'now'>,
): Promise<LivingRecord> {
  const records = await context.environmentRecords();
  const found = records.find((one): one is LivingRecord => one.living?.name === name);
  if (!found) throw new ProblemError(goneProblem(name));
  if (found.living.expiresAt <= context.now) throw new ProblemError(timeOverProblem(name));
  return found;
}

/**
 * The one that was agreed to (`resolved.environment`): by now another may bear its name.
 * @throws ProblemError `not_found` when that one is gone.
 */
export async function agreedRecord(name: string, context: StepContext): Promise<LivingRecord> {
  const record = await livingRecord(name, context);
  if (record.requestId === context.resolved.environment) return record;
  throw new ProblemError(timeOverProblem(name));
}

/** The same for taking back what was done to it: `undefined` when it is gone, and what was done with it. */
export async function agreedIfThere(
  name: string,
  context: StepContext,
): Promise<KnownEnvironment | undefined> {
  const { environment } = context.resolved;
  return (await context.environments()).find((one) => one.name === name && one.requestId === environment);
}
