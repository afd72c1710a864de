/** The last step: everything is still there, and what it is reached by is remembered. */
import type { Step, StepContext } from '../../../core/action.ts';
import type { BlueprintOutputs } from '../../../core/blueprint.ts';
import { ProblemError, problem } from '../../../core/problem.ts';
import { listOf } from '../../../core/text.ts';
import type { Input } from '../create-input.ts';
import { agreedBlueprint } from '../order.ts';
import { environmentCluster } from './namespace-step.ts';
import { rememberedPlan } from './plan.ts';
import { scopeFor } from './room-for.ts';

export function handOverStep(needs: readonly string[]): Step<Input> {
  return {
    id: 'ready',
    title: 'Ready',
    needs,
    async do(asked, context) {
      const blueprint = agreedBlueprint(asked.blueprint, context);
      const observed = await everythingThere(context);
      const outputs = blueprint.outputs(scopeFor(blueprint, asked, context), observed);
      return {
        state: 'done',
        result: { readyAt: String(context.now), outputs: JSON.stringify(outputs) },
      };
    },
  };
}

export function handedOver(results: StepContext['results']): BlueprintOutputs {
  const { outputs } = results.ready ?? {};
  // Written by the step above and by nobody else.
  return outputs === undefined
    ? { url: '', links: [], secrets: [], notes: [] }
    : (JSON.parse(outputs) as BlueprintOutputs);
}

/** @throws ProblemError `conflict` naming what somebody deleted while the rest was being made. */
async function everythingThere(context: StepContext) {
  const cluster = environmentCluster(context);
  const objects = rememberedPlan(context.results).objects.filter(({ kind }) => kind !== 'Secret');
  const looked = await Promise.all(
    objects.map(async (object) => ({ object, found: await cluster.read(object) })),
  );
  const gone = looked.filter(({ found }) => !found).map(({ object }) => `${object.kind} ${object.name}`);
  if (gone.length > 0) {
    throw new ProblemError(
      problem(
        'conflict',
        `Somebody deleted ${listOf(gone)} while the environment was being made.`,
        'It was removed again. Ask who did it, then ask for it anew.',
      ),
    );
  }
  return Object.fromEntries(
    looked.flatMap(({ object, found }) => (found ? [[object.resource, found] as const] : [])),
  );
}
