/**
 * How an environment comes about: its namespace first, then its room, then what runs in it, each as soon as all that it
 * needs is ready, and beside it what lies elsewhere; at the end, what is handed over.
 */
import type { Step, StepContext } from '../../../core/action.ts';
import type { Blueprint, BlueprintScope } from '../../../core/blueprint.ts';
import type { Catalog } from '../../../core/catalog.ts';
import { ProblemError, problem } from '../../../core/problem.ts';
import type { Input } from '../create-input.ts';
import { scopeOf } from '../order.ts';
import { isPartStep, partNameOf, partStepId } from '../parts/part.ts';
import { partBuilders } from '../parts.ts';
import { handOverStep } from './hand-over-step.ts';
import { environmentCluster, namespaceStep } from './namespace-step.ts';
import { rememberedPlan, wantedResources } from './plan.ts';
import { resourceStep, resourceStepPrefix, undoResource } from './resource-step.ts';
import { roomPartsOf } from './room.ts';
import { roomFor } from './room-for.ts';

export function createSteps(asked: Input, catalog: Catalog): readonly Step<Input>[] {
  const blueprint = catalog.blueprints[asked.blueprint];
  const room = roomSteps(blueprint);
  // Gone in mid-run: what is left of the plan can only be taken back, by `undoForgotten`.
  const made = blueprint ? stepsIfItFits(blueprint, asked) : [];
  const before = [namespaceStep, ...room, ...made];
  return [...before, handOverStep(before.map(({ id }) => id))];
}

/** Takes back a step that today's blueprint no longer has, by what the run remembered. */
export function undoForgotten(id: string): Step<Input>['undo'] {
  if (id.startsWith(resourceStepPrefix)) return undoResource(id.slice(resourceStepPrefix.length));
  return isPartStep(id) ? partStep(partNameOf(id), id).undo : undefined;
}

function roomSteps(blueprint: Blueprint | undefined): Step<Input>[] {
  return roomPartsOf({ hasInstaller: blueprint?.hasInstaller === true }).map(({ id, title, manifest }) => ({
    id,
    title,
    needs: [namespaceStep.id],
    async do(asked, context) {
      const current = context.catalog.blueprints[asked.blueprint];
      if (!current) throw new ProblemError(blueprintGone(asked.blueprint));
      await environmentCluster(context).apply(manifest(roomFor(current, asked, context)));
      return { state: 'done' };
    },
  }));
}

/**
 * None when it was edited in mid-run and what was asked does not fit it any more (it takes other inputs, names what it
 * makes otherwise): a run whose plan threw could not even be taken back. Before a run begins the preview says so.
 */
function stepsIfItFits(blueprint: Blueprint, asked: Input): Step<Input>[] {
  try {
    return blueprintSteps(blueprint, asked);
  } catch {
    return [];
  }
}

function blueprintSteps(blueprint: Blueprint, asked: Input): Step<Input>[] {
  const scope = planScope(blueprint, asked);
  const resources = wantedResources(blueprint, scope);
  const isMade = (name: string) => resources.some((one) => one.name === name);
  const room = roomPartsOf(blueprint).map(({ id }) => id);
  return [
    ...resources.map((resource) =>
      resourceStep(resource, resource.ref(scope).name, [
        ...room,
        ...resource.needs.filter(isMade).map((name) => `${resourceStepPrefix}${name}`),
      ]),
    ),
    ...blueprint.parts
      .filter((part) => part.isWanted(scope))
      .map(({ name, kind }) => partStep(name, partBuilders[kind].title)),
  ];
}

/** Which steps there are does not depend on who asks: `when` and names speak of neither team nor owner. */
function planScope(blueprint: Blueprint, asked: Input): BlueprintScope {
  return scopeOf(blueprint, asked, { team: '', owner: '' });
}

/** Its settings are those that the first step remembered: filled in once, for whoever asked and their team. */
function partStep(name: string, title: string): Step<Input> {
  const id = partStepId(name);
  const built = ({ results }: StepContext) => {
    const part = rememberedPlan(results).parts.find((one) => one.name === name);
    return part && partBuilders[part.kind].step({ id, name, settings: part.settings });
  };
  return {
    ...{ id, title, needs: [namespaceStep.id] },
    async do(asked, context) {
      return (await built(context)?.do(asked, context)) ?? { state: 'done' };
    },
    async find(asked, context) {
      return built(context)?.find?.(asked, context);
    },
    async undo(asked, context) {
      return (await built(context)?.undo?.(asked, context)) ?? { state: 'done' };
    },
  };
}

function blueprintGone(name: string) {
  return problem(
    'not_found',
    `There is no blueprint "${name}" any more.`,
    'Ask again with another blueprint.',
  );
}
