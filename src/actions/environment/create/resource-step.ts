/** One resource of a blueprint: made, and waited for until it is ready. */
import type { Step, StepOutcome } from '../../../core/action.ts';
import type { BlueprintResource } from '../../../core/blueprint.ts';
import { formatDuration, minuteMs, secondMs } from '../../../core/duration.ts';
import { ProblemError, problem } from '../../../core/problem.ts';
import type { Input } from '../create-input.ts';
import { isOperated } from '../operated.ts';
import { agreedBlueprint, ownershipLabels } from '../order.ts';
import { foundNone, hadFoundNone } from '../parts/part.ts';
import { removeObject } from '../remove-object.ts';
import { bring, marked, observe } from './bring.ts';
import { environmentCluster } from './namespace-step.ts';
import { isInside, rememberedPlan } from './plan.ts';
import { scopeFor } from './room-for.ts';
import { refuseTakenSecret } from './secret.ts';
import { standingOf } from './standing.ts';

/** How long one resource may take to get ready before the attempt counts as failed. */
const readyMax = 10 * minuteMs;
const lookAgain = 2 * secondMs;

export const resourceStepPrefix = 'make-';

/** `called`: its name on the cluster, which is what people know it by. */
export function resourceStep(
  resource: BlueprintResource,
  called: string,
  needs: readonly string[],
): Step<Input> {
  const title = `${resource.kind} ${called}`;
  const id = `${resourceStepPrefix}${resource.name}`;
  return {
    ...{ id, title, needs },
    async do(asked, context): Promise<StepOutcome> {
      const blueprint = agreedBlueprint(asked.blueprint, context);
      const current = blueprint.resources.find(({ name }) => name === resource.name) ?? resource;
      const scope = scopeFor(blueprint, asked, context);
      const cluster = environmentCluster(context);
      const observed = await observe(
        cluster,
        blueprint.resources
          .filter(({ name }) => current.reads.includes(name))
          .map((one) => [one.name, one.ref(scope)]),
      );
      const manifest = marked(current.manifest(scope, observed), context);
      // A Secret is made once and never looked at: what is in it is nobody's business but the Pods'.
      if (current.kind === 'Secret') {
        if (!(await hadFoundNone(id, context))) {
          await refuseTakenSecret(cluster, current.ref(scope), context);
          return foundNone('there is none of that name');
        }
        await cluster.createSecret(manifest, current.generated);
        return { state: 'done' };
      }
      const found = await bring(cluster, current.ref(scope), manifest, context);
      const standing = await standingOf({ resource: current, found, scope, observed, cluster, context });
      if (standing.state === 'ready') {
        return standing.note === '' ? { state: 'done' } : { state: 'done', note: standing.note };
      }
      if (standing.state === 'failed') throw notReady(title, standing.note);
      if (context.now - context.waitingSince > readyMax) {
        throw notReady(title, `${standing.note.replace(/\.$/, '')} (after ${formatDuration(readyMax)})`);
      }
      // What is not there in a minute takes long: looking often would only cost calls.
      const isLong = context.now - context.waitingSince > minuteMs;
      return {
        state: 'waiting',
        note: withoutSubject(title, standing.note),
        againInMs: isLong ? 5 * lookAgain : lookAgain,
      };
    },
    undo: undoResource(resource.name),
  };
}

/** From what the run remembered, not from the blueprint of today. */
export function undoResource(name: string): NonNullable<Step<Input>['undo']> {
  return async (asked, context) => {
    const object = rememberedPlan(context.results).objects.find((one) => one.resource === name);
    // What lies in the namespace goes with it, in the step that is undone last; what an operator must end, before that.
    if (!object || (isInside(object, asked.name) && !isOperated(object))) return { state: 'done' };
    // Somebody else's had its name, which we may have no right to look at.
    const isTaken =
      object.kind === 'Secret' && !(await hadFoundNone(`${resourceStepPrefix}${name}`, context));
    if (isTaken) return { state: 'done' };
    return removeObject(environmentCluster(context), object, ownershipLabels(context.request.key), context);
  };
}

/** Behind the step's title the words need not name the object once more. */
function withoutSubject(title: string, words: string): string {
  const subject = `The ${title} `;
  return words.startsWith(subject) ? words.slice(subject.length) : words;
}

function notReady(title: string, why: string): ProblemError {
  const words = why.replace(/\.$/, '');
  return new ProblemError(
    problem(
      'step_failed',
      words.startsWith('The ') ? `${words}.` : `The ${title} did not become ready: ${words}.`,
      'The environment was removed again. Mend the cause and ask again.',
    ),
  );
}
