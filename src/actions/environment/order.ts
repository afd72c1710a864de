/** From what was asked to what is made. */
import type { StepContext } from '../../core/action.ts';
import type { Catalog } from '../../core/catalog.ts';
import type { Blueprint } from '../../core/inline-blueprint.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import type { Input } from './create-input.ts';
import type { EnvironmentOrder } from './manifests.ts';

export function orderFor(asked: Input, context: StepContext): EnvironmentOrder {
  const { team } = context.request.target;
  return {
    name: asked.name,
    cpu: asked.cpu,
    memoryGi: asked.memoryGi,
    replicas: asked.replicas,
    team,
    teamMembers: context.catalog.groups[team]?.members ?? [],
    requestKey: context.request.key,
    owner: context.requester.email ?? context.requester.id,
  };
}

export function blueprintOf(catalog: Catalog, name: string): Blueprint {
  const blueprint = catalog.blueprints[name];
  if (blueprint) return blueprint;
  throw new ProblemError(
    problem(
      'not_found',
      `The blueprint "${name}" is no longer in the catalog.`,
      'Ask again with another blueprint.',
    ),
  );
}
