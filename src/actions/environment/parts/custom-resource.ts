/** Parts that an operator makes of a custom resource in the environment's namespace: made, waited for, gone before it. */
import type { KnownEnvironment, Step, StepContext, StepOutcome } from '../../../core/action.ts';
import type { BlueprintResource, BlueprintScope } from '../../../core/blueprint.ts';
import type { ManifestRef } from '../../../core/cluster.ts';
import { environmentCluster } from '../create/namespace-step.ts';
import { resourceStep } from '../create/resource-step.ts';
import type { Input } from '../create-input.ts';
import { environmentLabels, namespaceOf, ownershipLabels } from '../order.ts';
import { removeObject } from '../remove-object.ts';
import type { PartOrder } from './part.ts';

export interface CustomResource {
  readonly apiVersion: string;
  readonly kind: string;
  /** Of the object; what the part is called when not given. */
  readonly name?: string | undefined;
  spec(scope: BlueprintScope): Readonly<Record<string, unknown>>;
}

export function customResourceStep(
  order: PartOrder,
  title: string,
  { apiVersion, kind, name = dashed(order.name), spec }: CustomResource,
): Omit<Step<Input>, 'needs'> {
  const refIn = (namespace: string): ManifestRef => ({ apiVersion, kind, name, namespace });
  const resource: BlueprintResource = {
    // No resource of a blueprint can bear such a name.
    name: order.id,
    ...{ apiVersion, kind, needs: [], reads: [], generated: {} },
    readiness: { by: 'health' },
    isWanted: () => true,
    ref: ({ environment }) => refIn(environment.namespace),
    manifest: (scope) => ({
      ...{ apiVersion, kind },
      metadata: { name, namespace: scope.environment.namespace },
      spec: spec(scope),
    }),
  };
  const { needs: _, ...step } = resourceStep(resource, name, []);
  return {
    ...{ ...step, id: order.id, title: `${title} ${name}` },
    undo: (asked, context) =>
      removeObject(
        environmentCluster(context),
        refIn(namespaceOf(asked.name)),
        ownershipLabels(context.request.key),
        context,
      ),
  };
}

export function removeCustomResource(
  { name: called }: Pick<PartOrder, 'name'>,
  { apiVersion, kind, name = dashed(called) }: Pick<CustomResource, 'apiVersion' | 'kind' | 'name'>,
  { cluster, namespace, name: environment }: KnownEnvironment,
  context: StepContext,
): Promise<StepOutcome> {
  const ref = { apiVersion, kind, name, namespace };
  return removeObject(context.cluster(cluster), ref, environmentLabels(environment), context);
}

/** `buildRunners` -> `build-runners`: the names of parts are words of expressions, those of objects are not. */
function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
