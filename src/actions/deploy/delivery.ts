/** One service on its way to one environment, as every strategy sees it: alone, or as one of several in a promotion. */
import type { StepContext, StepResult } from '../../core/action.ts';
import type { Delivered, DeployStrategy } from '../../core/deploy-strategy.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import type { Service } from '../../core/service.ts';
import { serviceOf } from './service.ts';

/** What goes where. `scope` sets its steps and names apart from those of others in the same request. */
export interface Route {
  readonly service: string;
  readonly environment: string;
  readonly scope?: string;
}

export interface Delivery extends Delivered {
  readonly route: Route;
  readonly entry: Service;
  readonly isProduction: boolean;
  /** What the outside is marked with: each service of a promotion has its own. */
  readonly key: string;
  /** The commit that this one takes the place of because it was no good. */
  readonly rolledBackFrom?: string;
}

/** @throws ProblemError when the service left the catalog, or what was approved is not known. */
export function deliveryOf(route: Route, context: StepContext): Delivery {
  const { service, environment, scope } = route;
  const entry = serviceOf(context.catalog, route);
  const version = context.resolved[named(scope, 'version')];
  const commit = context.resolved[named(scope, 'commit')];
  if (version === undefined || commit === undefined) {
    throw new ProblemError(
      problem('out_of_date', 'Nobody knows any more which commit was approved.', 'Ask for it again.'),
    );
  }
  const rolledBackFrom = context.resolved[named(scope, 'rolled back from')];
  return {
    ...{ route, service, environment, version, commit, entry },
    isProduction: entry.environments[environment]?.tier === 'production',
    key: scope === undefined ? context.request.key : `${context.request.key}-${scope}`,
    ...(rolledBackFrom === undefined ? {} : { rolledBackFrom }),
  };
}

/** @throws ProblemError `plan_changed` when the catalog says meanwhile that it goes out in another way. */
export function strategyOf<By extends DeployStrategy['by']>(
  delivery: Delivery,
  by: By,
): Extract<DeployStrategy, { by: By }> {
  const { deploy } = delivery.entry;
  if (isBy(deploy, by)) return deploy;
  throw new ProblemError(
    problem(
      'plan_changed',
      `The catalog has changed how ${delivery.service} is deployed while this was running.`,
      'See what was left as the catalog said before, and ask for the deploy again.',
    ),
  );
}

function isBy<By extends DeployStrategy['by']>(
  deploy: DeployStrategy,
  by: By,
): deploy is Extract<DeployStrategy, { by: By }> {
  return deploy.by === by;
}

/** `commit`, or `payments commit` in a promotion: the names in `resolved`, which people read when one has moved. */
export function named(scope: string | undefined, name: string): string {
  return scope === undefined ? name : `${scope} ${name}`;
}

export function stepId(scope: string | undefined, id: string): string {
  return scope === undefined ? id : `${scope}.${id}`;
}

/** What an earlier step of the same delivery remembered. */
export function resultOf({ scope }: Route, context: StepContext, id: string): StepResult | undefined {
  return context.results[stepId(scope, id)];
}
