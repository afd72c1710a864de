/**
 * What an environment gets beside its cluster's objects, by a blueprint's `parts`. Each kind is a file in `parts/` that
 * builds one step from the settings; the step undoes what it made, and the environment takes it along when it ends.
 */
import type { KnownEnvironment, StepContext, StepOutcome } from '../../core/action.ts';
import type { MadePart, PartKind } from '../../core/blueprint.ts';
import { rememberedPlan } from './create/plan.ts';
import { bucket } from './parts/bucket.ts';
import { githubEnvironment } from './parts/github-environment.ts';
import { type PartBuilder, partStepId } from './parts/part.ts';
import { runnerScaleSet } from './parts/runner-scale-set.ts';
import { teamMembership } from './parts/team-membership.ts';

export const partBuilders: Readonly<Record<PartKind, PartBuilder>> = {
  'github-environment': githubEnvironment,
  'team-membership': teamMembership,
  'runner-scale-set': runnerScaleSet,
  bucket,
};

/** The parts that a run has made, with what their steps remembered. */
export function madeParts(results: StepContext['results']): readonly MadePart[] {
  return rememberedPlan(results).parts.map((part) => ({
    ...part,
    result: results[partStepId(part.name)] ?? {},
  }));
}

/**
 * Takes away those of one kind, the last made first. Safe to repeat.
 * @throws ProblemError of the first that does not go, when all others are gone.
 */
export async function removeParts(
  kind: PartKind,
  environment: KnownEnvironment,
  context: StepContext,
): Promise<StepOutcome> {
  const outcomes = await Promise.allSettled(
    (environment.parts ?? [])
      .filter((part) => part.kind === kind)
      .toReversed()
      .map((part) => partBuilders[kind].remove(part, environment, context)),
  );
  const done = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const waiting = done.find(({ state }) => state === 'waiting');
  if (waiting) return waiting;
  const failed = outcomes.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  const notes = done.flatMap(({ note }) => (note === undefined ? [] : [note]));
  return { state: 'done', ...(notes.length > 0 ? { note: notes.join(', ') } : {}) };
}
