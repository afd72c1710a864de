/**
 * How an environment ends: what it has elsewhere at once and side by side, because a namespace may hang for long and
 * nobody is to keep a place in a team meanwhile; then what operators must end themselves, while all they need for that
 * is still there (Flux its ServiceAccount, Pulumi a Pod); the namespace with everything else last.
 */
import type { KnownEnvironment, Step, StepContext, StepOutcome } from '../../core/action.ts';
import { partKinds } from '../../core/blueprint.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { agreedIfThere } from './known.ts';
import { isOperated } from './operated.ts';
import { environmentLabels } from './order.ts';
import type { PartBuilder } from './parts/part.ts';
import { partBuilders, removeParts } from './parts.ts';
import { removeNamespace } from './remove-namespace.ts';
import { removeObjects } from './remove-object.ts';

interface Input {
  readonly name: string;
}

const kindsIn = (place: PartBuilder['liesIn']) =>
  partKinds.filter((kind) => partBuilders[kind].liesIn === place);

export const removalSteps: readonly Step<Input>[] = [
  ...kindsIn('elsewhere').map((kind) =>
    removalStep(`part-${kind}`, partBuilders[kind].title, [], (environment, context) =>
      removeParts(kind, environment, context),
    ),
  ),
  removalStep('objects', 'What operators look after', [], removeOperated),
  removalStep('namespace', 'Namespace', ['objects'], async (environment, context) => {
    const { cluster, namespace, name, requestId } = environment;
    const labels = environmentLabels(name);
    const outcome = await removeNamespace(context.cluster(cluster), namespace, labels, context);
    return outcome.state === 'done' ? { ...outcome, result: { removed: requestId } } : outcome;
  }),
];

async function removeOperated(environment: KnownEnvironment, context: StepContext): Promise<StepOutcome> {
  for (const kind of kindsIn('namespace')) {
    const outcome = await removeParts(kind, environment, context);
    if (outcome.state === 'waiting') return outcome;
  }
  const { name, namespace, cluster, objects = [] } = environment;
  // What lies outside the namespace (the catalog lets blueprints put it there) does not go with it either.
  const own = objects.filter((object) => object.namespace !== namespace || isOperated(object));
  return removeObjects(context.cluster(cluster), own.toReversed(), environmentLabels(name), context);
}

function removalStep(
  id: string,
  title: string,
  needs: readonly string[],
  remove: (environment: KnownEnvironment, context: StepContext) => Promise<StepOutcome>,
): Step<Input> {
  return {
    ...{ id, title, needs },
    async do(asked, context) {
      const environment = await agreedIfThere(asked.name, context);
      if (!environment) return { state: 'done', note: 'it was gone already' };
      const outcome = await remove(environment, context);
      return outcome.state === 'done' ? { ...outcome, result: { ...outcome.result, gone: 'yes' } } : outcome;
    },
    // Nothing brings back what has begun to go: whoever cancels then, or reads why it failed, is told so.
    async undo(asked, { results }) {
      if (results[id]?.gone === 'yes' && id !== 'namespace')
        return { state: 'done', note: 'it stays removed' };
      throw new ProblemError(removalBegun(title, asked.name));
    },
  };
}

function removalBegun(title: string, name: string) {
  return problem(
    'undo_failed',
    `The removal of ${name} (${title}) has begun and cannot be taken back.`,
    `Ask for it once more to see it through: /env destroy ${name}`,
  );
}
