/** An environment that is there, by its name. */
import type { KnownEnvironment, Target } from '../../core/action.ts';
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
