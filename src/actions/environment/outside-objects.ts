/** Objects of an environment that lie outside its namespace, where the catalog lets blueprints put them. */
import type { KnownEnvironment, StepContext, StepOutcome } from '../../core/action.ts';
import { secondMs } from '../../core/duration.ts';

/** Takes them away, the last made first: they do not go with the namespace. Safe to repeat. */
export async function removeOutsideObjects(
  { name, namespace, cluster, objects = [] }: KnownEnvironment,
  context: StepContext,
): Promise<StepOutcome> {
  const outside = objects.filter((object) => object.namespace !== namespace);
  for (const object of outside.toReversed()) {
    const removal = await context.cluster(cluster).remove(object, {
      'app.kubernetes.io/managed-by': 'greenlight',
      'greenlight.dev/environment': name,
    });
    if (removal.state === 'going')
      return { state: 'waiting', note: `waiting for ${removal.waitsFor}`, againInMs: 2 * secondMs };
  }
  return { state: 'done' };
}
