/** From what was asked to what is made. */
import type { StepContext } from '../../core/action.ts';
import type { Blueprint, BlueprintScope } from '../../core/blueprint.ts';
import type { Catalog } from '../../core/catalog.ts';
import type { Person } from '../../core/person.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import type { Input } from './create-input.ts';

export function namespaceOf(environment: string): string {
  return `env-${environment}`;
}

/** What marks an object as made for one request, and so as ours to remove. */
export function ownershipLabels(requestKey: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/managed-by': 'greenlight', 'greenlight.dev/request': requestKey };
}

/** What marks an object as of a living environment, whichever request made or changed it. */
export function environmentLabels(environment: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/managed-by': 'greenlight', 'greenlight.dev/environment': environment };
}

/** What somebody wants, as far as it says what an environment is like. */
export type Wish = Pick<Input, 'name' | 'cpu' | 'memoryGi' | 'replicas' | 'values'>;

/**
 * What the blueprint's expressions speak of.
 * @throws ProblemError `bad_input` when the blueprint's inputs are not what it takes (any more).
 */
export function scopeOf(
  blueprint: Blueprint,
  { name, cpu, memoryGi, replicas, values }: Wish,
  { team, owner }: { readonly team: string; readonly owner: string },
): BlueprintScope {
  const checked = blueprint.inputs.check(values);
  if (!checked.ok) throw new ProblemError(checked.problem);
  return {
    environment: { name, namespace: namespaceOf(name), team, owner, cpu, memoryGi, replicas },
    input: checked.value,
  };
}

export function ownerOf({ email, id }: Person): string {
  return email ?? id;
}

/**
 * The blueprint as it was approved.
 * @throws ProblemError `not_found` when there is none of that name, `plan_changed` when it was edited since.
 */
export function agreedBlueprint(name: string, context: StepContext): Blueprint {
  const blueprint = blueprintOf(context.catalog, name);
  if (digestText(blueprint) === context.resolved.blueprint) return blueprint;
  throw new ProblemError(
    problem(
      'plan_changed',
      `The blueprint "${name}" was edited while the environment was being made.`,
      'Nobody has agreed to the new one: ask again.',
    ),
  );
}

/**
 * The cluster that was agreed to, by name: the catalog may say another one since, where nothing of it is found.
 * Requests of older versions do not know.
 */
export function agreedCluster({ resolved, catalog }: Agreed): string {
  return resolved?.cluster ?? catalog.environments.cluster;
}

type Agreed = Pick<StepContext, 'catalog'> & Partial<Pick<StepContext, 'resolved'>>;

/** As much of it as tells two apart, short enough to be read. */
export function digestText({ digest }: Blueprint): string {
  return digest.slice(0, 12);
}

export function blueprintOf(catalog: Catalog, name: string): Blueprint {
  const blueprint = catalog.blueprints[name];
  if (blueprint) return blueprint;
  throw new ProblemError(
    problem('not_found', `There is no blueprint "${name}" any more.`, 'Ask again with another blueprint.'),
  );
}
