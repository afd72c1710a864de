/**
 * What will be made, known before anything is: remembered with the first step, so that an undo takes back what was
 * made whatever has become of the blueprint meanwhile.
 */
import { z } from 'zod';
import type { StepContext, StepResult } from '../../../core/action.ts';
import {
  type Blueprint,
  type BlueprintResource,
  type BlueprintScope,
  type EnvironmentObject,
  partKinds,
} from '../../../core/blueprint.ts';
import { namespaceOf } from '../order.ts';

export interface PlannedPart {
  readonly name: string;
  readonly kind: (typeof partKinds)[number];
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface Made {
  readonly objects: readonly EnvironmentObject[];
  readonly parts: readonly PlannedPart[];
}

export function wantedResources(blueprint: Blueprint, scope: BlueprintScope): readonly BlueprintResource[] {
  return blueprint.resources.filter((resource) => resource.isWanted(scope));
}

export function planOf(blueprint: Blueprint, scope: BlueprintScope): Made {
  return {
    objects: wantedResources(blueprint, scope).map((resource) => ({
      resource: resource.name,
      ...resource.ref(scope),
    })),
    parts: blueprint.parts
      .filter((part) => part.isWanted(scope))
      .map((part) => ({ name: part.name, kind: part.kind, settings: part.settings(scope) })),
  };
}

export function planResult(made: Made): StepResult {
  return { objects: JSON.stringify(made.objects), parts: JSON.stringify(made.parts) };
}

/** What the step "namespace" remembered; nothing when it never came to its end. */
export function rememberedPlan(results: StepContext['results']): Made {
  const { objects = '[]', parts = '[]' } = results.namespace ?? {};
  return {
    objects: objectsSchema.parse(JSON.parse(objects)) as readonly EnvironmentObject[],
    parts: partsSchema.parse(JSON.parse(parts)),
  };
}

/** Whether it goes with the environment's namespace. */
export function isInside(object: EnvironmentObject, environment: string): boolean {
  return object.namespace === namespaceOf(environment);
}

const objectsSchema = z.array(
  z.object({
    resource: z.string(),
    apiVersion: z.string(),
    kind: z.string(),
    name: z.string(),
    namespace: z.string().optional(),
  }),
);

const partsSchema = z.array(
  z.object({ name: z.string(), kind: z.enum(partKinds), settings: z.record(z.string(), z.unknown()) }),
);
