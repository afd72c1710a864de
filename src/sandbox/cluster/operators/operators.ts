/** The operators that the box can have; its seed says which it has. */

import type { OperatedKind } from '../../world-calls.ts';
import type { Controller } from '../controllers/loop.ts';
import { createAsSystem } from '../controllers/tools.ts';
import { asJson, at } from '../json.ts';
import type { ClusterWorld } from '../world.ts';
import { failureAnnotation } from '../world.ts';
import { argoCd } from './argo-cd.ts';
import { buckets, databases } from './claims.ts';
import { cyclops, cyclopsRemoval } from './cyclops.ts';
import { flux } from './flux.ts';
import { giantSwarm } from './giant-swarm.ts';
import { type Operator, operatorController } from './operator.ts';
import { pulumi } from './pulumi.ts';
import { runners } from './runners.ts';

/** By the name under which a seed asks for it. */
export const operators = {
  flux,
  'argo-cd': argoCd,
  cyclops,
  'giant-swarm': giantSwarm,
  pulumi,
  databases,
  buckets,
  runners,
} as const satisfies Record<string, Operator>;
export type OperatorName = keyof typeof operators;
export const operatorNames = Object.keys(operators) as [OperatorName, ...OperatorName[]];

/** Definitions first: their own controller serves them a moment later. */
export function plantOperators(world: ClusterWorld, names: readonly OperatorName[]): void {
  for (const name of names) {
    createAsSystem(
      world,
      'apiextensions.k8s.io/v1',
      'CustomResourceDefinition',
      undefined,
      operators[name].definition,
    );
  }
}

/** They do nothing while nothing of their kind is there. */
export function operatorControllers(world: ClusterWorld): Controller[] {
  return [
    ...Object.values(operators).map((operator) => operatorController(world, operator)),
    cyclopsRemoval(world),
  ];
}

/** Which kinds are looked after, and what is ordered to fail of them. */
export function operatedKinds(world: ClusterWorld): OperatedKind[] {
  return Object.values(operators).flatMap((operator): OperatedKind[] => {
    const spec = asJson(operator.definition).spec;
    const kind = String(at(spec, 'names', 'kind'));
    const apiVersion = `${at(spec, 'group')}/${at(spec, 'versions', 0, 'name')}`;
    if (!world.registry.byKind(apiVersion, kind)) return [];
    const failing = world.store
      .list(operator.storage)
      .filter(({ metadata }) => metadata.annotations?.[failureAnnotation] !== undefined)
      .map(({ metadata: { namespace = '', name } }) => ({ namespace, name }));
    const ordered = world.knobs.failNextResources.filter((one) => one.kind === kind).length;
    return [{ operator: operator.name, apiVersion, kind, failing, ordered }];
  });
}
