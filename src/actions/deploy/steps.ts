/** How a version goes out: by the strategy that the catalog names for the service. */
import type { Step } from '../../core/action.ts';
import type { Catalog } from '../../core/catalog.ts';
import type { DeployStrategy } from '../../core/deploy-strategy.ts';
import { gitopsSteps } from './by-gitops.ts';
import { imageSteps } from './by-image.ts';
import { workflowSteps } from './by-workflow.ts';
import { type Route, stepId } from './delivery.ts';

const byStrategy: Record<DeployStrategy['by'], (route: Route) => readonly Step<unknown>[]> = {
  workflow: workflowSteps,
  gitops: gitopsSteps,
  image: imageSteps,
};

/** None for a service that has left the catalog: its run then ends because its plan is not what it was. */
export function deliverySteps(route: Route, { services }: Catalog): readonly Step<unknown>[] {
  const entry = services[route.service];
  if (!entry) return [];
  const { scope } = route;
  return byStrategy[entry.deploy.by](route).map((step) => ({
    ...step,
    id: stepId(scope, step.id),
    title: scope === undefined ? step.title : `${scope}: ${step.title}`,
  }));
}
